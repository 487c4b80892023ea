#include "engine/floor_figures.hpp"

#include <algorithm>
#include <numeric>

namespace holdfast::engine {

using wallboard::ScopeFigures;
using wallboard::whole_centre;

void Ages::remove(Instant since, CallId call) {
    if (young_.erase({since, call}) == 0) old_.erase({since, call});
}

std::optional<Instant> Ages::oldest() const {
    // One that has changed is young again until the next count, however long it has lasted.
    std::optional<Instant> first;
    for (const Since* ages : {&young_, &old_})
        if (!ages->empty() && (!first || ages->begin()->first < *first))
            first = ages->begin()->first;
    return first;
}

std::uint32_t Ages::past_limit(Instant now) {
    while (!young_.empty() && now - young_.begin()->first > limit_)
        old_.insert(young_.extract(young_.begin()));
    return static_cast<std::uint32_t>(old_.size());
}

void FloorFigures::Window::move_to(Instant now) {
    const auto present = std::chrono::floor<std::chrono::minutes>(now.time_since_epoch()).count();
    const auto passed = std::min<std::int64_t>(present - minute, minutes);
    for (std::int64_t i = 1; i <= passed; ++i) {
        const auto slot = static_cast<std::size_t>((present - passed + i) % std::int64_t{minutes});
        ended[slot] = in_target[slot] = 0;
    }
    minute = std::max(minute, present);
}

FloorFigures::FloorFigures(const acd::Floor& floor, Micros hold_limit) : floor_{floor} {
    const auto& s = floor.settings();
    // A caller of no queue has no target: nothing is ever added to those visits.
    const auto add_scope = [&](Micros target, bool escalation) {
        scopes_.push_back({Ages{wallboard::two_minutes},
                           Ages{target},
                           Ages{hold_limit},
                           Ages{0s},
                           {},
                           {},
                           escalation});
    };
    add_scope(0s, false);
    for (const auto& q : s.queues)
        add_scope(q.service_level_target, q.escalation);
    figures_.scopes.resize(scopes_.size());
    agents_.resize(s.agents.size());
    for (std::uint32_t i = 1; i <= agents_.size(); ++i) {
        const auto out = static_cast<std::size_t>(acd::agent::logged_out);
        ++shown(whole_centre).agents[out];
        for (const QueueId q : s.agents[i - 1].queues)
            ++shown(q.value).agents[out];
    }
}

void FloorFigures::rebuild(Instant now) {
    for (const CallId id : floor_.calls())
        take(id);
    for (std::uint32_t i = 1; i <= agents_.size(); ++i)
        take(AgentId{i});
    for (std::uint32_t i = 1; i < scopes_.size(); ++i) {
        // What the last life counted is today's, and not of the last minutes.
        scopes_[i].seen = floor_.today(QueueId{i});
        take(QueueId{i}, now);
    }
    time_passed(now);
}

void FloorFigures::changed(const acd::Changed& what, Instant now) {
    figures_.at = now;
    for (const CallId id : what.calls)
        take(id);
    for (const AgentId id : what.agents)
        take(id);
    for (const QueueId id : what.queues)
        take(id, now);
}

FloorFigures::Counted FloorFigures::counted(const acd::Call& call) {
    Counted c{call.kind == acd::CallKind::queue ? call.queue.value : whole_centre,
              Phase::none,
              call.entered,
              call.visit_began,
              call.lane.began,
              never};
    constexpr Set waits{acd::caller::queued, acd::caller::ringing};
    if (waits.has(call.lane.state)) c.phase = Phase::waiting;
    constexpr Set talks{acd::caller::talking, acd::caller::conference, acd::caller::outside};
    constexpr Set holds{
        acd::caller::held, acd::caller::consult, acd::caller::transferring, acd::caller::parked};
    if (talks.has(call.lane.state)) c.phase = Phase::talking;
    if (holds.has(call.lane.state)) c.phase = Phase::held;
    const auto& note = call.note;
    if (note.holding && note.promise > 0s)
        c.promised = std::max(note.given, note.began) + note.promise;
    return c;
}

void FloorFigures::take(CallId id) {
    const auto before = calls_.find(id);
    if (before != calls_.end()) count(before->second, id, false);
    const acd::Call* call = floor_.call(id);
    if (call == nullptr) {
        if (before != calls_.end()) calls_.erase(before);
        return;
    }
    Counted now = counted(*call);
    // Whatever the agent does meanwhile, the caller hears music since then.
    if (before != calls_.end() && before->second.phase == Phase::held && now.phase == Phase::held)
        now.held_since = before->second.held_since;
    count(now, id, true);
    calls_[id] = now;
}

void FloorFigures::count(const Counted& c, CallId id, bool comes) {
    if (c.phase == Phase::none) return;
    const auto one = [comes](std::uint32_t& figure) { comes ? ++figure : --figure; };
    const auto age = [comes, id](Ages& ages, Instant since) {
        comes ? ages.add(since, id) : ages.remove(since, id);
    };
    const auto both = [&](auto&& what) {
        what(scopes_[whole_centre], shown(whole_centre));
        if (c.scope != whole_centre) what(scopes_[c.scope], shown(c.scope));
    };
    both([&](Scope& s, ScopeFigures& f) {
        one(f.calls);
        if (c.phase == Phase::waiting) one(f.waiting), age(s.waits, c.entered);
        if (c.phase != Phase::held) return;
        one(f.held), age(s.holds, c.held_since);
        if (c.promised != never) age(s.promises, c.promised);
    });
    if (c.phase == Phase::waiting && c.scope != whole_centre) count_visit(c, id, comes);
}

void FloorFigures::count_visit(const Counted& c, CallId id, bool comes) {
    Scope& scope = scopes_[c.scope];
    comes ? scope.visits.add(c.visit_began, id) : scope.visits.remove(c.visit_began, id);
    if (!scope.escalation) return;
    comes ? escalations_.add(c.entered, id) : escalations_.remove(c.entered, id);
    for (const std::size_t where : {c.scope, whole_centre}) {
        auto& waiting = shown(where).escalations_waiting;
        comes ? ++waiting : --waiting;
    }
}

void FloorFigures::take(AgentId id) {
    const auto before = static_cast<std::size_t>(agents_[id.value - 1]);
    agents_[id.value - 1] = floor_.agent(id).lane.state;
    const auto now = static_cast<std::size_t>(agents_[id.value - 1]);
    const auto move = [&](ScopeFigures& f) { --f.agents[before], ++f.agents[now]; };
    move(shown(whole_centre));
    for (const QueueId q : floor_.settings().agents[id.value - 1].queues)
        move(shown(q.value));
}

/// The day's counts, and what they grew by in the window of "now". At midnight they begin anew.
void FloorFigures::take(QueueId id, Instant now) {
    const acd::QueueToday& today = floor_.today(id);
    Scope& scope = scopes_[id.value];
    if (today.answered < scope.seen.answered || today.abandoned < scope.seen.abandoned)
        scope.seen = {};
    const auto ended = [](const acd::QueueToday& q) {
        return q.answered + q.abandoned - q.short_abandoned;
    };
    for (const std::size_t s : {std::size_t{id.value}, whole_centre}) {
        Window& window = scopes_[s].window;
        window.move_to(now);
        const auto slot = static_cast<std::size_t>(window.minute % std::int64_t{Window::minutes});
        window.ended[slot] += static_cast<std::uint32_t>(ended(today) - ended(scope.seen));
        window.in_target[slot] +=
            static_cast<std::uint32_t>(today.answered_in_target - scope.seen.answered_in_target);
    }
    scope.seen = today;
    const ScopeFigures before = shown(id.value);
    const auto counts = [&](auto field, const auto& is) {
        shown(id.value).*field = is;
        shown(whole_centre).*field += is - before.*field;
    };
    counts(&ScopeFigures::offered, today.offered);
    counts(&ScopeFigures::answered, today.answered);
    counts(&ScopeFigures::answered_in_target, today.answered_in_target);
    counts(&ScopeFigures::abandoned, today.abandoned);
    counts(&ScopeFigures::short_abandoned, today.short_abandoned);
    counts(&ScopeFigures::wait_of_answered, today.wait_of_answered);
    counts(&ScopeFigures::talk_measured, today.talk_measured);
    counts(&ScopeFigures::dead_air, today.dead_air);
    refresh(id.value, now);
}

void FloorFigures::refresh(std::size_t scope, Instant now) {
    Scope& s = scopes_[scope];
    ScopeFigures& f = shown(scope);
    const auto since = [now](std::optional<Instant> oldest) -> std::optional<Micros> {
        if (!oldest) return std::nullopt;
        return std::max(now - *oldest, Micros{});
    };
    f.longest_wait = since(s.waits.oldest());
    f.longest_hold = since(s.holds.oldest());
    if (s.escalation) f.escalations_oldest = f.longest_wait;
    if (scope == whole_centre) f.escalations_oldest = since(escalations_.oldest());
    f.past_two_minutes = s.waits.past_limit(now);
    f.held_over_limit = s.holds.past_limit(now);
    f.promises_due = s.promises.past_limit(now);
    s.window.move_to(now);
    const auto sum = [](const auto& minutes) {
        return std::accumulate(minutes.begin(), minutes.end(), std::uint32_t{0});
    };
    f.recent = sum(s.window.ended) + s.visits.past_limit(now);
    f.recent_in_target = sum(s.window.in_target);
}

void FloorFigures::time_passed(Instant now) {
    figures_.at = now;
    std::uint32_t past_target = 0;
    for (std::size_t i = 0; i < scopes_.size(); ++i) {
        refresh(i, now);
        past_target += scopes_[i].visits.past_limit(now);
    }
    shown(whole_centre).recent += past_target;
}

}  // namespace holdfast::engine
