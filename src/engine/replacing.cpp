// INVITE with Replaces (RFC 3891): a phone takes the place of another dialog. Whoever knows a
// dialog's tags has not proved a right to it: only a phone that an agent is logged in at may ask,
// and only where the call concerns that agent.
#include "engine/transfers.hpp"
#include "sip/values.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace holdfast::engine {

bool Transfers::serves(AgentId agent, QueueId queue) const {
    const auto& queues = context_.settings.floor.agents[agent.value - 1].queues;
    return queue && std::ranges::find(queues, queue) != queues.end();
}

/// Two who serve the same queue may pick up each other's phones.
bool Transfers::colleagues(AgentId one, AgentId other) const {
    const auto& queues = context_.settings.floor.agents[one.value - 1].queues;
    return std::ranges::any_of(queues, [&](QueueId queue) { return serves(other, queue); });
}

bool Transfers::is_free(AgentId agent) const {
    constexpr Set free{acd::agent::not_ready, acd::agent::ready, acd::agent::wrapping};
    return free.has(context_.floor.agent(agent).lane.state);
}

void Transfers::replace(Leg& leg, AgentId agent, const sip::Message& invite) {
    const auto fields = invite.fields();
    const auto is_replaces = [](const auto& field) { return field.name == sip::Header::replaces; };
    const auto replaces = sip::parse_replaces(invite.first(sip::Header::replaces).value_or(""));
    // 3: more than one, or one that cannot be read.
    if (!replaces || std::ranges::count_if(fields, is_replaces) > 1) return legs_.end(leg, {}, 400);
    const auto session =
        context_.sip.session_with(replaces->call_id, replaces->to_tag, replaces->from_tag);
    if (!session) return legs_.end(leg, {}, 481);
    Leg* old = legs_.of_session(session);
    if (old == nullptr) return legs_.end(leg, {}, 603);  // 3: it has just been ended
    if (conferring_.has(*old)) return legs_.end(leg, {}, 491);
    leg.agent = agent;
    const CallId call = connected_call(*old);
    const bool answered = Legs::was_answered(*old);
    Dial* dial = dials_.find(old->dial);
    int status = 481;
    if (!old->device || old->role == Role::caller)
        status = 403;  // a caller's, not an agent's
    else if (replaces->early_only && answered)
        status = 486;  // 3
    else if (!answered && !old->outbound)
        status = 481;  // 3: an early dialog of theirs is not ours to give
    else if (call)
        status = replace_connected(leg, *old, call);
    else if (old->role == Role::agent)
        status = replace_offered(leg, *old);
    else if (dial != nullptr)
        status = replace_dialled(leg, *old, *dial);
    if (status != 0) legs_.end(leg, {}, status);
}

/// An agent goes on at another phone, or a colleague of the queue takes the call. Why not, as a
/// status; 0 where it is done.
int Transfers::replace_connected(Leg& leg, Leg& old, CallId call) {
    const auto& held = *context_.floor.call(call);
    const bool same = held.agent == leg.agent;
    if (!same && !serves(leg.agent, held.queue)) return 403;
    if (held.lane.state == acd::caller::transferring) return 491;
    if (!same && !is_free(leg.agent)) return 486;
    const LegId gone = old.id;
    leg.local.codecs = queue_calls_.codecs_for_agent(*queue_calls_.caller_leg(call));
    legs_.answer(leg);
    if (same)
        move(call, leg);
    else
        give(call, leg.agent, leg);
    end_leg(gone);
    return 0;
}

/// A phone rings for a caller, and a colleague of the queue picks up.
int Transfers::replace_offered(Leg& leg, Leg& old) {
    const auto offer = context_.floor.offer(old.offer);
    if (!offer) return 481;
    const CallId call = offer->call;
    const auto* ringing = context_.floor.call(call);
    if (!serves(leg.agent, ringing->queue)) return 403;
    if (leg.agent == old.agent) return 486;  // whose phone rings can answer it
    const auto picked = context_.floor.pick_up(call, leg.agent, context_.when());
    if (!picked) return 486;
    leg.role = Role::agent;
    leg.call = call;
    leg.offer = picked;
    leg.local.codecs = queue_calls_.codecs_for_agent(*queue_calls_.caller_leg(call));
    legs_.answer(leg);
    queue_calls_.picked_up(leg);
    return 0;
}

/// A call between two colleagues: one of them goes on at another phone, or somebody picks up for
/// the one who rings.
int Transfers::replace_dialled(Leg& leg, Leg& old, Dial& dial) {
    if (dial.call || dial.passing) return 403;
    if (!dial.answered) return pick_up_colleague(leg, dial);
    if (leg.agent != old.agent) return 403;
    const LegId gone = old.id;
    (dial.from == gone ? dial.from : dial.to.front()) = leg.id;
    leg.dial = dial.id;
    old.dial = {};
    legs_.answer(leg);
    dials_.reunite(dial, *legs_.find(dial.from), *legs_.find(dial.to.front()));
    end_leg(gone);
    return 0;
}

int Transfers::pick_up_colleague(Leg& leg, Dial& dial) {
    Leg* from = legs_.find(dial.from);
    if (from == nullptr || !dial.colleague) return 481;
    if (!colleagues(leg.agent, dial.colleague) || leg.agent == dial.caller) return 403;
    if (!is_free(leg.agent)) return 486;
    const AgentId missed = std::exchange(dial.colleague, leg.agent);
    context_.floor.side_call_ended(missed, false, context_.when());
    context_.floor.side_call_began(leg.agent, false, context_.when());
    for (const LegId id : std::exchange(dial.to, {leg.id}))
        if (Leg* other = legs_.find(id))
            legs_.end(*other, "SIP;cause=200;text=\"Call completed elsewhere\"");
    leg.dial = dial.id;
    legs_.answer(leg);
    dials_.answered(dial, leg);
    return 0;
}

}  // namespace holdfast::engine
