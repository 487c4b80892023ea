// Stepping the lanes and cutting their segments: the one place where rows are made.
#include "acd/floor.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::acd {

template <class What>
LedgerRow& Floor::add_row(What what) {
    const auto number = state_.next_row++;
    changed_.rows.push_back(number);
    changed_.floor = true;
    return outbox_.emplace_hint(outbox_.end(), number, LedgerRow{number, std::move(what)})->second;
}
template LedgerRow& Floor::add_row(JourneyOpened);
template LedgerRow& Floor::add_row(ShiftOpened);
template LedgerRow& Floor::add_row(MarkClosed);

bool agent_holds(hold::State state) {
    return state == hold::held || state == hold::apart;
}

bool is_active(const Call& call) {
    return caller::served.has(call.lane.state) && !agent_holds(call.hold);
}

/// Gathers what a row of the caller's table orders.
struct Floor::CallerRoom {
    const CallEntry& c;
    const Agent* agent;  ///< Who has the caller, if anybody.
    bool short_wait;
    bool cut = false, answered = false;
    Outcome outcome{};

    bool holds(caller::Guard guard) const {
        switch (guard) {
            case caller::always:
                return true;
            case caller::short_wait:
                return short_wait;
            case caller::consults:
                return agent != nullptr && agent->side_calls > 0;
            case caller::confers:
                return c.call.passed.confers || (agent != nullptr && agent->side_active > 0);
            case caller::holds:
                return agent_holds(c.call.hold);
        }
        return false;
    }
    void start(caller::Timer) {}
    void stop(caller::Timer) {}
    void perform(caller::Action action) {
        switch (action) {
            case caller::cut_here:
                cut = true;
                break;
            case caller::count_answered:
                answered = true;
                break;
            case caller::end_completed:
                outcome = Outcome::completed;
                break;
            case caller::end_abandoned:
                outcome = Outcome::abandoned;
                break;
            case caller::end_short_abandoned:
                outcome = Outcome::short_abandoned;
                break;
            case caller::end_abandoned_on_hold:
                outcome = Outcome::abandoned_on_hold;
                break;
            case caller::end_refused:
                outcome = Outcome::refused;
                break;
            case caller::end_diverted:
                outcome = Outcome::diverted;
                break;
        }
    }
};

struct Floor::AgentRoom {
    Floor& floor;
    AgentEntry& a;
    Instant at;
    std::uint16_t status;

    bool holds(agent::Guard guard) const {
        switch (guard) {
            case agent::always:
                return true;
            case agent::pause_wished:
                return a.agent.pause_wished;
            case agent::consults:
                return a.agent.side_calls > 0;
            case agent::confers:
                return a.agent.side_active > 0;
            case agent::holds: {
                const auto* call = floor.call(a.agent.call);
                return call != nullptr && agent_holds(call->hold);
            }
        }
        return false;
    }
    void start(agent::Timer timer) {
        const bool wrap = timer == agent::wrap_limit;
        const Micros length = wrap ? a.agent.wrap_up : floor.settings_.absence_limit;
        floor.set_deadline(
            a, wrap ? AgentTimer::wrap_limit : AgentTimer::absence_limit, at + length);
    }
    void stop(agent::Timer timer) {
        floor.set_deadline(
            a,
            timer == agent::wrap_limit ? AgentTimer::wrap_limit : AgentTimer::absence_limit,
            never);
    }
    void perform(agent::Action action) {
        switch (action) {
            case agent::mark_missed:
                ++a.today.missed;
                floor.note_pause(a, PauseReason::rona);
                break;
            case agent::mark_refused:
                ++a.today.rejected;
                floor.note_pause(
                    a, status / 100 == 3 ? PauseReason::forwarded : PauseReason::rejected);
                break;
            case agent::mark_lost:
                a.agent.device_lost = true;
                break;
            case agent::mark_idle:
                a.agent.idle_since = at;
                break;
        }
    }
};

/// The one instant for every lane an event touches: when it happened, but neither before a boundary
/// or the end of a mark that is already written nor after the present.
Instant Floor::together(const When& when, const CallEntry* c, const AgentEntry* a) const {
    Instant at = when.at;
    const auto after = [&at](const AgentEntry& e) {
        if (e.agent.lane.state != agent::logged_out) at = std::max(at, e.agent.lane.began);
    };
    if (a != nullptr) after(*a);
    if (c != nullptr) {
        at = std::max({at, c->call.lane.began, c->call.listening.marked_until});
        for (const Offer& o : c->call.offers)
            after(agents_[o.agent.value - 1]);
    }
    return std::min(at, std::max(when.now, when.at));
}

