// What the wallboards are shown, against a count of every call and agent there is.
#include "sim/checks.hpp"
#include "wallboard/values.hpp"

#include <algorithm>

namespace holdfast::sim {
namespace {

using wallboard::ScopeFigures;

constexpr Set waits{acd::caller::queued, acd::caller::ringing};
constexpr Set in_talk{acd::caller::talking, acd::caller::conference, acd::caller::outside};
constexpr Set on_hold{
    acd::caller::held, acd::caller::consult, acd::caller::transferring, acd::caller::parked};

bool is_of(const acd::Call& call, QueueId queue) {
    return !queue || (call.kind == acd::CallKind::queue && call.queue == queue);
}

bool is_escalated(const acd::Call& call, const acd::Settings& settings) {
    return call.kind == acd::CallKind::queue && call.queue &&
           settings.queues[call.queue.value - 1].escalation;
}

/// As if nothing had been counted before. Only what needs a window of time is left out.
ScopeFigures counted(const engine::Engine& engine,
                     const std::map<CallId, Instant>& held_since,
                     QueueId queue,
                     Micros hold_limit,
                     Instant now) {
    const auto& floor = engine.floor();
    ScopeFigures f;
    const auto longest = [now](std::optional<Micros>& span, Instant since) {
        span = std::max(span.value_or(Micros{}), now - since);
    };
    for (const CallId id : floor.calls()) {
        const auto& call = *floor.call(id);
        if (!is_of(call, queue)) continue;
        const auto state = call.lane.state;
        if (waits.has(state)) {
            ++f.waiting, ++f.calls;
            longest(f.longest_wait, call.entered);
            if (now - call.entered > 120s) ++f.past_two_minutes;
            if (is_escalated(call, floor.settings())) {
                ++f.escalations_waiting;
                longest(f.escalations_oldest, call.entered);
            }
        }
        if (in_talk.has(state)) ++f.calls;
        if (on_hold.has(state)) {
            ++f.held, ++f.calls;
            longest(f.longest_hold, held_since.at(id));
            if (now - held_since.at(id) > hold_limit) ++f.held_over_limit;
            const auto& note = call.note;
            if (note.holding && note.promise > 0s &&
                now > std::max(note.given, note.began) + note.promise)
                ++f.promises_due;
        }
    }
    const auto& agents = floor.settings().agents;
    for (std::uint32_t i = 0; i < agents.size(); ++i)
        if (!queue || std::ranges::find(agents[i].queues, queue) != agents[i].queues.end())
            ++f.agents[static_cast<std::size_t>(floor.agent(AgentId{i + 1}).lane.state)];
    for (std::uint32_t i = 1; i <= floor.settings().queues.size(); ++i) {
        if (queue && queue != QueueId{i}) continue;
        const auto& today = floor.today(QueueId{i});
        f.offered += today.offered;
        f.answered += today.answered;
        f.answered_in_target += today.answered_in_target;
        f.abandoned += today.abandoned;
        f.short_abandoned += today.short_abandoned;
        f.wait_of_answered += today.wait_of_answered;
        f.talk_measured += today.talk_measured;
        f.dead_air += today.dead_air;
    }
    return f;
}

}  // namespace

void Checks::note_holds(const acd::Floor& floor) {
    std::erase_if(held_since_, [&](const auto& held) {
        const auto* call = floor.call(held.first);
        return call == nullptr || !on_hold.has(call->lane.state);
    });
    for (const CallId id : floor.calls())
        if (const auto& call = *floor.call(id); on_hold.has(call.lane.state))
            held_since_.emplace(id, call.lane.began);
}

void Checks::figures(const wallboard::Figures& shown,
                     const engine::Engine& engine,
                     const engine::WallboardSettings& settings,
                     Instant now) {
    note_holds(engine.floor());
    must(shown.at == now, "the figures of another instant are shown");
    must(shown.scopes.size() == settings_.queues.size() + 1, "figures of other queues are shown");
    for (std::uint32_t scope = 0; scope < shown.scopes.size(); ++scope) {
        const auto is = counted(engine, held_since_, QueueId{scope}, settings.hold_limit, now);
        auto told = shown.scopes[scope];
        must(told.recent_in_target <= told.recent, "more in the target than there were");
        told.recent = told.recent_in_target = 0;
        wallboard::Figures a;
        wallboard::Figures b;
        a.scopes = {told};
        b.scopes = {is};
        for (const auto& value : wallboard::values()) {
            if (value.read == nullptr || value.reach == wallboard::Reach::centre) continue;
            if (value.name == "service_level_now") continue;
            const auto said = value.read(a, 0).number;
            const auto so = value.read(b, 0).number;
            must(said == so,
                 "{} of scope {} is shown as {} and is {}",
                 value.name,
                 scope,
                 said.value_or(-1),
                 so.value_or(-1));
        }
    }
}

}  // namespace holdfast::sim
