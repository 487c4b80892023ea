// A caller goes from one agent to another, into a queue, to the outside, or is parked meanwhile.
#include "acd/floor.hpp"
#include "base/ensure.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::acd {

// A caller who has been passed on that often goes in circles; each time takes a person's answer or
// refusal, or a machine that does it by itself.
constexpr std::uint32_t most_passes = 20;

void Floor::step_both(CallEntry& c, LaneEvent event, Instant at) {
    step_caller(c, event, at);
    if (!c.call.agent) return;
    auto& a = entry(c.call.agent);
    if (a.agent.call == c.call.id) step_agent(a, event, at);
}

/// Of the caller whom the agent has, beside whom something happens.
void Floor::step_main(AgentEntry& a, LaneEvent event, Instant at) {
    if (!agent::connected.has(a.agent.lane.state)) return;
    if (auto* c = find(a.agent.call)) step_both(*c, event, at);
}

bool Floor::may_pass(CallId id) const {
    const Call* c = call(id);
    return c != nullptr && caller::connected.has(c->lane.state) && c->passed.passes < most_passes;
}

void Floor::transfer_began(CallId id, When when) {
    auto& c = entry(id);
    ++c.call.passed.passes;
    AgentEntry* a = c.call.agent ? &entry(c.call.agent) : nullptr;
    step_both(c, LaneEvent::transfer_began, together(when, &c, a));
    effects_.push_back(PlayToCaller{id, Playing::music, c.call.queue});
}

void Floor::transfer_failed(CallId id, When when) {
    auto& c = entry(id);
    AgentEntry* a = c.call.agent ? &entry(c.call.agent) : nullptr;
    step_both(c, LaneEvent::transfer_failed, together(when, &c, a));
    if (c.call.lane.state == caller::talking) effects_.push_back(ResumeCaller{id});
}

/// The agent has the caller no longer: the lane goes on by `event`, and nothing is left between
/// them.
void Floor::release(CallEntry& c, LaneEvent event, Instant at) {
    const bool active = is_active(c.call);
    hold_step(c, hold::agent_changed, {at, at});
    while (!c.call.offers.empty())
        drop_offer(c, c.call.offers.front().id);
    const AgentId who = std::exchange(c.call.agent, {});
    touch(c);
    if (std::exchange(c.call.beside, false)) return side_call_ended(who, active, {at, at});
    if (!who || entry(who).agent.call != c.call.id) return;
    auto& a = entry(who);
    step_agent(a, event, at);
    after_call(a, at);
}

void Floor::sender_left(CallId id, bool lost, When when) {
    auto& c = entry(id);
    if (!c.call.agent) return;
    const Instant at = together(when, &c, &entry(c.call.agent));
    const auto event = lost ? LaneEvent::agent_lost : LaneEvent::agent_left;
    step_caller(c, event, at);
    if (lost) effects_.push_back(HangUpAgent{id});
    release(c, event, at);
}

void Floor::took_over(CallId id, AgentId agent, When when) {
    auto& c = entry(id);
    auto& b = entry(agent);
    Instant at = together(when, &c, &b);
    if (c.call.agent) at = together({at, when.now}, &c, &entry(c.call.agent));
    step_caller(c, LaneEvent::agent_took_over, at);
    release(c, LaneEvent::agent_took_over, at);
    c.call.agent = agent;
    c.call.returned = false;
    step_agent(b, LaneEvent::agent_took_over, at);
    // From here on: what went before was spent on something else.
    b.agent.call = id;
    b.agent.journey = c.call.journey;
    b.agent.offer = {};
    b.agent.queue = c.call.queue;
    b.agent.wrap_up =
        c.call.queue ? queue_settings(c.call.queue).wrap_up : settings_.outbound_wrap_up;
    ++b.today.handled;
    touch(b);
}

void Floor::detach(CallId id, AgentId sponsor) {
    auto& c = entry(id);
    c.call.agent = {};
    c.call.beside = false;
    c.call.passed.sponsor = sponsor;
    touch(c);
}

void Floor::sponsored(CallId id, AgentId sponsor) {
    auto& c = entry(id);
    c.call.passed.sponsor = sponsor;
    touch(c);
}

void Floor::taken_beside(CallId id, AgentId agent, bool active, When when) {
    auto& c = entry(id);
    c.call.agent = agent;
    c.call.beside = true;
    touch(c);
    if (!active) side_call_held(agent, false, when);
}

/// A colleague who called a queue is answered for the first time.
void Floor::dialler_answered(CallEntry& c, When when) {
    auto& passed = c.call.passed;
    if (!passed.dialler || std::exchange(passed.dialler_talks, true)) return;
    touch(c);
    colleague_answered(passed.dialler, when);
    if (passed.dialler_holds) side_call_held(passed.dialler, true, when);
}

