// Holds that last: what the agent has said of them, the reminder, the alarm.
#include "acd/floor.hpp"

#include <algorithm>

namespace holdfast::acd {
namespace {

// What was said belongs to the hold that begins within that time.
constexpr Micros note_lasts = 60s;
// The agent is reminded so long before the promise ends.
constexpr Micros reminded_before = 30s;

constexpr Set waits{caller::held, caller::consult};

}  // namespace

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
