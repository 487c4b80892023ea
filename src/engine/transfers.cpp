// What a REFER asks for, and the transfers that need nobody's answer: into a queue, to the park.
#include "engine/transfers.hpp"

#include "base/ascii.hpp"
#include "engine/conferences.hpp"
#include "sip/values.hpp"
#include "sip/writer.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace holdfast::engine {
namespace {

int status_of(acd::RefusalCause why) {
    return why == acd::RefusalCause::full ? 486 : 480;
}

/// The value of a header that a URI carries (RFC 3261 19.1.1), unescaped; empty where it has none.
std::string carried(std::string_view headers, std::string_view name) {
    while (!headers.empty()) {
        const auto end = headers.find('&');
        const auto one = headers.substr(0, end);
        const auto is = one.find('=');
        if (is != one.npos && equal_nocase(one.substr(0, is), name))
            return sip::unescape(one.substr(is + 1));
        headers = end == headers.npos ? std::string_view{} : headers.substr(end + 1);
    }
    return {};
}

}  // namespace

Transfers::Transfers(Context& context, Legs& legs, QueueCalls& queue_calls, Dials& dials)
    : context_{context}, legs_{legs}, queue_calls_{queue_calls}, dials_{dials} {}

// ---- REFER. -------------------------------------------------------------------------------------

void Transfers::refer(const sip::RequestArrived& event, Leg& leg) {
    const auto wish = wish_of(event, leg);
    if (!wish) return;
    if (wish->target == conference_code) return to_conference(*wish, leg);
    // Of a conference only the caller is passed on, by the agent who serves the caller.
    if (conferring_.has(leg) && (!wish->replaces.empty() || !connected_call(leg)))
        return answer(*wish, 491);
    if (wish->replaces.empty()) return blind(*wish);
    bool early_only = false;
    Leg* other = replaced(wish->replaces, early_only);
    // A phone may join only what is its own.
    if (other == nullptr || other->device != leg.device || other == &leg) return answer(*wish, 481);
    if (conferring_.has(*other)) return answer(*wish, 491);
    attended(*wish, *other);
}

/// Reads it; answered here where it makes no sense, or is not the sender's to ask.
std::optional<Transfers::Wish> Transfers::wish_of(const sip::RequestArrived& event, Leg& leg) {
    Wish wish{event.transaction, leg.id, leg.agent, {}, {}, {}};
    const auto& message = *event.message;
    const auto refuse = [&](int status) {
        answer(wish, status);
        return std::nullopt;
    };
    // A trunk moves nobody; nor does a phone that nobody is logged in at.
    if (!leg.device || !leg.agent) return refuse(403);
    std::optional<std::string_view> refer_to;
    for (const std::string_view value : message.values(sip::Header::refer_to)) {
        if (refer_to) return refuse(400);  // RFC 3515 2.4.2: exactly one
        refer_to = value;
    }
    const auto to =
        refer_to ? sip::parse_name_addr(*refer_to) : std::unexpected{sip::Fault::bad_value};
    if (!to || to->uri.scheme == sip::Uri::Scheme::other) return refuse(400);
    const auto method = to->uri.parameter("method");
    if (method && !equal_nocase(*method, "INVITE")) return refuse(400);
    wish.target = sip::unescape(to->uri.user);
    wish.replaces = carried(to->uri.headers, "Replaces");
    const auto sub = message.first(sip::Header::refer_sub);
    if (!sub || !equal_nocase(trim(sub->substr(0, sub->find(';'))), "false")) {
        wish.event = "refer";
        std::erase_if(referrers_, [this](LegId id) { return legs_.find(id) == nullptr; });
        if (!referrers_.insert(leg.id).second)  // RFC 3515 2.4.6: each but the first has an id
            wish.event += fmt::format(";id={}", message.cseq().number);
    }
    return wish;
}

void Transfers::answer(const Wish& wish, int status) {
    context_.sip.respond(wish.transaction, status, {}, {}, {}, context_.now);
}

void Transfers::accept(const Wish& wish) {
    // RFC 4488 4: whoever wants no subscription gets none, and is told so.
    const std::array no_subscription{sip::ExtraHeader{sip::Header::refer_sub, "false"}};
    if (wish.event.empty())
        context_.sip.respond(wish.transaction, 202, no_subscription, {}, {}, context_.now);
    else
        answer(wish, 202);
}

/// The final NOTIFY of a REFER that comes to its end at once.
void Transfers::finish(const Wish& wish, int status) {
    accept(wish);
    notify(wish.leg, wish.event, status, true);
}

