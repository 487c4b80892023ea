#include "engine/trunks.hpp"

#include "engine/identity.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::engine {
namespace {

constexpr int most_unanswered = 2;
constexpr Micros relocate_every = 300s;  // the DNS may have changed its mind

bool in_range(const PeerRange& range, const IpAddress& address) {
    if (range.address.family != address.family) return false;
    unsigned bits = range.prefix_bits;
    for (std::size_t i = 0; bits > 0; ++i) {
        const unsigned here = std::min(bits, 8u);
        const unsigned mask = 0xff00u >> here & 0xffu;
        if (((range.address.bytes[i] ^ address.bytes[i]) & mask) != 0) return false;
        bits -= here;
    }
    return true;
}

sip::LocationSettings location_settings(const Settings& s) {
    sip::LocationSettings l{false, false, false, false, false};
    for (const auto& listener : s.listeners) {
        l.udp |= listener.transport == sip::Transport::udp;
        l.tcp |= listener.transport == sip::Transport::tcp;
        l.tls |= listener.transport == sip::Transport::tls;
        l.v4 |= listener.bind.address.family == IpAddress::Family::v4;
        l.v6 |= listener.bind.address.family == IpAddress::Family::v6;
    }
    return l;
}

}  // namespace

Trunks::Trunks(Context& context, Alarms& alarms)
    : context_{context},
      alarms_{alarms},
      states_(context.settings.trunks.size()),
      locator_{location_settings(context.settings), context.deadlines, context.random} {}

void Trunks::start() {
    std::vector<IpAddress> trusted;
    for (std::uint32_t i = 1; i <= states_.size(); ++i) {
        const TrunkId trunk{i};
        for (const auto& peer : settings(trunk).peers)
            trusted.push_back(peer.address);
        if (settings(trunk).server_uri.empty())
            state(trunk).up = true;  // for calls in
        else
            locate(trunk);
    }
    context_.sip.trust(trusted);
}

TrunkId Trunks::of_source(const sip::Hop& from) const {
    const auto& address = from.remote.address;
    for (std::uint32_t i = 1; i <= states_.size(); ++i) {
        const auto& t = settings(TrunkId{i});
        if (std::ranges::any_of(t.peers, [&](auto& p) { return in_range(p, address); }))
            return TrunkId{i};
        if (std::ranges::any_of(states_[i - 1].places, [&](const sip::Location& place) {
                return place.endpoint.address == address;
            }))
            return TrunkId{i};
    }
    return {};
}

std::string Trunks::dialled_number(TrunkId trunk, const sip::Message& invite) const {
    const auto user = sip::unescape(invite.request_uri().user);
    const bool is_contact = settings(trunk).registers && user == settings(trunk).user;
    return is_contact ? sip::unescape(invite.to().uri.user) : user;
}

std::string Trunks::server_host(TrunkId trunk) const {
    const auto uri = sip::parse_uri(settings(trunk).server_uri);
    std::string host{uri->host};
    return uri->bracketed ? "[" + host + "]" : host;
}

std::optional<sip::Hop> Trunks::hop_to(TrunkId trunk, const sip::Location& place) const {
    const auto& all = context_.settings.listeners;
    const auto fits = [&](ListenerId id) {
        const auto& l = all[id.value - 1];
        return l.transport == place.transport &&
               l.bind.address.family == place.endpoint.address.family;
    };
    ListenerId listener = settings(trunk).listener;
    for (std::uint32_t i = 1; i <= all.size() && (!listener || !fits(listener)); ++i)
        listener = fits(ListenerId{i}) ? ListenerId{i} : listener;
    if (!listener || !fits(listener)) return std::nullopt;
    return sip::Hop{place.transport, listener, {}, place.endpoint};
}

std::string Trunks::own_contact(TrunkId trunk, const sip::Hop& hop) const {
    const auto& t = settings(trunk);
    const auto host = own_host(context_.settings, hop.listener);
    std::string contact = fmt::format("<{}", own_uri(t.user.empty() ? "acd" : t.user, host));
    if (hop.transport != sip::Transport::udp)
        contact += hop.transport == sip::Transport::tcp ? ";transport=tcp" : ";transport=tls";
    return contact + ">";
}

std::optional<TrunkTarget> Trunks::target(TrunkId trunk,
                                          const std::string& number,
                                          bool emergency) const {
    const auto& s = states_[trunk.value - 1];
    if (s.places.empty() || (!s.up && !emergency)) return std::nullopt;
    const auto& server = settings(trunk).server_uri;
    const auto colon = server.find(':');
    const auto at = server.find('@');
    TrunkTarget target;
    target.request_uri = fmt::format("{}:{}@{}",
                                     server.substr(0, colon),
                                     sip::escape_user(number),
                                     server.substr((at == server.npos ? colon : at) + 1));
    for (const auto& place : s.places)
        if (const auto hop = hop_to(trunk, place)) {
            target.hops.push_back(*hop);
            target.tls_names.push_back(place.tls_name);
        }
    return target.hops.empty() ? std::nullopt : std::optional{std::move(target)};
}

std::string Trunks::state_text(TrunkId trunk) const {
    const auto& s = states_[trunk.value - 1];
    if (settings(trunk).server_uri.empty()) return "inbound only";
    if (s.places.empty()) return "not found";
    if (s.registration) return std::string{text(s.registration->state())};
    return s.up ? "up" : "down";
}

void Trunks::locate(TrunkId trunk) {
    const auto lookup = locator_.locate(settings(trunk).server_uri, context_.now);
    if (lookup) lookups_[lookup] = trunk;
    drain_locator();
}

