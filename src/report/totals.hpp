// report/totals.hpp: what is counted, for one queue, agent or the whole centre in one interval.
// Every figure is a function of these; adding two gives those of both intervals together.
#pragma once
#include "base/enum_text.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>

namespace holdfast::report {

/// Numbers of things, and times in microseconds. A visit is one stay in one queue, from entry to
/// answer, abandonment or exit; ringing belongs to it.
// clang-format off
enum class Sum : std::uint8_t {
    // visits that have ended, and how
    offered, answered, answered_in_target, abandoned, abandoned_in_target, abandoned_short,
    abandoned_queued, abandoned_ringing, diverted_out, diverted_in, turned_away,
    wait, wait_answered, wait_answered_queued, wait_abandoned, still_waiting,
    // visits after an agent was lost: the caller was counted when it came
    returned, returned_answered, returned_abandoned,
    // callers who never came into the queue they asked for, and who left a held call
    refused_before, abandoned_before, abandoned_on_hold,
    // agents' time on calls of queues
    talk, hold, wrap, ring, holds, holds_unexplained,
    // of talks whose voices were heard: their length, silence in it, and the hold of those calls
    talks_heard, talks_unheard, heard_talk, dead_air, customer_working, heard_hold,
    // and of these: talks with a long silence; the agent's microphone was off, or its phone does
    // not let that be seen
    talks_silent, muted, mute_unseen,
    // agents' time otherwise
    side_talk, side_hold, side_wrap, side_call, ready, not_ready, unreachable, logged_in,
    // offers to agents, and what became of them
    offers, offers_answered, offers_missed, offers_refused,
    // callers whom agents passed on, and to whom; callers whom they got so
    passed_blind, passed_attended, passed_to_queue, passed_outside, pass_failed, taken_over,
    // journeys that were answered, and those that were passed on twice or more
    journeys, bounced,
    outbound, outbound_answered,
    // time of callers' and of agents' segments in which the daemon was dead
    degraded_callers, degraded_agents,
    // quarters of an hour with visits, and those that met the goal
    quarters, quarters_met,
};
static_assert(enum_count<Sum> <= 64, "base/enum_text.hpp counts no further");
enum class Most : std::uint8_t { wait, hold };
// clang-format on

/// Days after the end of a call in which another one of the same caller means: not resolved.
inline constexpr std::array repeat_days{1, 3, 7, 14, 30};

class Totals {
public:
    std::int64_t& operator[](Sum sum) { return sums_[static_cast<std::size_t>(sum)]; }
    std::int64_t operator[](Sum sum) const { return sums_[static_cast<std::size_t>(sum)]; }
    std::int64_t operator[](Most most) const { return most_[static_cast<std::size_t>(most)]; }
    void note(Most most, std::int64_t us);
    void add(const Totals& other);
    /// Once, when all of a quarter of an hour is added up: whether it met the goal.
    void close_quarter(int goal_percent);
    bool operator==(const Totals&) const = default;

    /// By repeat_days: journeys old enough to be judged, and those resolved.
    std::array<std::int64_t, repeat_days.size()> eligible{}, resolved{};
    /// Of the quarter with the smallest share: answered in the target, and offered.
    std::int64_t worst_answered = 0, worst_offered = 0;
    std::map<std::string, std::int64_t> not_ready_by_reason;  ///< us

private:
    std::array<std::int64_t, enum_count<Sum>> sums_{};
    std::array<std::int64_t, enum_count<Most>> most_{};
};

}  // namespace holdfast::report