void Transfers::notify(LegId id, const std::string& event, int status, bool last) {
    const Leg* leg = legs_.find(id);
    if (leg == nullptr || event.empty()) return;
    const std::array extra{
        sip::ExtraHeader{sip::Header::event, event},
        sip::ExtraHeader{sip::Header::subscription_state,
                         last ? "terminated;reason=noresource" : "active;expires=60"}};
    context_.sip.request_in_dialog(
        leg->session,
        sip::Method::notify,
        extra,
        "message/sipfrag;version=2.0",
        fmt::format("SIP/2.0 {} {}\r\n", status, sip::reason_phrase(status)),
        context_.now);
}

void Transfers::end_leg(LegId id) {
    if (Leg* leg = legs_.find(id)) legs_.end(*leg, "SIP;cause=200;text=\"Passed on\"", 487);
}

CallId Transfers::connected_call(const Leg& leg) const {
    const auto* call = context_.floor.call(leg.call);
    const bool has = call != nullptr && queue_calls_.agent_leg(leg.call) == &leg &&
                     acd::caller::connected.has(call->lane.state);
    return has ? leg.call : CallId{};
}

/// The two calls of the sender become one with the caller in it; the phone ends the one that it
/// sent the REFER in, so that the agent stays with the other.
void Transfers::to_conference(const Wish& wish, const Leg& leg) {
    const int status = conferring_.obstacle(leg);
    finish(wish, status == 0 ? 200 : status);
    if (status == 0) conferring_.merge(leg);
}

// ---- Without asking anybody. --------------------------------------------------------------------

void Transfers::blind(const Wish& wish) {
    const Leg& own = *legs_.find(wish.leg);
    const CallId call = connected_call(own);
    if (Dial* dial = dials_.find(own.dial); dial != nullptr && !call) return colleague(wish, *dial);
    if (!call) return answer(wish, 603);
    if (context_.floor.call(call)->lane.state == acd::caller::transferring)
        return answer(wish, 491);
    if (!context_.floor.may_pass(call)) {
        context_.log(LogLevel::warning, "call {}: passed on too often, it goes round", call.value);
        return answer(wish, 482);
    }
    const auto& settings = context_.settings;
    const auto service = settings.floor.agents[wish.agent.value - 1].class_of_service;
    const auto to = phone_destination(settings, service, wish.target);
    if (const auto* queue = std::get_if<ToQueue>(&to)) return to_queue(wish, call, queue->queue);
    if (const auto* agent = std::get_if<ToAgent>(&to)) return to_agent(wish, call, agent->agent);
    if (const auto* trunk = std::get_if<ToTrunk>(&to)) return to_outside(wish, call, *trunk);
    const auto* code = std::get_if<ToCode>(&to);
    if (code != nullptr && code->code == ToCode::Code::park) return to_park(wish, call, code->rest);
    finish(wish, 404);
}

void Transfers::to_queue(const Wish& wish, CallId call, QueueId queue) {
    if (const auto why = context_.floor.closed_to(queue, context_.now))
        return finish(wish, status_of(*why));
    finish(wish, 200);
    conferring_.part(call);
    context_.floor.send_to_queue(call, queue, context_.when());
    queue_calls_.bind(call, queue_calls_.caller_leg(call)->id, {});
    end_leg(wish.leg);
}

void Transfers::to_park(const Wish& wish, CallId call, const std::string& orbit) {
    if (parked_at(orbit) != nullptr) return finish(wish, 486);
    accept(wish);
    conferring_.part(call);
    const Leg& caller = *queue_calls_.caller_leg(call);
    auto& dial = dials_.begin_passing(
        caller, wish.agent, {{}, call, wish.agent, wish.leg, wish.event, orbit, never});
    const DialId id = dial.id;
    context_.floor.park(call, context_.when());
    step(id, passing::caller_parked, 200);
    queue_calls_.bind(call, caller.id, {});
}

Dial* Transfers::parked_at(const std::string& orbit) {
    for (const DialId id : dials_.ids()) {
        Dial* dial = dials_.find(id);
        if (dial->passing.state == passing::parked && dial->passing.orbit == orbit) return dial;
    }
    return nullptr;
}

void Transfers::fetch(Leg& leg, AgentId agent, const std::string& orbit) {
    Dial* dial = parked_at(orbit);
    constexpr Set free{acd::agent::not_ready, acd::agent::ready, acd::agent::wrapping};
    if (dial == nullptr) return legs_.end(leg, {}, 404);
    if (!agent || !free.has(context_.floor.agent(agent).lane.state)) return legs_.end(leg, {}, 486);
    leg.agent = agent;
    if (dial->passing.of_colleague()) return fetch_colleague(leg, agent, *dial);
    const CallId call = dial->passing.call;
    step(dial->id, passing::fetched);
    leg.local.codecs = queue_calls_.codecs_for_agent(*queue_calls_.caller_leg(call));
    legs_.answer(leg);
    give(call, agent, leg);
}

}  // namespace holdfast::engine
