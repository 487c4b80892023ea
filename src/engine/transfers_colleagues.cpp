// Calls of our own that are passed on: one of two colleagues to a third or into a queue; and a
// caller to whom a queue has answered that the agent asked.
#include "engine/transfers.hpp"

#include <utility>

namespace holdfast::engine {
namespace {

// As with callers (acd/floor_transfers.cpp): phones that pass on by themselves go round for ever.
constexpr std::uint32_t most_passes = 20;

}  // namespace

// ---- Without a word. ----------------------------------------------------------------------------

void Transfers::colleague(const Wish& wish, Dial& dial) {
    if (dial.passing) return answer(wish, 491);
    if (!dial.answered || dial.call) return answer(wish, 603);
    if (dial.passes == most_passes) {
        context_.log(LogLevel::warning,
                     "agent {}: a colleague was passed on too often, it goes round",
                     context_.settings.floor.agents[wish.agent.value - 1].number);
        return answer(wish, 482);
    }
    const auto& settings = context_.settings;
    const auto service = settings.floor.agents[wish.agent.value - 1].class_of_service;
    const auto to = phone_destination(settings, service, wish.target);
    if (const auto* agent = std::get_if<ToAgent>(&to))
        return colleague_to_agent(wish, dial, agent->agent);
    if (const auto* queue = std::get_if<ToQueue>(&to))
        return colleague_to_queue(wish, dial, queue->queue);
    if (const auto* trunk = std::get_if<ToTrunk>(&to))
        return colleague_to_outside(wish, dial, *trunk);
    const auto* code = std::get_if<ToCode>(&to);
    if (code != nullptr && code->code == ToCode::Code::park)
        return colleague_to_park(wish, dial, code->rest);
    finish(wish, 404);
}

/// From now on the dial is one of the other colleague, whom nobody has answered yet; the sender
/// waits beside it.
void Transfers::send_away(const Wish& wish, Dial& dial) {
    const bool dialled = dial.from == wish.leg;
    const LegId other = dialled ? dial.to.front() : dial.from;
    const bool sender_active = dialled ? dial.from_active : dial.to_active;
    dial.caller = dialled ? dial.colleague : dial.caller;
    dial.from_active = dialled ? dial.to_active : dial.from_active;
    dial.from = other;
    dial.to.clear();
    dial.colleague = {};
    dial.to_active = dial.answered = false;
    ++dial.passes;
    dial.passing = {{}, {}, wish.agent, wish.leg, wish.event, {}, never, sender_active};
    dials_.touch(dial);
    dials_.hear_music(*legs_.find(other));
}

void Transfers::colleague_to_agent(const Wish& wish, Dial& dial, AgentId agent) {
    const AgentId other = dial.from == wish.leg ? dial.colleague : dial.caller;
    if (const int status = dials_.obstacle(agent, other); status != 0) return finish(wish, status);
    accept(wish);
    send_away(wish, dial);
    const DialId id = dial.id;
    step(id, passing::target_called);
    dials_.ring_colleague(dial, agent, shown_of(dial.caller, wish.agent));
}

/// Whoever sends the colleague there is who dials: by that one's class of service.
void Transfers::colleague_to_outside(const Wish& wish, Dial& dial, const ToTrunk& to) {
    if (const int status = dials_.admit(wish.agent, to); status != 0) return finish(wish, status);
    accept(wish);
    send_away(wish, dial);
    const DialId id = dial.id;
    step(id, passing::target_called);
    dials_.ring_outside(*dials_.find(id), to);
}

/// Somebody outside has answered: a call of the colleague's from now on, as if dialled there.
void Transfers::hand_colleague_outside(Dial& dial) {
    Leg* target = dial.to.empty() ? nullptr : legs_.find(dial.to.front());
    Leg* from = legs_.find(dial.from);
    if (target == nullptr || from == nullptr) return;
    const CallId call = dial.call;
    context_.floor.customer_answered(call, context_.when());
    context_.floor.taken_beside(call, dial.caller, dial.from_active, context_.when());
    from->role = Role::agent;
    from->call = call;
    target->role = Role::caller;
    for (Leg* leg : {from, target}) {
        leg->dial = {};
        legs_.touch(*leg);
    }
    queue_calls_.bind(call, target->id, from->id);
    legs_.keep_digits(*from, false);
    legs_.join(*target, *from);
    if (from->agreed.peer_holds) context_.floor.agent_held(call, context_.when());
}

void Transfers::colleague_to_park(const Wish& wish, Dial& dial, const std::string& orbit) {
    if (parked_at(orbit) != nullptr) return finish(wish, 486);
    accept(wish);
    send_away(wish, dial);
    dial.passing.orbit = orbit;
    step(dial.id, passing::caller_parked, 200);
}

/// A phone has dialled the park, and finds a colleague there.
void Transfers::fetch_colleague(Leg& leg, AgentId agent, Dial& dial) {
    leg.dial = dial.id;
    leg.local.keeps_digits = context_.settings.codes.in_call;
    legs_.touch(leg);
    legs_.prefer_codecs_of(*legs_.find(dial.from), leg);
    legs_.answer(leg);
    dial.to = {leg.id};
    dial.colleague = agent;
    context_.floor.side_call_began(agent, false, context_.when());
    step(dial.id, passing::fetched);
}

/// The colleague waits there, as anybody does who has dialled the queue.
void Transfers::colleague_to_queue(const Wish& wish, Dial& dial, QueueId queue) {
    if (context_.floor.closed_to(queue, context_.now)) return finish(wish, 480);
    finish(wish, 200);
    const bool dialled = dial.from == wish.leg;
    Leg& leg = *legs_.find(dialled ? dial.to.front() : dial.from);
    const AgentId other = dialled ? dial.colleague : dial.caller;
    const bool own_active = dialled ? dial.from_active : dial.to_active;
    dials_.forget(dial);
    end_leg(wish.leg);
    context_.floor.side_call_ended(wish.agent, own_active, context_.when());
    const auto& who = context_.settings.floor.agents[other.value - 1];
    leg.role = Role::caller;
    leg.dial = {};
    queue_calls_.arrived(leg, {who.number, who.name, wish.target, {}, queue, other, true});
}

void Transfers::part_with_colleague(Dial& dial) {
    auto& p = dial.passing;
    end_leg(std::exchange(p.sender_leg, {}));
    context_.floor.side_call_ended(p.sender, p.sender_active, context_.when());
}

void Transfers::hand_over_colleague(Dial& dial) {
    if (dial.call) return hand_colleague_outside(dial);
    Leg* target = dial.to.empty() ? nullptr : legs_.find(dial.to.front());
    Leg* from = legs_.find(dial.from);
    if (target == nullptr || from == nullptr) return;
    const AgentId sender = std::exchange(dial.passing, {}).sender;
    dial.to_active = true;
    context_.floor.colleague_answered(dial.colleague, context_.when());
    dials_.reunite(dial, *from, *target);
    show(*from, shown_of(dial.colleague, sender));
}

/// Nobody has answered: the two have each other again.
void Transfers::give_back(Dial& dial) {
    const Passing p = std::exchange(dial.passing, {});
    Leg* sender = legs_.find(p.sender_leg);
    Leg* from = legs_.find(dial.from);
    if (sender == nullptr || from == nullptr) return;
    dial.colleague = p.sender;
    dial.to_active = p.sender_active;
    dials_.reunite(dial, *from, *sender);
}

/// Not even the sender has answered.
void Transfers::give_up_colleague(Dial& dial) {
    end_leg(dial.from);
    context_.floor.side_call_ended(dial.caller, dial.from_active, context_.when());
}

Shown Transfers::shown_of(AgentId agent, AgentId sender) const {
    const auto& agents = context_.settings.floor.agents;
    const auto& who = agents[agent.value - 1];
    return {who.name, who.number, agents[sender.value - 1].number};
}

// ---- After a word, or while the third one rings. ------------------------------------------------

/// The third one rings: from now on for the colleague (RFC 5589 7.2).
void Transfers::attended_early_colleague(const Wish& wish, Dial& talk, Dial& consult) {
    const LegId holding =
        wish.leg == consult.from
            ? (legs_.find(talk.from)->agent == wish.agent ? talk.from : talk.to.front())
            : wish.leg;
    const LegId consulting = consult.from;
    const AgentId third = consult.colleague;
    if (legs_.find(consulting)->agent != wish.agent) return answer(wish, 603);
    Wish kept = wish;
    kept.leg = holding;
    if (wish.leg == consulting) {  // NOTIFYs go where the REFER came from, which ends
        finish(wish, 200);
        kept.event.clear();
    } else {
        accept(wish);
    }
    const auto targets = consult.to;
    dials_.forget(consult);
    send_away(kept, talk);
    talk.to = targets;
    talk.colleague = third;
    for (const LegId id : targets)
        if (Leg* leg = legs_.find(id)) {
            leg->dial = talk.id;
            legs_.touch(*leg);
        }
    end_leg(consulting);
    context_.floor.side_call_ended(wish.agent, false, context_.when());
    step(talk.id, passing::target_called);
}

/// Whether the phone has dialled a queue with that leg.
bool Transfers::asks_queue(const Leg& leg) const {
    const auto* call = context_.floor.call(leg.call);
    return leg.role == Role::caller && call != nullptr && call->passed.dialler == leg.agent &&
           leg.agent;
}

/// The agent asked a queue. Whoever has answered there gets the caller; where nobody has, the
/// caller waits there in the agent's stead.
void Transfers::attended_queue(const Wish& wish, CallId call, Leg& consulting, Leg& holding) {
    const CallId asked = consulting.call;
    const auto& there = *context_.floor.call(asked);
    const LegId own = consulting.id, held = holding.id;
    const bool its_agents = context_.floor.call(call)->agent == consulting.agent;
    if (there.lane.state == acd::caller::transferring || there.lane.state == acd::caller::parked)
        return answer(wish, 491);
    Leg* target = queue_calls_.agent_leg(asked);
    if (!acd::caller::connected.has(there.lane.state)) {
        if (context_.floor.closed_to(there.queue, context_.now)) return finish(wish, 480);
        finish(wish, 200);
        if (its_agents) context_.floor.dialler_passed(asked);
        context_.floor.send_to_queue(call, there.queue, context_.when());
        queue_calls_.bind(call, queue_calls_.caller_leg(call)->id, {});
        end_leg(held);
        end_leg(own);
        return context_.floor.caller_left(asked, context_.when());
    }
    if (target == nullptr || !there.agent) return answer(wish, 481);
    finish(wish, 200);
    const AgentId who = there.agent;
    const LegId to = target->id;
    queue_calls_.bind(asked, own, {});  // the leg goes over to the caller
    end_leg(own);
    context_.floor.handed_over(asked, call, context_.when());
    seat(call, who, *legs_.find(to));
    end_leg(held);
    show_caller(*legs_.find(to), call);
}

}  // namespace holdfast::engine
