#include "engine/phones.hpp"

#include "engine/identity.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace holdfast::engine {
namespace {

// A phone that does not answer OPTIONS by then is asked once more, and then counted as lost.
constexpr Micros answers_within = 4s;
constexpr int most_unanswered = 2;

sip::RegistrarSettings registrar_settings(const RegistrarSettings& s) {
    return {s.least_expires_s, s.most_expires_s, s.default_expires_s};
}

std::string_view why_of(sip::Verdict verdict) {
    switch (verdict) {
        case sip::Verdict::malformed:
            return "malformed";
        case sip::Verdict::replayed:
            return "replayed";
        case sip::Verdict::ok:
        case sip::Verdict::no_credentials:
        case sip::Verdict::wrong:
        case sip::Verdict::stale:
            break;
    }
    return "wrong-credentials";
}

/// What a stranger wrote, fit for a line of the log.
std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, 40))
        out += c > ' ' && c < 0x7f && c != '=' ? c : '?';
    return out;
}

}  // namespace

Phones::Phones(Context& context)
    : context_{context},
      registrar_{registrar_settings(context.settings.registrar), context.deadlines},
      pings_(context.settings.devices.size()) {
    const auto& s = context.settings;
    for (std::uint32_t i = 0; i < s.devices.size(); ++i) {
        const auto& d = s.devices[i];
        secrets_.push_back(sip::digest_secret(d.auth_user, s.registrar.realm, d.password));
        by_user_.emplace(d.auth_user, DeviceId{i + 1});
    }
}

void Phones::start(std::string_view secret, std::uint64_t boot) {
    sip::DigestServerSettings s;
    s.realm = context_.settings.registrar.realm;
    s.offers_sha256 = context_.settings.registrar.offers_sha256;
    std::memcpy(s.secret.data(), secret.data(), std::min(secret.size(), s.secret.size()));
    s.start = static_cast<std::uint32_t>(boot ^ boot >> 32);
    digest_ = std::make_unique<sip::DigestServer>(std::move(s), context_.random);
}

bool Phones::silenced(std::string_view bytes, const sip::Hop& from) {
    if (!screening_.knows(from.remote.address)) return false;
    sip::Message message;
    if (!message.read(bytes) || !message.is_request() || !message.to_tag().empty()) return false;
    const auto claimed = digest_->credentials(message);
    const std::string_view user = claimed ? claimed->username : std::string_view{};
    return !screening_.allows(user, from.remote.address, context_.now);
}

Phones::Judged Phones::judge(const sip::Message& message, const sip::Hop& from) {
    Judged judged;
    const auto& source = from.remote.address;
    const auto claimed = digest_->credentials(message);
    const std::string_view user = claimed ? claimed->username : std::string_view{};
    const auto known = by_user_.find(std::string{user});
    const DeviceId device = known == by_user_.end() ? DeviceId{} : known->second;
    const auto verdict = digest_->check(
        message, device ? &secrets_[device.value - 1] : nullptr, source, context_.now);
    if (verdict == sip::Verdict::ok && device) {
        screening_.succeeded(user, source);
        judged.device = device;
        return judged;
    }
    const bool stale = verdict == sip::Verdict::stale || verdict == sip::Verdict::replayed;
    if (verdict != sip::Verdict::no_credentials && verdict != sip::Verdict::stale) {
        screening_.failed(user, source, context_.now);
        note_refusal(message, from, user, why_of(verdict));
    }
    digest_->challenge(judged.challenge, source, context_.now, stale);
    return judged;
}

/// One stable line a refusal, for whoever bans sources by the log.
void Phones::note_refusal(const sip::Message& message,
                          const sip::Hop& from,
                          std::string_view user,
                          std::string_view why) {
    ++refused_;
    context_.log(LogLevel::warning,
                 "auth-fail reason={} src={}:{} proto={} user={} method={}",
                 why,
                 text_of(from.remote.address).view(),
                 from.remote.port,
                 text_of(from.transport),
                 printable(user),
                 printable(message.method_text()));
}

