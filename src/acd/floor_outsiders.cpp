// Whom an agent has dialled outside, in one conference with the caller: a journey of its own, whose
// lane says `conference` for as long.
#include "acd/floor.hpp"

#include <utility>

namespace holdfast::acd {

void Floor::outsider_joined(CallId id, When when) {
    auto& c = entry(id);
    c.call.passed.confers = true;
    if (agent_holds(c.call.hold))
        hold_step(c, hold::agent_resumed, when);
    else
        step_caller(c, LaneEvent::conference_began, together(when, &c, nullptr));
    touch(c);
}

void Floor::outsider_alone(CallId id, When when) {
    auto& c = entry(id);
    c.call.passed.confers = false;
    step_caller(c, LaneEvent::conference_ended, together(when, &c, nullptr));
    touch(c);
}

void Floor::outsider_passed(CallId id, AgentId agent) {
    auto& c = entry(id);
    c.call.agent = agent;
    touch(c);
}

void Floor::outsider_ended(CallId id, When when) {
    auto& c = entry(id);
    if (const AgentId who = std::exchange(c.call.agent, {}); who && c.call.beside)
        side_call_passed(who, is_active(c.call));
    c.call.beside = false;
    agent_hung_up(id, when);
}

}  // namespace holdfast::acd
