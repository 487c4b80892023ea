// What the SIP side tells: new calls, answers, ends, requests of phones and trunks.
#include "engine/engine_impl.hpp"
#include "engine/identity.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace holdfast::engine {
namespace {

std::string contact_user(const std::string& text) {
    const auto uri = sip::parse_uri(text);
    return uri ? std::string{uri->user} : std::string{};
}

}  // namespace

/// The token bucket of new calls from outside. Emergency calls and calls of our phones pass by.
bool Engine::Impl::admits_call() {
    const double most = settings_.calls_per_second;
    const std::chrono::duration<double> since = context_.now - tokens_filled_;
    call_tokens_ = std::min(most, call_tokens_ + since.count() * most);
    tokens_filled_ = context_.now;
    if (refuse_calls_ || call_tokens_ < 1 || floor_.call_count() >= limits::calls) return false;
    call_tokens_ -= 1;
    return true;
}

/// Whether a message reached us that is worth taking at all.
void Engine::Impl::take_message(std::string_view bytes, const sip::Hop& from) {
    if (phones_.silenced(bytes, from)) return;
    sip_.take(bytes, from, context_.at, context_.now);
    settle();
}

void Engine::Impl::on(const sip::InviteArrived& event) {
    if (const int status = refusals_.status_of(*event.message))
        return sip_.refuse(event.session, status, {}, context_.now);
    const TrunkId trunk = trunks_.of_source(event.from);
    if (trunk && !phones_.registered_from(event.from)) return trunk_invite(event, trunk);
    const auto judged = phones_.judge(*event.message, event.from);
    if (!judged.device) return sip_.refuse(event.session, 401, judged.challenge, context_.now);
    phone_invite(event, judged.device);
}

void Engine::Impl::trunk_invite(const sip::InviteArrived& event, TrunkId trunk) {
    const auto& t = settings_.trunks[trunk.value - 1];
    // RFC 3891 3: whoever may not take the place of another is refused, never just called in.
    if (event.message->has(sip::Header::replaces))
        return sip_.refuse(event.session, 403, {}, context_.now);
    if (legs_.calls_of(trunk) >= t.most_calls || !admits_call())
        return sip_.refuse(event.session,
                           503,
                           std::array{sip::ExtraHeader{sip::Header::retry_after, "5"}},
                           context_.now);
    const auto dialled = trunks_.dialled_number(trunk, *event.message);
    const auto to = inbound_destination(settings_, trunk, dialled);
    const auto* queue = std::get_if<ToQueue>(&to);
    const auto* agent = std::get_if<ToAgent>(&to);
    if (queue == nullptr && agent == nullptr) {
        context_.log(LogLevel::info,
                     "trunk {}: a call for a number that no queue and no agent has; name it in "
                     "numbers of a [[queue]] or an [[agent]], or rewrite it by called_in of the "
                     "trunk",
                     t.name);
        return sip_.refuse(event.session, 404, {}, context_.now);
    }
    const auto identity = identity_of(*event.message, t);
    const auto& codecs = t.codecs.empty() ? settings_.media.codecs : t.codecs;
    Leg& leg =
        legs_.arrived(Role::caller, event.session, event.message->body(), event.from, codecs);
    legs_.assign(leg, trunk);
    if (agent != nullptr)
        return transfers_.call_in(
            leg, {identity.number, identity.name, dialled, trunk, {}, {}}, agent->agent);
    queue_calls_.arrived(leg, {identity.number, identity.name, dialled, trunk, queue->queue, {}});
}

/// An agent asks a queue: who answers is a colleague, and the wait is in the ledger as any other.
void Engine::Impl::call_queue(const sip::InviteArrived& event, DeviceId device, QueueId queue) {
    const AgentId agent = floor_.agent_at(device);
    const auto& who = settings_.floor.agents[agent.value - 1];
    Leg& leg = legs_.arrived(
        Role::caller, event.session, event.message->body(), event.from, settings_.media.codecs);
    leg.device = device;
    leg.agent = agent;
    const auto dialled = sip::unescape(event.message->request_uri().user);
    queue_calls_.arrived(leg, {who.number, who.name, dialled, {}, queue, agent});
}