void Trunks::drain_locator() {
    while (const auto question = locator_.next_question())
        context_.out.push_back(Resolve{*question});
    while (auto found = locator_.next_located()) {
        const auto it = lookups_.find(found->lookup);
        if (it == lookups_.end()) continue;
        const TrunkId trunk = it->second;
        lookups_.erase(it);
        located(trunk, std::move(found->locations));
    }
}

void Trunks::located(TrunkId trunk, std::vector<sip::Location> places) {
    const auto& t = settings(trunk);
    auto& s = state(trunk);
    if (!places.empty()) s.places = std::move(places);
    if (s.places.empty()) {
        set_up(trunk, false, "its name leads nowhere; check server in the settings, and the DNS");
    } else if (t.registers && !s.registration) {
        sip::RegistrationSettings r;
        r.id = trunk.value;
        r.registrar_uri = fmt::format("sip:{}", server_host(trunk));
        r.aor = fmt::format(
            "sip:{}@{}", t.user, t.from_domain.empty() ? server_host(trunk) : t.from_domain);
        r.expires_s = t.expires_s;
        r.credentials = {t.auth_user, t.password, t.realm};
        for (const auto& place : s.places)
            if (const auto hop = hop_to(trunk, place))
                r.targets.push_back({*hop, place.tls_name, own_contact(trunk, *hop)});
        s.registration =
            std::make_unique<sip::Registration>(std::move(r), context_.deadlines, context_.random);
        s.registration->start(context_.now);
        drain_registration(trunk);
    } else if (!t.registers && t.options_every == 0s) {
        set_up(trunk, true, {});
    } else if (!t.registers && !s.up) {
        supervise(trunk);
    }
    const Micros every = t.options_every > 0s ? t.options_every : relocate_every;
    if (!context_.deadlines.running(s.timer))
        context_.deadlines.arm(
            s.timer, context_.now + every, {DeadlineOwner::trunk, 0, trunk.value});
}

void Trunks::deadline(TrunkId trunk) {
    const auto& t = settings(trunk);
    if (!state(trunk).places.empty() && !t.registers && t.options_every > 0s) supervise(trunk);
    const Micros every = t.options_every > 0s ? t.options_every : relocate_every;
    context_.deadlines.arm(
        state(trunk).timer, context_.now + every, {DeadlineOwner::trunk, 0, trunk.value});
    locate(trunk);  // from the cache, until its time is over
}

void Trunks::supervise(TrunkId trunk) {
    const auto& s = states_[trunk.value - 1];
    const auto hop = hop_to(trunk, s.places.front());
    if (!hop) return set_up(trunk, false, "no [[listen]] has its transport");
    sip::RequestOrder order;
    order.method = sip::Method::options;
    order.request_uri = settings(trunk).server_uri;
    order.target = *hop;
    order.tls_name = s.places.front().tls_name;
    order.from_uri = own_uri("acd", own_host(context_.settings, hop->listener));
    order.to_uri = order.request_uri;
    order.contact = own_contact(trunk, *hop);
    if (const auto request = context_.sip.request(order, context_.now))
        requests_[request] = {trunk, false};
}

bool Trunks::answered(const sip::RequestAnswered& answer) {
    const auto it = requests_.find(answer.request);
    if (it == requests_.end()) return false;
    const auto [trunk, registration] = it->second;
    requests_.erase(it);
    auto& s = state(trunk);
    if (registration) {
        s.registration->answered(answer.status, answer.message, context_.now);
        drain_registration(trunk);
        return true;
    }
    // A refusal shows that somebody is there; 503 that it wants no calls (RFC 3261 21.5.4).
    if (answer.message != nullptr && answer.status != 503) {
        s.unanswered = 0;
        set_up(trunk, true, {});
    } else if (++s.unanswered >= most_unanswered || !s.up) {
        set_up(trunk,
               false,
               answer.message == nullptr ? "it does not answer OPTIONS" : "it answers 503");
        // The next server of the list is asked next time (RFC 3263 4.3).
        std::rotate(s.places.begin(), s.places.begin() + 1, s.places.end());
    }
    return true;
}

void Trunks::set_up(TrunkId trunk, bool up, std::string_view why) {
    auto& s = state(trunk);
    const auto id = fmt::format("trunk-{}", settings(trunk).name);
    if (up)
        alarms_.clear(id);
    else
        alarms_.raise(id, fmt::format("trunk {}: {}", settings(trunk).name, why));
    if (std::exchange(s.up, up) != up)
        context_.log(LogLevel::info, "trunk {} is {}", settings(trunk).name, up ? "up" : "down");
}

void Trunks::drain_registration(TrunkId trunk) {
    using What = sip::RegistrationNews::What;
    auto& r = *state(trunk).registration;
    while (const auto order = r.next_request()) {
        const auto request = context_.sip.request(*order, context_.now);
        if (request)
            requests_[request] = {trunk, true};
        else
            r.answered(503, nullptr, context_.now);
    }
    while (const auto news = r.next_news()) {
        if (news->what == What::registered)
            set_up(trunk, true, {});
        else
            set_up(trunk,
                   r.bound_until() > context_.now,
                   fmt::format("registration failed ({}); check server, user, password and realm",
                               news->status));
    }
}

void Trunks::registration_deadline(const DeadlineKey& key) {
    const TrunkId trunk{key.id};
    state(trunk).registration->deadline(key, context_.now);
    drain_registration(trunk);
}

void Trunks::locate_deadline(const DeadlineKey& key) {
    locator_.deadline(key, context_.now);
    drain_locator();
}

void Trunks::resolved(const Resolved& resolved) {
    locator_.answer(resolved.question, resolved.answer, context_.now);
    drain_locator();
}

}  // namespace holdfast::engine
