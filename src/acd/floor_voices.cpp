// Who speaks: silences of a talk, or of a conference, in which nobody holds, as marks in the
// caller's lane.
#include "acd/floor.hpp"
#include "acd/marks.hpp"

#include <algorithm>

namespace holdfast::acd {
namespace {

// What was said of the customer's work belongs to a silence that lasts too long within that time.
constexpr Micros work_note_lasts = 60s;
// What is left of a mute within a talk may be shorter than what the media process told.
constexpr Micros least_mute = 2s;

}  // namespace

/// What the table orders, for one call.
struct Floor::SilenceRoom {
    Floor& floor;
    CallEntry& c;
    Instant at;

    Listening& listening() const { return c.call.listening; }
    const QueueSettings& queue() const { return floor.queue_settings(c.call.queue); }

    bool holds(dead_air::Guard guard) const {
        return guard == dead_air::always || at - listening().work_said <= work_note_lasts;
    }
    void start(dead_air::Timer timer) {
        const Micros after =
            timer == dead_air::mark_limit ? queue().dead_air : queue().dead_air_tone;
        const Instant due = listening().silent_since + after;
        floor.set_deadline(c, CallTimer::dead_air, after > 0s ? due : never);
    }
    void stop(dead_air::Timer) {
        // Both share one deadline, and a state has one of them.
        const bool one_runs = may_run<dead_air::Machine>(listening().state).bits != 0;
        const auto due = c.call.due[static_cast<std::size_t>(CallTimer::dead_air)];
        if (!one_runs && due != never) floor.set_deadline(c, CallTimer::dead_air, never);
    }

