// The agent's day: login, ready and not ready, wrap-up, absence, calls outside the queues.
#include "acd/floor.hpp"

#include <utility>

namespace holdfast::acd {

LoginResult Floor::log_in(AgentId id, DeviceId device, When when) {
    auto& a = entry(id);
    if (agent::in_call.has(a.agent.lane.state)) return LoginResult::in_call;
    if (const AgentId other = agent_at(device); other && other != id) {
        if (agent::in_call.has(entry(other).agent.lane.state)) return LoginResult::phone_in_call;
        log_out(other, when);
    }
    const bool moves = a.agent.lane.state != agent::logged_out && a.agent.device != device;
    a.agent.device = device;
    a.agent.device_lost = false;
    touch(a);
    if (a.agent.lane.state == agent::logged_out) {
        a.agent.shift = new_uuid(when.at);
        a.agent.lane = {agent::logged_out, when.at, 1};
        a.agent.idle_since = when.at;
        a.agent.logout_wished = false;
        a.agent.pause_wished = !settings_.ready_after_login;
        const auto& s = settings_.agents[id.value - 1];
        add_row(ShiftOpened{a.agent.shift,
                            s.number,
                            s.name,
                            settings_.devices[device.value - 1].name,
                            when.at,
                            stamp_of(when.at)});
        if (a.agent.pause_wished) note_pause(a, PauseReason::logged_in);
    }
    step_agent(a, LaneEvent::agent_logged_in, together(when, nullptr, &a));
    return moves ? LoginResult::moved : LoginResult::done;
}

void Floor::log_out(AgentId id, When when) {
    auto& a = entry(id);
    if (agent::in_call.has(a.agent.lane.state)) {
        a.agent.logout_wished = true;
        touch(a);
        return;
    }
    step_agent(a, LaneEvent::agent_logged_out, together(when, nullptr, &a));
}

void Floor::end_shift(AgentEntry& a) {
    a.agent.device = settings_.agents[a.agent.id.value - 1].bound_device;
    a.agent.device_lost = false;
    a.agent.logout_wished = false;
    a.agent.pause_reason = {};
    a.agent.side_calls = a.agent.side_active = 0;
    a.agent.side_answered = false;
}

void Floor::make_ready(AgentId id, When when) {
    auto& a = entry(id);
    a.agent.pause_wished = false;
    touch(a);
    step_agent(a, LaneEvent::agent_readied, together(when, nullptr, &a));
    if (a.agent.lane.state != agent::not_ready) a.agent.pause_reason = {};
}

void Floor::pause(AgentId id, PauseReason reason, std::uint8_t code, When when) {
    auto& a = entry(id);
    const Instant at = together(when, nullptr, &a);
    if (a.agent.lane.state == agent::not_ready &&
        (a.agent.pause_reason != reason || a.agent.pause_code != code)) {
        auto& row = cut(a, agent::not_ready, at);
        row.ended_by = text(LaneEvent::agent_paused);
        row.reason = reason_text(a.agent.pause_reason, a.agent.pause_code);
    }
    note_pause(a, reason, code);
    step_agent(a, LaneEvent::agent_paused, at);
}

void Floor::note_pause(AgentEntry& a, PauseReason reason, std::uint8_t code) {
    a.agent.pause_wished = true;
    a.agent.pause_reason = reason;
    a.agent.pause_code = code;
    touch(a);
}

void Floor::device_lost(DeviceId device, When when) {
    const AgentId id = agent_at(device);
    if (!id) return;
    auto& a = entry(id);
    a.agent.device_lost = true;
    touch(a);
    if (agent::offered.has(a.agent.lane.state)) {
        effects_.push_back(CancelPhone{a.agent.offer, Withdrawal::agent_lost});
        phone_failed(a.agent.offer, 0, when);
    } else if (!agent::in_call.has(a.agent.lane.state)) {
        step_agent(a, LaneEvent::agent_lost, together(when, nullptr, &a));
    }
}

void Floor::device_returned(DeviceId device, When when) {
    const AgentId id = agent_at(device);
    if (!id) return;
    auto& a = entry(id);
    if (std::exchange(a.agent.device_lost, false)) touch(a);
    step_agent(a, LaneEvent::agent_returned, together(when, nullptr, &a));
    unsettled_ = true;
}

void Floor::device_in_use(DeviceId device, bool used) {
    if (used)
        devices_in_use_.insert(device);
    else if (devices_in_use_.erase(device) > 0)
        unsettled_ = true;
}

/// What waited for the end of the call: another call that goes on, a phone that is gone, a wish to
/// log out, no wrap-up.
void Floor::after_call(AgentEntry& a, Instant at) {
    if (agent::in_call.has(a.agent.lane.state)) return;
    if (a.agent.side_calls > 0) {
        step_agent(a, LaneEvent::agent_dialled, at);
        if (a.agent.side_answered) step_agent(a, LaneEvent::colleague_answered, at);
        return;
    }
    if (a.agent.lane.state == agent::wrapping && a.agent.wrap_up == 0us) {
        set_deadline(a, AgentTimer::wrap_limit, never);
        step_agent(a, agent::wrap_limit, at);
    }
    if (a.agent.device_lost) step_agent(a, LaneEvent::agent_lost, at);
    if (a.agent.logout_wished) step_agent(a, LaneEvent::agent_logged_out, at);
}

void Floor::side_call_began(AgentId id, bool called, When when) {
    auto& a = entry(id);
    const Instant at = together(when, find(a.agent.call), &a);
    ++a.agent.side_calls;
    touch(a);
    if (agent::connected.has(a.agent.lane.state)) return step_main(a, LaneEvent::consult_began, at);
    step_agent(a, called ? LaneEvent::agent_called : LaneEvent::agent_dialled, at);
}

void Floor::colleague_answered(AgentId id, When when) {
    auto& a = entry(id);
    const Instant at = together(when, find(a.agent.call), &a);
    if (a.agent.side_calls == 0) return;
    a.agent.side_answered = true;
    ++a.agent.side_active;
    touch(a);
    if (agent::connected.has(a.agent.lane.state))
        return step_main(a, LaneEvent::conference_began, at);
    // Beside a call to the outside that still rings: the lane is that one's.
    if (a.agent.lane.state == agent::dialing && a.agent.call) return;
    step_agent(a, LaneEvent::colleague_answered, at);
}

void Floor::side_call_held(AgentId id, bool held, When when) {
    auto& a = entry(id);
    const Instant at = together(when, find(a.agent.call), &a);
    if (held && a.agent.side_active > 0) --a.agent.side_active;
    if (!held && a.agent.side_active < a.agent.side_calls) ++a.agent.side_active;
    touch(a);
    if (a.agent.side_active == 0)
        step_main(a, LaneEvent::conference_ended, at);
    else
        step_main(a, LaneEvent::conference_began, at);
}

void Floor::side_call_passed(AgentId id, bool active) {
    auto& a = entry(id);
    if (a.agent.side_calls > 0) --a.agent.side_calls;
    if (active && a.agent.side_active > 0) --a.agent.side_active;
    if (a.agent.side_calls == 0) a.agent.side_answered = false, a.agent.side_active = 0;
    touch(a);
}

void Floor::side_call_ended(AgentId id, bool active, When when) {
    auto& a = entry(id);
    const Instant at = together(when, find(a.agent.call), &a);
    side_call_passed(id, active);
    if (agent::connected.has(a.agent.lane.state)) {
        if (a.agent.side_active == 0) step_main(a, LaneEvent::conference_ended, at);
        if (a.agent.side_calls == 0) step_main(a, LaneEvent::consult_ended, at);
        return;
    }
    if (a.agent.side_calls > 0) {
        if (!a.agent.call && a.agent.side_answered)
            step_agent(a, LaneEvent::colleague_answered, at);
        return;
    }
    step_agent(a, LaneEvent::side_call_ended, at);
    after_call(a, at);
}

void Floor::set_deadline(AgentEntry& a, AgentTimer timer, Instant at) {
    const auto i = static_cast<std::size_t>(timer);
    a.agent.due[i] = at;
    if (at == never)
        deadlines_.stop(a.timers[i]);
    else
        deadlines_.arm(a.timers[i],
                       at,
                       {DeadlineOwner::agent, static_cast<std::uint8_t>(timer), a.agent.id.value});
    touch(a);
}

}  // namespace holdfast::acd
