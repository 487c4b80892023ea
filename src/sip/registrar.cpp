#include "sip/registrar.hpp"

#include "base/ascii.hpp"
#include "sip/next_hop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace holdfast::sip {

/// One Contact of a REGISTER, read and judged; nothing is changed before all are.
struct Registrar::Update {
    Binding binding;              // without id and instant
    std::uint32_t expires_s = 0;  // 0: remove
    BindingId known;
};

namespace {

std::uint16_t q_of(const NameAddr& contact) {
    const auto text = find_parameter(contact.parameters, "q");
    if (!text || text->empty()) return 1000;
    // qvalue: 0, 1 or 0.ddd (RFC 3261 25.1); anything else counts as not given.
    unsigned value = 0, digits = 0;
    if (text->front() == '1') return 1000;
    for (const char c : text->substr(std::min<std::size_t>(2, text->size()))) {
        if (!is_digit(c) || digits == 3) return 1000;
        value = value * 10 + static_cast<unsigned>(c - '0');
        ++digits;
    }
    for (; digits < 3; ++digits)
        value *= 10;
    return static_cast<std::uint16_t>(value);
}

std::string print(const Binding& binding, Instant now) {
    const auto left = std::max<Micros>(binding.expires - now, 0s) / 1s;
    auto out = fmt::format("<{}>;expires={}", binding.contact, left);
    if (binding.q != 1000) fmt::format_to(std::back_inserter(out), ";q=0.{:03}", binding.q);
    if (!binding.instance.empty())
        fmt::format_to(std::back_inserter(out), ";+sip.instance=\"{}\"", binding.instance);
    if (binding.reg_id != 0) fmt::format_to(std::back_inserter(out), ";reg-id={}", binding.reg_id);
    return out;
}

Binding read_binding(const Message& request,
                     const NameAddr& contact,
                     std::string_view aor,
                     const Hop& from) {
    Binding binding;
    binding.aor = aor;
    binding.contact = contact.uri.text;
    binding.q = q_of(contact);
    binding.instance = find_parameter(contact.parameters, "+sip.instance").value_or("");
    if (const auto id = find_parameter(contact.parameters, "reg-id"); !binding.instance.empty())
        binding.reg_id = id ? parse_number(*id, 0x7fff'ffff).value_or(0) : 0;
    binding.call_id = request.call_id();
    binding.cseq = request.cseq().number;
    for (const std::string_view value : request.values(Header::path))
        binding.path.emplace_back(value);
    binding.source = from;
    binding.behind_nat = behind_nat(request, from);
    binding.user_agent =
        BoundedText<limits::name_bytes>{request.first(Header::user_agent).value_or("")}.view();
    return binding;
}

}  // namespace

Registrar::Registrar(RegistrarSettings settings, Deadlines& deadlines)
    : settings_{settings}, deadlines_{deadlines} {}

RegistrarAnswer Registrar::refuse(int status, Header header, std::string value) {
    RegistrarAnswer answer{status, {}};
    if (header != Header::unknown) answer.headers.push_back({header, std::move(value)});
    return answer;
}

RegistrarAnswer Registrar::take(const Message& request,
                                std::string_view aor,
                                const Hop& from,
                                Instant now) {
    const auto contact = request.first(Header::contact);
    if (contact && *contact == "*") {
        if (const auto refused = remove_by_star(request, aor)) return *refused;
        return list(request, aor, now);
    }
    std::vector<Update> updates;
    if (const auto refused = read(request, aor, from, updates)) return *refused;
    for (const Update& update : updates)
        apply(update, now);
    return list(request, aor, now);
}

/// 10.3 step 6: `*` stands alone, with an Expires of zero.
std::optional<RegistrarAnswer> Registrar::remove_by_star(const Message& request,
                                                         std::string_view aor) {
    const auto contacts = request.values(Header::contact);
    const auto expires = request.first(Header::expires);
    if (std::ranges::distance(contacts) != 1 || !expires ||
        parse_number(*expires, 0xffff'ffff).value_or(1) != 0)
        return refuse(400);
    const auto found = by_aor_.find(aor);
    if (found == by_aor_.end()) return std::nullopt;
    for (const BindingId id : found->second) {
        const Entry& entry = *slots_.find(id);
        if (entry.call_id == request.call_id() && entry.cseq >= request.cseq().number)
            return refuse(500);
    }
    remove_all(aor);
    return std::nullopt;
}

/// 10.3 step 7: the expires parameter, else Expires, else our default.
std::optional<std::uint32_t> Registrar::expires_of(const Message& request,
                                                   const NameAddr& contact) const {
    auto text = find_parameter(contact.parameters, "expires");
    if (!text) text = request.first(Header::expires);
    // 20.19: a malformed value counts as the default.
    const auto wished = text
                            ? parse_number(*text, 0xffff'ffff).value_or(settings_.default_expires_s)
                            : settings_.default_expires_s;
    if (wished != 0 && wished < settings_.min_expires_s) return std::nullopt;
    return std::min(wished, settings_.max_expires_s);
}

Registrar::Entry* Registrar::same_binding(std::string_view aor, const Binding& wanted) {
    const auto found = by_aor_.find(aor);
    if (found == by_aor_.end()) return nullptr;
    const auto uri = parse_uri(wanted.contact);
    for (const BindingId id : found->second) {
        Entry& entry = *slots_.find(id);
        if (wanted.reg_id != 0 || entry.reg_id != 0) {  // RFC 5626 6: instance and reg-id
            if (wanted.reg_id == entry.reg_id && wanted.instance == entry.instance) return &entry;
            continue;
        }
        const auto own = parse_uri(entry.contact);
        if (own && uri && same_uri(*own, *uri)) return &entry;  // RFC 3261 19.1.4
    }
    return nullptr;
}

std::optional<RegistrarAnswer> Registrar::read(const Message& request,
                                               std::string_view aor,
                                               const Hop& from,
                                               std::vector<Update>& updates) {
    std::size_t added = 0;
    for (const std::string_view value : request.values(Header::contact)) {
        const auto contact = parse_name_addr(value);
        const bool usable = contact && (contact->uri.scheme == Uri::Scheme::sip ||
                                        contact->uri.scheme == Uri::Scheme::sips);
        if (!usable) return refuse(400);
        const auto expires = expires_of(request, *contact);
        if (!expires)
            return refuse(423, Header::min_expires, fmt::format("{}", settings_.min_expires_s));
        Update update{read_binding(request, *contact, aor, from), *expires, {}};
        if (const Entry* known = same_binding(aor, update.binding)) {
            // Of one Call-ID the CSeq numbers rise; else the request is aborted.
            if (known->call_id == request.call_id() && known->cseq >= request.cseq().number)
                return refuse(500);
            update.known = known->id;
        } else if (*expires != 0) {
            ++added;
        }
        updates.push_back(std::move(update));
    }
    const auto found = by_aor_.find(aor);
    const std::size_t bound = found == by_aor_.end() ? 0 : found->second.size();
    if (bound + added > limits::contacts_per_device || slots_.size() + added > most)
        return refuse(503, Header::retry_after, fmt::format("{}", settings_.min_expires_s));
    return std::nullopt;
}

void Registrar::apply(const Update& update, Instant now) {
    // The same Contact twice in one request: the second finds what the first made.
    Entry* entry = slots_.find(update.known);
    if (entry == nullptr) entry = same_binding(update.binding.aor, update.binding);
    if (update.expires_s == 0) {
        if (entry != nullptr) remove(entry->id, BindingChange::What::removed);
        return;
    }
    const bool added = entry == nullptr;
    const BindingId id = added ? slots_.take() : entry->id;
    entry = slots_.find(id);
    const Timer running = entry->timer;
    static_cast<Binding&>(*entry) = update.binding;
    entry->timer = running;
    entry->id = id;
    entry->expires = now + std::chrono::seconds{update.expires_s};
    if (added) by_aor_[entry->aor].push_back(id);
    arm(*entry);
    const auto what = added ? BindingChange::What::added : BindingChange::What::refreshed;
    changes_.push_back({what, *entry});
}

void Registrar::arm(Entry& entry) {
    deadlines_.arm(entry.timer, entry.expires, {DeadlineOwner::binding, 0, entry.id.value});
}

void Registrar::remove(BindingId id, BindingChange::What what) {
    Entry& entry = *slots_.find(id);
    deadlines_.stop(entry.timer);
    const auto found = by_aor_.find(entry.aor);
    std::erase(found->second, id);
    if (found->second.empty()) by_aor_.erase(found);
    changes_.push_back({what, entry});
    slots_.give_back(id);
}

void Registrar::deadline(const DeadlineKey& key, Instant now) {
    const Entry* entry = slots_.find(BindingId{key.id});
    if (entry != nullptr && entry->expires <= now) remove(entry->id, BindingChange::What::expired);
}

void Registrar::flow_closed(FlowId flow) {
    std::vector<BindingId> gone;
    slots_.for_each([&](BindingId id, Entry& entry) {
        if (entry.source.flow != flow) return;
        entry.source.flow = {};
        if (entry.reg_id != 0) gone.push_back(id);
    });
    for (const BindingId id : gone)
        remove(id, BindingChange::What::removed);
}

void Registrar::remove_all(std::string_view aor) {
    const auto found = by_aor_.find(aor);
    if (found == by_aor_.end()) return;
    for (const BindingId id : std::vector{found->second})
        remove(id, BindingChange::What::removed);
}

std::optional<BindingChange> Registrar::next_change() {
    if (changes_.empty()) return std::nullopt;
    auto change = std::move(changes_.front());
    changes_.pop_front();
    return change;
}

std::vector<const Binding*> Registrar::bindings(std::string_view aor) const {
    std::vector<const Binding*> out;
    const auto found = by_aor_.find(aor);
    if (found == by_aor_.end()) return out;
    for (auto id = found->second.rbegin(); id != found->second.rend(); ++id)
        out.push_back(slots_.find(*id));
    std::ranges::stable_sort(out, std::ranges::greater{}, &Binding::q);
    return out;
}

RegistrarAnswer Registrar::list(const Message& request, std::string_view aor, Instant now) const {
    RegistrarAnswer answer{200, {}};
    bool outbound = false;
    for (const Binding* binding : bindings(aor)) {
        answer.headers.push_back({Header::contact, print(*binding, now)});
        outbound = outbound || binding->reg_id != 0;
    }
    for (const std::string_view value : request.values(Header::path))  // RFC 3327 5.3
        answer.headers.push_back({Header::path, std::string{value}});
    if (outbound && request.lists(Header::supported, "outbound"))  // RFC 5626 6
        answer.headers.push_back({Header::require, "outbound"});
    return answer;
}

bool Registrar::restore(const Binding& kept, Instant now) {
    const auto found = by_aor_.find(kept.aor);
    const bool full = found != by_aor_.end() && found->second.size() >= limits::contacts_per_device;
    if (kept.expires <= now || full || !slots_.take(kept.id)) return false;
    Entry& entry = *slots_.find(kept.id);
    static_cast<Binding&>(entry) = kept;
    entry.source.flow = {};  // connections died with their process
    by_aor_[kept.aor].push_back(kept.id);
    arm(entry);
    return true;
}

}  // namespace holdfast::sip