void Phones::register_request(const sip::RequestArrived& request, DeviceId device) {
    const auto& message = *request.message;
    const auto respond = [&](int status, std::span<const sip::ExtraHeader> headers) {
        context_.sip.respond(request.transaction, status, headers, {}, {}, context_.now);
    };
    if (sip::unescape(message.to().uri.user) != aor(device)) return respond(403, {});
    const auto answer = registrar_.take(message, aor(device), request.from, context_.now);
    respond(answer.status, answer.headers);
    drain_registrar();
    if (answer.status == 200 && registered(device)) heard_of(device);
}

DeviceId Phones::device_of(std::string_view aor) const {
    const auto& devices = context_.settings.devices;
    const auto it = std::ranges::find(devices, aor, &DeviceSettings::name);
    if (it == devices.end()) return {};
    return DeviceId{static_cast<std::uint32_t>(it - devices.begin()) + 1};
}

/// Follows what became of bindings: the first brings the phone, the end of the last loses it.
void Phones::drain_registrar() {
    using What = sip::BindingChange::What;
    while (const auto change = registrar_.next_change()) {
        changed_.push_back(change->binding.id);
        note_source(change->binding);
        const DeviceId device = device_of(change->binding.aor);
        if (!device) continue;
        auto& ping = pings_[device.value - 1];
        if (change->what == What::added && !ping.waiting) await_ping(device);
        if (registered(device)) continue;
        context_.deadlines.stop(ping.timer);
        ping = {};
        context_.floor.device_lost(device, {context_.now, context_.now});
    }
}

/// Keeps the index of sources true for a binding that came, moved or went.
void Phones::note_source(const sip::Binding& binding) {
    if (const auto known = source_of_.find(binding.id); known != source_of_.end()) {
        const auto at = sources_.find(known->second);
        if (--at->second == 0) sources_.erase(at);
        source_of_.erase(known);
    }
    if (const auto* now = registrar_.find(binding.id)) {
        source_of_[binding.id] = now->source.remote;
        ++sources_[now->source.remote];
    }
}

std::vector<PhoneContact> Phones::contacts(DeviceId device) const {
    std::vector<PhoneContact> contacts;
    for (const auto* b : registrar_.bindings(aor(device))) {
        PhoneContact c;
        c.request_uri = b->contact;
        c.route = b->path;
        c.hop = b->source;
        c.fixed_hop = b->behind_nat || b->source.transport != sip::Transport::udp;
        // Without a NAT the Contact says where the phone listens, which need not be where it sends
        // from (RFC 3581 is not everywhere).
        if (!c.fixed_hop)
            if (const auto uri = sip::parse_uri(b->contact))
                if (const auto address = uri->host_address())
                    c.hop.remote = {*address, uri->port == 0 ? std::uint16_t{5060} : uri->port};
        contacts.push_back(std::move(c));
    }
    return contacts;
}

bool Phones::registered(DeviceId device) const {
    return !registrar_.bindings(aor(device)).empty();
}

Micros Phones::registered_for(DeviceId device) const {
    Instant until = context_.now;
    for (const auto* binding : registrar_.bindings(aor(device)))
        until = std::max(until, binding->expires);
    return until - context_.now;
}

bool Phones::reachable(DeviceId device) const {
    return registered(device) && !pings_[device.value - 1].lost;
}

void Phones::binding_deadline(const DeadlineKey& key) {
    registrar_.deadline(key, context_.now);
    drain_registrar();
}

void Phones::flow_closed(FlowId flow) {
    registrar_.flow_closed(flow);
    drain_registrar();
}

void Phones::probe(DeviceId device, LegId silent) {
    auto& ping = pings_[device.value - 1];
    ping.silent.push_back(silent);
    if (!registered(device)) return lost(device, ping);
    if (!ping.waiting) send_ping(device, ping);
}