void Engine::Impl::phone_invite(const sip::InviteArrived& event, DeviceId device) {
    phones_.heard_of(device);
    const AgentId agent = floor_.agent_at(device);
    const auto service =
        agent ? settings_.floor.agents[agent.value - 1].class_of_service : std::uint32_t{0};
    const auto to =
        phone_destination(settings_, service, sip::unescape(event.message->request_uri().user));
    const auto* outside = std::get_if<ToTrunk>(&to);
    const bool without_login =
        std::holds_alternative<ToCode>(to) || (outside != nullptr && outside->emergency);
    const bool replaces_another = event.message->has(sip::Header::replaces);
    if (!agent && (!without_login || replaces_another))
        return sip_.refuse(event.session, 403, {}, context_.now);
    if (std::holds_alternative<ToNobody>(to) && !replaces_another)
        return sip_.refuse(event.session, 404, {}, context_.now);
    if (const auto* queue = std::get_if<ToQueue>(&to); queue != nullptr && !replaces_another)
        return call_queue(event, device, queue->queue);
    Leg& leg = legs_.arrived(
        Role::dialler, event.session, event.message->body(), event.from, settings_.media.codecs);
    leg.device = device;
    if (replaces_another) return transfers_.replace(leg, agent, *event.message);
    if (const auto* code = std::get_if<ToCode>(&to))
        code_dialled(leg, agent, *code);
    else if (const auto* colleague = std::get_if<ToAgent>(&to))
        dials_.to_colleague(leg, agent, colleague->agent);
    else
        dials_.to_outside(leg, agent, *outside);
}

void Engine::Impl::code_dialled(Leg& leg, AgentId agent, const ToCode& code) {
    if (code.code == ToCode::Code::park)
        transfers_.fetch(leg, agent, code.rest);
    else
        features_.begin(leg, code);
}

void Engine::Impl::on(const sip::SessionRang& event) {
    Leg* leg = legs_.of_session(event.session);
    if (leg == nullptr) return;
    if (leg->device) phones_.heard_of(leg->device);
    legs_.rang(*leg, event.status, event.sdp);
}

void Engine::Impl::on(const sip::SessionAnswered& event) {
    Leg* leg = legs_.of_session(event.session);
    if (leg == nullptr) return sip_.end(event.session, {}, context_.now);
    if (leg->device) phones_.heard_of(leg->device);
    legs_.accepted(*leg, event.sdp);
}

void Engine::Impl::on(const sip::SessionRefused& event) {
    Leg* leg = legs_.of_session(event.session);
    if (leg == nullptr) return;
    if (leg->device && event.status != 408 && event.status != 503) phones_.heard_of(leg->device);
    legs_.refused(*leg, event.status, event.contact);
}

void Engine::Impl::on(const sip::SessionAcked& event) {
    Leg* leg = legs_.of_session(event.session);
    if (leg != nullptr && legs_.acked(*leg, event.sdp)) hold_changed(*leg);
}

void Engine::Impl::on(const sip::OfferArrived& event) {
    Leg* leg = legs_.of_session(event.session);
    if (leg == nullptr) return sip_.refuse_offer(event.session, 481, context_.now);
    if (legs_.reoffered(*leg, event.sdp)) hold_changed(*leg);
}

void Engine::Impl::on(const sip::OfferAnswered& event) {
    Leg* leg = legs_.of_session(event.session);
    if (leg != nullptr && legs_.reoffer_answered(*leg, event.sdp)) hold_changed(*leg);
}

/// The peer of a leg holds or resumes, in whatever form it says so.
void Engine::Impl::hold_changed(Leg& leg) {
    hold_codes_.finish(leg.id);  // what was pressed just before is said of this hold
    if (conferences_.has(leg)) return conferences_.hold_changed(leg);
    if (leg.dial)
        dials_.hold_changed(leg);
    else
        queue_calls_.hold_changed(leg);
}

void Engine::Impl::on(const sip::SessionEnded& event) {
    if (Leg* leg = legs_.of_session(event.session)) end_leg(*leg, event.cause);
}

void Engine::Impl::end_leg(Leg& leg, sip::EndCause cause) {
    if (conferences_.has(leg)) return conferences_.left(leg, cause);
    switch (leg.role) {
        case Role::caller:
            return queue_calls_.caller_left(leg, cause);
        case Role::agent: {
            const CallId call = leg.call;
            const LegId id = leg.id;
            queue_calls_.agent_left(leg, cause);
            return transfers_.leg_gone(call, id);
        }
        case Role::dialler:
        case Role::callee:
            return dials_.ended(leg, cause);
        case Role::feature:
            return features_.ended(leg);
        case Role::recall:
            return reminders_.ended(leg);
    }
}

void Engine::Impl::leg_event(const LegEvent& event) {
    Leg* leg = legs_.find(event.leg);
    if (leg == nullptr) return;
    switch (leg->role) {
        case Role::caller:
            return queue_calls_.caller_leg_event(event, *leg);
        case Role::agent:
            return queue_calls_.agent_leg_event(event, *leg);
        case Role::dialler:
            return dials_.dialler_event(event, *leg);
        case Role::callee:
            return dials_.callee_event(event, *leg);
        case Role::feature:
            if (event.what == LegEvent::What::no_media) features_.ended(*leg);
            return;
        case Role::recall:
            return reminders_.leg_event(event, *leg);
    }
}