void Floor::step_caller(CallEntry& c, LaneEvent event, Instant at, std::uint16_t status) {
    const auto was = c.call.lane.state;
    const bool in_queue = bool{c.call.queue};
    const bool short_wait =
        in_queue && at - c.call.visit_began <= queue_settings(c.call.queue).short_abandon;
    const Agent* who = c.call.agent ? &entry(c.call.agent).agent : nullptr;
    CallerRoom room{c, who != nullptr && who->call == c.call.id ? who : nullptr, short_wait};
    if (step<caller::Machine>(c.call.lane.state, event, room) == nullptr) return;
    if (was == c.call.lane.state && !room.cut) return;
    c.outcome = room.outcome;
    follow_talk(c, true, at);
    stop_masking(c, at, false);
    cut(c, was, event, at, status);
    hold_clocks(c, was, at);
    if (!in_queue) return;
    auto& today = entry(c.call.queue).today;
    if (room.outcome == Outcome::refused) ++today.refused;
    if (room.outcome == Outcome::abandoned_on_hold) ++today.abandoned_on_hold;
    const bool waiting = was == caller::queued || was == caller::ringing;
    if (waiting && !c.call.counted) count_wait(c, room.answered, at - c.call.visit_began);
    touch(c.call.queue);
}

/// A wait that has come to its end, once a call: answered, or given up.
void Floor::count_wait(CallEntry& c, bool answered, Micros waited) {
    auto& today = entry(c.call.queue).today;
    const bool short_wait = c.outcome == Outcome::short_abandoned;
    const bool abandoned = short_wait || c.outcome == Outcome::abandoned;
    if (!answered && !abandoned) return;
    c.call.counted = true;
    today.longest_wait = std::max(today.longest_wait, waited);
    if (abandoned) {
        ++today.abandoned;
        if (short_wait) ++today.short_abandoned;
        return;
    }
    ++today.answered;
    today.wait_of_answered += waited;
    if (waited <= queue_settings(c.call.queue).service_level_target) ++today.answered_in_target;
}

/// The one whose phone rang for all of it. Who picks up what rings elsewhere has the talk behind
/// it, and was offered nothing before.
AgentId Floor::rang_alone(const CallEntry& c) const {
    if (c.call.offers.size() != 1) return {};
    const AgentId who = c.call.offers.front().agent;
    const auto& lane = agents_[who.value - 1].agent.lane;
    const bool picked_up = lane.state == agent::reserved && lane.began > c.call.lane.began;
    return picked_up ? AgentId{} : who;
}

void Floor::cut(CallEntry& c, caller::State was, LaneEvent by, Instant at, std::uint16_t status) {
    auto& lane = c.call.lane;
    SegmentClosed s;
    s.lane_kind = LaneKind::caller;
    s.lane = c.call.journey;
    s.journey = c.call.journey;
    s.number = lane.number++;
    s.kind = text(was);
    s.ended_by = text(by);
    AgentId who = c.call.agent;
    if (was == caller::ringing) who = rang_alone(c);
    if (who && !c.call.beside) s.agent = settings_.agents[who.value - 1].number;
    if (c.call.queue) s.queue = queue_settings(c.call.queue).name;
    if (was == caller::held && c.call.note.reason != HoldReason::none)
        s.reason = text(c.call.note.reason);
    s.began = lane.began;
    s.ended = at;
    s.stamp = stamp_of(lane.began);
    s.sip_status = status;
    s.outcome = c.outcome;
    lane.began = at;
    add_row(std::move(s));
    touch(c);
}

void Floor::step_agent(AgentEntry& a,
                       agent::Machine::Cause cause,
                       Instant at,
                       std::uint16_t status) {
    const auto was = a.agent.lane.state;
    auto reason = was == agent::not_ready ? reason_text(a.agent.pause_reason, a.agent.pause_code)
                                          : std::string{};
    if (const Call* c = was == agent::held ? call(a.agent.call) : nullptr;
        c != nullptr && c->note.reason != HoldReason::none)
        reason = text(c->note.reason);
    AgentRoom room{*this, a, at, status};
    if (step<agent::Machine>(a.agent.lane.state, cause, room) == nullptr) return;
    if (was == a.agent.lane.state) return;
    if (was != agent::logged_out) {
        auto& row = cut(a, was, at);
        row.ended_by = cause.is_timer() ? text(cause.timer()) : text(cause.event());
        row.reason = reason;
        row.sip_status = status;
    }
    moved(a, was);
}

