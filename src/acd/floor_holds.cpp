// Holds: who holds whom; and those that last: what the agent has said of them, the reminder, the
// alarm.
#include "acd/floor.hpp"
#include "acd/marks.hpp"

#include <algorithm>

namespace holdfast::acd {
namespace {

// What was said belongs to the hold that begins within that time.
constexpr Micros note_lasts = 60s;
// The agent is reminded so long before the promise ends.
constexpr Micros reminded_before = 30s;
// Music has begun by then.
constexpr Micros promise_told_after = 1s;

constexpr Set waits{caller::held, caller::consult};

}  // namespace

/// What the hold table orders, for one call.
struct Floor::HoldRoom {
    Floor& floor;
    CallEntry& c;
    Instant at;

    bool holds(hold::Guard) const { return true; }
    void start(hold::Timer) {}
    void stop(hold::Timer) {}
    void perform(hold::Action action) {
        auto& call = c.call;
        switch (action) {
            case hold::begin_hold:
                floor.step_both(c, LaneEvent::agent_held, at);
                break;
            case hold::end_hold:
                floor.step_both(c, LaneEvent::agent_resumed, at);
                break;
            case hold::music_to_caller:
                floor.effects_.push_back(PlayToCaller{call.id, Playing::music, call.queue});
                break;
            case hold::caller_to_agent:  // not while the caller is passed on
                if (call.lane.state == caller::talking || call.lane.state == caller::conference)
                    floor.effects_.push_back(ResumeCaller{call.id});
                break;
            case hold::mark_caller_hold:
                call.held_by_caller_since = at;
                break;
            case hold::unmark_caller_hold:
                floor.add_row(
                    mark_of(call.journey, MarkKind::held_by_caller, call.held_by_caller_since, at));
                break;
        }
    }
};

void Floor::hold_step(CallEntry& c, hold::Event event, When when) {
    if (!caller::served.has(c.call.lane.state)) return;
    AgentEntry* a = c.call.agent ? &entry(c.call.agent) : nullptr;
    const bool was_active = is_active(c.call);
    const Instant at = together(when, &c, a);
    HoldRoom room{*this, c, at};
    step<hold::Machine>(c.call.hold, event, room);
    follow_talk(c, false, at);
    touch(c);
    const bool own = event == hold::agent_held || event == hold::agent_resumed;
    if (a != nullptr && c.call.beside && own && was_active != is_active(c.call))
        side_call_held(c.call.agent, was_active, {at, when.now});
}

void Floor::agent_held(CallId id, When when) {
    if (auto* c = find(id)) hold_step(*c, hold::agent_held, when);
}
void Floor::agent_resumed(CallId id, When when) {
    if (auto* c = find(id)) hold_step(*c, hold::agent_resumed, when);
}
void Floor::caller_held(CallId id, When when) {
    auto* c = find(id);
    if (c == nullptr) return;
    hold_step(*c, hold::caller_held, when);
    dialler_held(*c, true, when);
}
void Floor::caller_resumed(CallId id, When when) {
    auto* c = find(id);
    if (c == nullptr) return;
    hold_step(*c, hold::caller_resumed, when);
    dialler_held(*c, false, when);
}

bool Floor::hold_explained(AgentId id, HoldReason reason, Micros promise, When when) {
    auto* c = find(entry(id).agent.call);
    if (c == nullptr || !caller::connected.has(c->call.lane.state)) return false;
    auto& note = c->call.note;
    note.reason = reason;
    note.promise = promise;
    note.given = when.at;
    touch(*c);
    if (note.holding) start_hold_clocks(*c);
    return true;
}

/// After a change of the caller's state: a hold begins, goes on while somebody is asked, or ends.
void Floor::hold_clocks(CallEntry& c, caller::State was, Instant at) {
    const bool is = waits.has(c.call.lane.state);
    if (is == waits.has(was)) return;
    auto& note = c.call.note;
    note.holding = is;
    touch(c);
    if (!is) {
        note.given = {};  // nothing is said of the next one; the agent's lane still reads this one
        set_deadline(c, CallTimer::hold_reminder, never);
        set_deadline(c, CallTimer::hold_alarm, never);
        set_deadline(c, CallTimer::comfort, never);
        return;
    }
    if (at - note.given > note_lasts) note.reason = HoldReason::none, note.promise = {};
    note.began = at;
    start_hold_clocks(c);
}

void Floor::start_hold_clocks(CallEntry& c) {
    if (!c.call.queue) return;
    const auto& s = queue_settings(c.call.queue);
    const auto& note = c.call.note;
    // A promise counts from when it was given, or from the hold.
    const Instant promised = std::max(note.given, note.began) + note.promise;
    const Micros before = std::min(reminded_before, note.promise / 2);
    Instant remind = s.hold_reminder == 0s ? never : note.began + s.hold_reminder;
    if (note.promise > 0s) remind = promised - before;
    set_deadline(c, CallTimer::hold_reminder, remind);
    Instant alarm = s.hold_alarm == 0s ? never : note.began + s.hold_alarm;
    if (alarm != never && note.promise > 0s) alarm = std::max(alarm, promised);
    set_deadline(c, CallTimer::hold_alarm, alarm);
    const Instant told = std::max(note.given, note.began) + promise_told_after;
    set_deadline(c, CallTimer::comfort, note.promise > 0s ? told : never);
}

/// The promise is told at once, and once more when half of it is over.
void Floor::promise_due(CallEntry& c, Instant now) {
    const auto& note = c.call.note;
    if (!note.holding || note.promise == 0s) return;
    const Instant from = std::max(note.given, note.began);
    const Instant half = from + note.promise / 2;
    const bool again = now >= half;
    if (c.call.lane.state != caller::transferring)
        effects_.push_back(TellPromise{c.call.id, from + note.promise - now, again});
    if (!again) set_deadline(c, CallTimer::comfort, half);
}

/// Who asks somebody else meanwhile needs no reminder: the next one comes.
void Floor::held_long(CallEntry& c, Instant now) {
    const auto& s = queue_settings(c.call.queue);
    if (c.call.lane.state == caller::held)
        effects_.push_back(RemindAgent{c.call.id, now - c.call.note.began});
    if (s.hold_reminder > 0s) set_deadline(c, CallTimer::hold_reminder, now + s.hold_reminder);
}

void Floor::held_too_long(CallEntry& c, Instant now) {
    effects_.push_back(AlarmHold{c.call.id, now - c.call.note.began});
    if (!queue_settings(c.call.queue).requeue_after_alarm) return;
    const CallId id = c.call.id;
    if (!send_to_queue(id, c.call.queue, {now, now})) effects_.push_back(HangUpAgent{id});
}

}  // namespace holdfast::acd