void Phones::send_ping(DeviceId device, Ping& ping) {
    const auto contacts = this->contacts(device);
    if (contacts.empty()) return;
    const auto& to = contacts.front();
    const auto host = own_host(context_.settings, to.hop.listener);
    sip::RequestOrder order;
    order.method = sip::Method::options;
    order.request_uri = to.request_uri;
    order.target = to.hop;
    order.route = to.route;
    order.from_uri = own_uri("acd", host);
    order.to_uri = own_uri(aor(device), host);
    order.contact = fmt::format("<{}>", order.from_uri);
    ping.request = context_.sip.request(order, context_.now);
    if (!ping.request) return;
    requests_[ping.request] = device;
    ping.waiting = true;
    context_.deadlines.arm(
        ping.timer, context_.now + answers_within, {DeadlineOwner::device, 0, device.value});
}

/// The next OPTIONS of the phone's routine; none where the settings have none.
void Phones::await_ping(DeviceId device) {
    auto& timer = pings_[device.value - 1].timer;
    const Micros every = context_.settings.registrar.options_every;
    if (every > 0s)
        context_.deadlines.arm(
            timer, context_.now + every, {DeadlineOwner::device, 0, device.value});
    else
        context_.deadlines.stop(timer);
}

void Phones::ping_deadline(DeviceId device) {
    auto& ping = pings_[device.value - 1];
    if (ping.waiting) return missed(device, ping);
    if (registered(device)) send_ping(device, ping);
}

void Phones::missed(DeviceId device, Ping& ping) {
    requests_.erase(ping.request);
    ping.waiting = false;
    if (++ping.unanswered < most_unanswered) return send_ping(device, ping);
    lost(device, ping);
    const auto every = std::max<Micros>(context_.settings.registrar.options_every, answers_within);
    context_.deadlines.arm(
        ping.timer, context_.now + every, {DeadlineOwner::device, 0, device.value});
}

void Phones::lost(DeviceId device, Ping& ping) {
    if (!std::exchange(ping.lost, true))
        context_.log(LogLevel::warning, "phone {} does not answer", aor(device));
    const acd::When when{context_.now, context_.now};
    for (const LegId leg : std::exchange(ping.silent, {}))
        dead_legs_.push_back(leg);
    context_.floor.device_lost(device, when);
}

bool Phones::answered(const sip::RequestAnswered& answer) {
    const auto it = requests_.find(answer.request);
    if (it == requests_.end()) return false;
    const DeviceId device = it->second;
    requests_.erase(it);
    auto& ping = pings_[device.value - 1];
    ping.waiting = false;
    // Any answer of its own shows that it lives, a refusal too.
    if (answer.message == nullptr)
        missed(device, ping);
    else
        heard_of(device);
    return true;
}

void Phones::heard_of(DeviceId device) {
    auto& ping = pings_[device.value - 1];
    ping.unanswered = 0;
    ping.silent.clear();
    if (ping.waiting) {
        requests_.erase(ping.request);
        ping.waiting = false;
    }
    if (!registered(device)) return;
    if (std::exchange(ping.lost, false))
        context_.log(LogLevel::info, "phone {} answers again", aor(device));
    await_ping(device);
    context_.floor.device_returned(device, {context_.now, context_.now});
}

void Phones::restore(const sip::Binding& binding) {
    if (!device_of(binding.aor) || !registrar_.restore(binding, context_.now))
        changed_.push_back(binding.id);  // its record goes
    note_source(binding);
}

void Phones::resume() {
    for (std::uint32_t i = 1; i <= pings_.size(); ++i) {
        const DeviceId device{i};
        if (registered(device)) {
            await_ping(device);
        } else if (context_.floor.agent_at(device)) {
            context_.floor.device_lost(device, {context_.now, context_.now});
        }
    }
}

}  // namespace holdfast::engine
