// Transfers after a word with the target, or while it rings: REFER or INVITE with Replaces
// (RFC 3891, RFC 5589 7). Both calls are ours, so the two others are joined and the phone's own
// legs are ended.
#include "engine/transfers.hpp"
#include "sip/values.hpp"

#include <tuple>
#include <utility>

namespace holdfast::engine {

/// The leg whose dialog that is. Tags are meant as we see them; some phones swap them.
Leg* Transfers::replaced(std::string_view text, bool& early_only) {
    const auto replaces = sip::parse_replaces(text);
    if (!replaces) return nullptr;
    early_only = replaces->early_only;
    const auto session =
        context_.sip.session_with(replaces->call_id, replaces->to_tag, replaces->from_tag);
    return session ? legs_.of_session(session) : nullptr;
}

/// Why a caller may not be passed on now, as a status; 0 where nothing is in the way.
int Transfers::obstacle(CallId call) const {
    if (context_.floor.call(call)->lane.state == acd::caller::transferring) return 491;
    return context_.floor.may_pass(call) ? 0 : 482;
}

/// The same of both, where there are two.
int Transfers::obstacle(CallId call, CallId second) const {
    const int status = call ? obstacle(call) : 0;
    return status == 0 && second ? obstacle(second) : status;
}

void Transfers::attended(const Wish& wish, Leg& other) {
    Leg& own = *legs_.find(wish.leg);
    const CallId call = connected_call(own), second = connected_call(other);
    Dial* dial = dials_.find(other.dial);
    Dial* own_dial = dials_.find(own.dial);
    const CallId with_caller = call ? call : second;
    if (!with_caller && own_dial != nullptr && dial != nullptr)
        return join_colleagues(wish, *own_dial, *dial, other);
    if (!with_caller) return answer(wish, 481);
    if (const int status = obstacle(call, second)) return answer(wish, status);
    if (call && second) return join_customers(wish, call, second, other);
    if (call && asks_queue(other)) return attended_queue(wish, call, other, own);
    if (second && asks_queue(own)) return attended_queue(wish, second, own, other);
    if (call)
        attended_consult(wish, call, own, dial, other.id);
    else
        attended_consult(wish, second, other, own_dial, own.id);
}

/// `holding` is the leg with the caller, `consulting` the one that the agent asks with.
void Transfers::attended_consult(
    const Wish& wish, CallId call, Leg& holding, Dial* consult, LegId consulting) {
    if (consult == nullptr || consult->passing || consult->from != consulting)
        return answer(wish, 481);
    if (consult->answered)
        attended_colleague(wish, *consult, call, holding);
    else
        attended_early(wish, *consult, call, holding);
}

void Transfers::attended_colleague(const Wish& wish, Dial& dial, CallId call, Leg& holding) {
    Leg* target = dial.to.empty() ? nullptr : legs_.find(dial.to.front());
    if (target == nullptr) return answer(wish, 481);
    finish(wish, 200);
    const AgentId colleague = dial.colleague;
    leave_consult(dial.caller, call, dial.from_active);
    context_.floor.side_call_passed(colleague, dial.to_active);
    const LegId consulting = dial.from, held = holding.id, to = target->id;
    dials_.forget(dial);
    end_leg(consulting);
    give(call, colleague, *legs_.find(to));
    end_leg(held);
    show_caller(*legs_.find(to), call);
}

/// The consult becomes the caller's. What the agent does next follows from losing the caller; where
/// the caller was not the agent's (a phone may dial emergency numbers before anybody logs in at
/// it), from losing the consult.
void Transfers::leave_consult(AgentId agent, CallId call, bool active) {
    if (context_.floor.call(call)->agent == agent)
        context_.floor.side_call_passed(agent, active);
    else
        context_.floor.side_call_ended(agent, active, context_.when());
}

/// The target still rings: from now on it is called for the caller (RFC 5589 7.2).
void Transfers::attended_early(const Wish& wish, Dial& dial, CallId call, Leg& holding) {
    accept(wish);
    const LegId consulting = std::exchange(dial.from, queue_calls_.caller_leg(call)->id);
    dial.passing = {{}, call, wish.agent, holding.id, wish.event, {}, never};
    context_.floor.transfer_began(call, context_.when());
    leave_consult(dial.caller, call, false);
    if (dial.call) {
        context_.floor.detach(dial.call, dial.caller);
        const Leg* customer = queue_calls_.caller_leg(dial.call);
        queue_calls_.bind(dial.call, customer == nullptr ? LegId{} : customer->id, {});
    }
    const DialId id = dial.id;
    // NOTIFYs go where the REFER came from, which may be the leg that is given up.
    if (wish.leg != holding.id) {
        notify(wish.leg, wish.event, 200, true);
        dial.passing.event.clear();
    }
    end_leg(consulting);
    step(id, passing::target_called);
}

void Transfers::join_customers(const Wish& wish, CallId call, CallId second, Leg& other) {
    finish(wish, 200);
    const LegId own = wish.leg, others = other.id;
    join_outside(call, second);
    end_leg(own);
    end_leg(others);
}

/// Two colleagues, both of whom the agent has on the phone: their calls become one.
void Transfers::join_colleagues(const Wish& wish, Dial& first, Dial& second, Leg& other) {
    const auto side = [](const Dial& dial, LegId own) {
        const bool dialled = dial.from == own;
        return std::tuple{dialled ? dial.to.front() : dial.from,
                          dialled ? dial.colleague : dial.caller,
                          dialled ? dial.to_active : dial.from_active,
                          dialled ? dial.from_active : dial.to_active};
    };
    if (first.call || second.call || first.passing || second.passing) return answer(wish, 603);
    if (first.answered && !second.answered) return attended_early_colleague(wish, first, second);
    if (second.answered && !first.answered) return attended_early_colleague(wish, second, first);
    if (!first.answered) return answer(wish, 603);
    finish(wish, 200);
    const LegId own = wish.leg, others = other.id;
    const auto [from, caller, from_active, own_active] = side(first, own);
    const auto [to, colleague, to_active, other_active] = side(second, others);
    const DialId id = first.id;
    dials_.forget(second);
    Dial& joined = *dials_.find(id);
    joined.from = from;
    joined.to = {to};
    joined.caller = caller;
    joined.colleague = colleague;
    joined.from_active = from_active;
    joined.to_active = to_active;
    dials_.touch(joined);
    Leg &one = *legs_.find(from), &two = *legs_.find(to);
    two.dial = id;
    end_leg(own);
    end_leg(others);
    context_.floor.side_call_ended(wish.agent, own_active, context_.when());
    context_.floor.side_call_ended(wish.agent, other_active, context_.when());
    legs_.join(one, two);
}

void Transfers::resume_at(CallId call, Leg& leg) {
    const Leg* old = queue_calls_.agent_leg(call);
    const LegId gone = old == nullptr ? LegId{} : old->id;
    move(call, leg);
    end_leg(gone);
}

/// The same agent goes on at another leg.
void Transfers::move(CallId call, Leg& leg) {
    Leg& caller = *queue_calls_.caller_leg(call);
    leg.role = Role::agent;
    leg.call = call;
    leg.dial = {};
    legs_.touch(leg);
    queue_calls_.bind(call, caller.id, leg.id);
    context_.floor.agent_resumed(call, context_.when());
    if (queue_calls_.is_mixed(call))
        conferring_.moved(call);
    else
        legs_.join(caller, leg);
}

}  // namespace holdfast::engine