void Engine::Impl::on(const sip::DigitArrived& event) {
    if (Leg* leg = legs_.of_session(event.session))
        digit(*leg, event.digit, event.duration_ms, true);
}

/// A digit goes to the feature dialogue, or over to the other side in the form that side takes. The
/// media process relays RFC 4733 to RFC 4733 by itself.
void Engine::Impl::digit(Leg& leg, char digit, std::uint16_t duration_ms, bool by_info) {
    if (masking_.takes(leg, digit)) return;
    if (leg.role == Role::feature) return features_.digit(leg, digit);
    const bool kept = leg.local.keeps_digits;
    if (kept && hold_codes_.takes(leg, digit)) return hold_codes_.digit(leg, digit);
    relay_digit(leg, digit, duration_ms, by_info || kept);
}

/// `by_us`: the media process has not relayed it, and will not.
void Engine::Impl::relay_digit(Leg& leg, char digit, std::uint16_t duration_ms, bool by_us) {
    Leg* peer = legs_.find(leg.peer);
    if (peer == nullptr) return;
    const bool info =
        peer->trunk && settings_.trunks[peer->trunk.value - 1].digits == DigitMode::info;
    if (info) {
        sip_.request_in_dialog(peer->session,
                               sip::Method::info,
                               {},
                               "application/dtmf-relay",
                               fmt::format("Signal={}\r\nDuration={}\r\n", digit, duration_ms),
                               context_.now);
        return;
    }
    if (by_us || peer->agreed.telephone_event == 0 || leg.agreed.telephone_event == 0)
        context_.media(media::SendDigit{media_of(peer->id), digit, duration_ms});
}

void Engine::Impl::on(const sip::RequestArrived& event) {
    using sip::Method;
    const auto respond = [&](int status, std::span<const sip::ExtraHeader> extra = {}) {
        sip_.respond(event.transaction, status, extra, {}, {}, context_.now);
    };
    if (event.session) {
        Leg* leg = legs_.of_session(event.session);
        if (event.message->method() == Method::refer && leg != nullptr)
            return transfers_.refer(event, *leg);
        return respond(event.message->method() == Method::options ? 200 : 501);
    }
    // A phone may register from the address of a trunk (a shared NAT, a test machine).
    const bool registers = event.message->method() == Method::register_;
    if (trunks_.of_source(event.from) && !registers)
        return respond(event.message->method() == Method::options ? 200 : 405);
    const auto judged = phones_.judge(*event.message, event.from);
    if (!judged.device) return respond(401, judged.challenge);
    if (registers) {
        phones_.register_request(event, judged.device);
        return rebind_dialogs(judged.device, event.from);
    }
    if (event.message->method() == Method::refer)
        return transfers_.refer_outside(event, judged.device);
    respond(event.message->method() == Method::options ? 200 : 405);
}

/// Where that phone may be called. One that must have SRTP is not, where nobody may tell it a key.
std::vector<PhoneContact> Engine::Impl::callable_contacts(DeviceId device) const {
    auto contacts = phones_.contacts(device);
    if (settings_.devices[device.value - 1].srtp == SrtpUse::required)
        std::erase_if(contacts, [&](const PhoneContact& contact) {
            const bool over_tls = contact.hop.transport == sip::Transport::tls;
            return !may_have_srtp(settings_, device, over_tls);
        });
    return contacts;
}

/// A phone on TCP or TLS that is back takes its dialogs to its new connection: those whose peer's
/// Contact has the user part that it registered with, and came from its address.
void Engine::Impl::rebind_dialogs(DeviceId device, const sip::Hop& back_by) {
    if (back_by.transport == sip::Transport::udp) return;
    std::set<std::string> users;
    for (const auto& contact : phones_.contacts(device))
        users.insert(contact_user(contact.request_uri));
    for (const auto& waiting : sip_.unbound())
        if (waiting.last.remote.address == back_by.remote.address &&
            users.contains(contact_user(waiting.remote_target)))
            sip_.rebind(waiting.session, back_by, context_.now);
}

void Engine::Impl::on(const sip::RequestAnswered& event) {
    if (!phones_.answered(event)) trunks_.answered(event);
}

void Engine::Impl::on(const sip::MessageRefused& event) {
    context_.log(LogLevel::debug,
                 "refused a message from {}:{}",
                 text_of(event.from.remote.address).view(),
                 event.from.remote.port);
}

}  // namespace holdfast::engine