/// The phone of such a colleague holds the call to the queue, or resumes it.
void Floor::dialler_held(CallEntry& c, bool held, When when) {
    auto& passed = c.call.passed;
    if (!passed.dialler || std::exchange(passed.dialler_holds, held) == held) return;
    touch(c);
    if (passed.dialler_talks) side_call_held(passed.dialler, held, when);
}

void Floor::dialler_passed(CallId id) {
    auto& c = entry(id);
    auto& passed = c.call.passed;
    side_call_passed(std::exchange(passed.dialler, {}),
                     passed.dialler_talks && !passed.dialler_holds);
    touch(c);
}

void Floor::handed_over(CallId asked, CallId id, When when) {
    auto& x = entry(asked);
    const AgentId who = x.call.agent;
    auto& b = entry(who);
    if (entry(id).call.agent == x.call.passed.dialler) dialler_passed(asked);
    const Instant at = together(when, &x, &b);
    hold_step(x, hold::leg_ended, {at, when.now});
    // Nothing that the agent wished for the end of the call comes in between.
    step_agent(b, LaneEvent::caller_left, at);
    withdraw_all(x, {}, Withdrawal::caller_left, LaneEvent::caller_left, at);
    step_caller(x, LaneEvent::caller_left, at);
    x.call.agent = {};
    forget(x);
    took_over(id, who, {at, when.now});
}

std::optional<RefusalCause> Floor::closed_to(QueueId queue, Instant now) {
    now_ = now;
    switch (obstacle(queue)) {
        case Obstacle::closed:
            return RefusalCause::closed;
        case Obstacle::full:
            return RefusalCause::full;
        case Obstacle::no_agent:
            return RefusalCause::no_agent;
        case Obstacle::none:
            break;
    }
    return std::nullopt;
}

std::optional<RefusalCause> Floor::send_to_queue(CallId id, QueueId queue, When when) {
    if (const auto why = closed_to(queue, when.now)) return why;
    auto& c = entry(id);
    ++c.call.passed.passes;
    const Instant at = together(when, &c, c.call.agent ? &entry(c.call.agent) : nullptr);
    hold_step(c, hold::leg_ended, {at, when.now});
    step_caller(c, LaneEvent::sent_to_queue, at);
    release(c, LaneEvent::sent_to_queue, at);
    c.call.hold = hold::talking;
    c.call.queue = queue;
    c.call.priority = std::max(c.call.priority, queue_settings(queue).priority);
    c.call.visit_began = at;
    c.call.counted = false;
    c.call.returned = false;
    ++entry(queue).today.offered;
    effects_.push_back(PlayToCaller{id, Playing::music, queue});
    wait(c);
    return std::nullopt;
}

void Floor::join_outside(CallId id, CallId other, When when) {
    auto& c = entry(id);
    auto& o = entry(other);
    Instant at = together(when, &c, c.call.agent ? &entry(c.call.agent) : nullptr);
    at = together({at, when.now}, &o, nullptr);
    c.call.passed.partner = other;
    o.call.passed.partner = id;
    AgentId beside;
    for (auto* both : {&c, &o})  // the consult is what is passed on: no hold begins again
        if (both->call.passed.confers = false; std::exchange(both->call.beside, false)) {
            beside = std::exchange(both->call.agent, {});
            side_call_passed(beside, is_active(both->call));
        }
    for (auto* both : {&c, &o}) {
        step_caller(*both, LaneEvent::sent_outside, at);
        release(*both, LaneEvent::sent_outside, at);
    }
    if (!beside) return;
    auto& a = entry(beside);  // whose caller had left before
    if (!agent::in_side_call.has(a.agent.lane.state) || a.agent.side_calls > 0) return;
    step_agent(a, LaneEvent::side_call_ended, at);
    after_call(a, at);
}

void Floor::park(CallId id, When when) {
    auto& c = entry(id);
    const Instant at = together(when, &c, c.call.agent ? &entry(c.call.agent) : nullptr);
    step_caller(c, LaneEvent::caller_parked, at);
    release(c, LaneEvent::caller_parked, at);
    effects_.push_back(PlayToCaller{id, Playing::music, c.call.queue});
}

void Floor::give_up(CallId id, When when) {
    auto& c = entry(id);
    if (!c.call.queue) return refuse(c, RefusalCause::no_agent, when);
    const Instant at = together(when, &c, nullptr);
    hold_step(c, hold::leg_ended, {at, when.now});
    step_caller(c, LaneEvent::sent_to_queue, at);
    c.call.hold = hold::talking;
    c.call.visit_began = at;
    c.call.counted = false;
    ++entry(c.call.queue).today.offered;
    effects_.push_back(PlayToCaller{id, Playing::music, c.call.queue});
    return_to_queue(c);
}

}  // namespace holdfast::acd