    void perform(dead_air::Action action) {
        switch (action) {
            case dead_air::begin_measuring:
                listening().measured_since =
                    std::max(std::ranges::max(c.voice_since), listening().marked_until);
                listening().counted_until = listening().measured_since;
                listening().mute = c.mute;
                listening().mute_since = std::max(c.mute_since, listening().measured_since);
                break;
            case dead_air::begin_silence:
                listening().silent_since =
                    std::max(std::ranges::max(c.voice_since), listening().measured_since);
                break;
            case dead_air::end_measuring:
                at = std::max(at, listening().marked_until);
                mark_mute();
                mark(MarkKind::voice_measured, listening().measured_since);
                count(0s);
                break;
            case dead_air::mark_dead_air:
                if (is_long()) count(mark(MarkKind::dead_air, listening().silent_since));
                break;
            case dead_air::mark_working:
                if (is_long()) mark(MarkKind::customer_working, listening().silent_since);
                listening().work_said = {};
                break;
            case dead_air::warn_agent:
                floor.effects_.push_back(WarnOfSilence{c.call.id});
                break;
        }
    }
    /// A voice that began before the limit may be told after it.
    bool is_long() const { return at - listening().silent_since >= queue().dead_air; }
    /// Up to `at`: the event that cuts the segment may have its stamp before a voice's.
    Micros mark(MarkKind kind, Instant began) const {
        if (began >= at) return {};
        floor.add_row(mark_of(c.call.journey, kind, began, at));
        listening().marked_until = std::max(listening().marked_until, at);
        return at - began;
    }
    /// Of a microphone that is open there is nothing to say.
    void mark_mute() const {
        const auto& [mute, since] = std::pair{listening().mute, listening().mute_since};
        if (mute == Mute::muted && at - since >= least_mute) mark(MarkKind::muted, since);
        if (mute == Mute::unseen) mark(MarkKind::mute_unseen, since);
    }
    /// The talk up to here, so that of it no more than all is silence.
    void count(Micros silence) const {
        auto& until = listening().counted_until;
        floor.count_measured(c, std::max(at - until, Micros{}), silence);
        until = std::max(until, at);
    }
};

void Floor::silence_step(CallEntry& c, dead_air::Machine::Cause cause, Instant at) {
    auto& listening = c.call.listening;
    const auto was = listening.state;
    SilenceRoom room{*this, c, at};
    step<dead_air::Machine>(listening.state, cause, room);
    if (listening.state != was) touch(c);
}

void Floor::count_measured(const CallEntry& c, Micros talk, Micros silence) {
    auto& queue = entry(c.call.queue).today;
    queue.talk_measured += talk;
    queue.dead_air += silence;
    touch(c.call.queue);
    if (!c.call.agent) return;
    auto& a = entry(c.call.agent);
    a.today.talk_measured += talk;
    a.today.dead_air += silence;
    touch(a);
}

/// Of two who talk there are no others; who they are in a conference is told.
void Floor::know_nothing(CallEntry& c, Instant at) {
    c.voices = {};
    c.mute = {};
    c.voice_since.fill(at);
    if (c.call.lane.state != caller::conference)
        c.voices[static_cast<std::size_t>(Side::others)] = Voice::silent;
}

/// After a change of who talks or holds. `cut`: the talk goes on as another segment.
void Floor::follow_talk(CallEntry& c, bool cut, Instant at) {
    const Call& call = c.call;
    constexpr Set together{caller::talking, caller::conference};
    const bool talks = together.has(call.lane.state) && call.hold == hold::talking && call.queue &&
                       queue_settings(call.queue).dead_air > 0s;
    const bool listens = call.listening.state != dead_air::apart;
    if (listens && (!talks || cut)) silence_step(c, dead_air::talk_ended, at);
    if (!talks || (listens && !cut)) return;
    know_nothing(c, at);
    c.call.listening.began = at;
    silence_step(c, dead_air::talk_began, at);
    effects_.push_back(ListenToTalk{call.id});
}

void Floor::voice(CallId id, Side side, Voice voice, Instant since, When when) {
    auto* c = find(id);
    if (c == nullptr || c->call.listening.state == dead_air::apart) return;
    const auto i = static_cast<std::size_t>(side);
    const Instant began = c->call.listening.began;
    c->voices[i] = voice;
    c->voice_since[i] = std::clamp(since, began, std::max(when.now, began));
    const auto is = [&](Voice v) { return std::ranges::find(c->voices, v) != c->voices.end(); };
    const auto event = is(Voice::unseen)     ? dead_air::sight_lost
                       : is(Voice::speaking) ? dead_air::voice_heard
                                             : dead_air::silence_fell;
    silence_step(*c, event, c->voice_since[i]);
}

void Floor::muted(CallId id, Mute mute, Instant since, When when) {
    auto* c = find(id);
    if (c == nullptr || c->call.listening.state == dead_air::apart) return;
    auto& listening = c->call.listening;
    c->mute = mute;
    c->mute_since = std::clamp(since, listening.began, std::max(when.now, listening.began));
    if (listening.state == dead_air::unseen || listening.mute == mute) return;
    const Instant at = std::max(c->mute_since, listening.mute_since);
    SilenceRoom{*this, *c, at}.mark_mute();
    listening.mute = mute;
    listening.mute_since = at;
    touch(*c);
}

bool Floor::customer_works(AgentId id, When when) {
    auto* c = find(entry(id).agent.call);
    if (c == nullptr || c->call.listening.state == dead_air::apart) return false;
    c->call.listening.work_said = when.at;
    silence_step(*c, dead_air::work_said, when.at);
    touch(*c);
    return true;
}

void Floor::lost_sight(Instant at) {
    for (const CallId id : calls()) {
        auto& c = entry(id);
        if (c.call.listening.state == dead_air::apart) continue;
        know_nothing(c, at);
        silence_step(c, dead_air::sight_lost, at);
        c.call.listening.began = std::max(c.call.listening.began, at);
        touch(c);
    }
}

void Floor::silent_long(CallEntry& c, Instant now) {
    silence_step(
        c,
        c.call.listening.state == dead_air::quiet ? dead_air::mark_limit : dead_air::warn_limit,
        now);
}

}  // namespace holdfast::acd