SegmentClosed& Floor::cut(AgentEntry& a, agent::State was, Instant at) {
    auto& lane = a.agent.lane;
    SegmentClosed s;
    s.lane_kind = LaneKind::agent;
    s.lane = a.agent.shift;
    s.number = lane.number++;
    s.kind = text(was);
    s.agent = settings_.agents[a.agent.id.value - 1].number;
    s.journey = a.agent.journey;
    if (a.agent.queue) s.queue = queue_settings(a.agent.queue).name;
    s.began = lane.began;
    s.ended = at;
    s.stamp = stamp_of(lane.began);
    if (lane.state == agent::logged_out) s.outcome = Outcome::ended;
    const Micros length = at - lane.began;
    if (was == agent::held) {
        const Call* c = call(a.agent.call);
        ++a.today.holds;
        if (c == nullptr || c->note.reason == HoldReason::none) ++a.today.holds_unexplained;
    }
    if (was == agent::talking) a.today.talk += length;
    // What the caller waits through for the agent's sake, whether or not somebody else is asked.
    if (was == agent::held || was == agent::consult || was == agent::transferring)
        a.today.hold += length;
    if (was == agent::conference) a.today.talk += length;
    if (was == agent::wrapping) a.today.wrap += length;
    lane.began = at;
    return std::get<SegmentClosed>(add_row(std::move(s)).what);
}

/// What follows from an agent's new state: who counts as there, and what is over.
void Floor::moved(AgentEntry& a, agent::State was) {
    constexpr Set absent{agent::logged_out, agent::unreachable};
    const auto is = a.agent.lane.state;
    if (absent.has(was) != absent.has(is))
        for (const QueueId q : settings_.agents[a.agent.id.value - 1].queues)
            entry(q).logged_in += absent.has(is) ? std::size_t(-1) : 1;
    if (was == agent::not_ready && is != agent::not_ready) a.agent.pause_reason = {};
    constexpr Set with_call = agent::in_queue_call | Set{agent::wrapping};
    if (!with_call.has(is)) a.agent.call = {}, a.agent.offer = {}, a.agent.queue = {};
    if (!with_call.has(is)) a.agent.journey = {};
    if (is == agent::logged_out) end_shift(a);
    unsettled_ = true;
    touch(a);
}

Stamp Floor::stamp_of(Instant at) const {
    const auto& past = state_.past;
    const auto held = std::ranges::find_if(past, [&](const auto& p) { return at < p.until; });
    const auto& anchor = held == past.end() ? state_.anchor : held->anchor;
    const auto utc = wall_of(anchor, at);
    return {utc, utc_offset_at(anchor, utc)};
}

/// RFC 9562 5.7: 48 bits of Unix milliseconds, version 7, 74 random bits.
Uuid Floor::new_uuid(Instant at) {
    const auto utc = wall_of(state_.anchor, at).time_since_epoch();
    const auto ms = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(utc).count());
    Uuid uuid{};
    for (std::size_t i = 0; i < 6; ++i)
        uuid[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    for (std::size_t i = 6; i < 16; ++i)
        uuid[i] = static_cast<std::uint8_t>(random_.u32());
    uuid[6] = static_cast<std::uint8_t>(0x70 | (uuid[6] & 0x0f));
    uuid[8] = static_cast<std::uint8_t>(0x80 | (uuid[8] & 0x3f));
    return uuid;
}

std::string reason_text(PauseReason reason, std::uint8_t code) {
    switch (reason) {
        case PauseReason::none:
            return {};
        case PauseReason::code:
            return std::to_string(code);
        case PauseReason::logged_in:
        case PauseReason::chosen:
        case PauseReason::rona:
        case PauseReason::rejected:
        case PauseReason::supervisor:
        case PauseReason::forwarded:
            break;
    }
    return std::string{text(reason)};
}

}  // namespace holdfast::acd
