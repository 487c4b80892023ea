// wallboard/figures.hpp: what the floor looks like at one instant, as plain figures. The engine
// counts them in the step of each event; boards show them and compute nothing of their own.
#pragma once
#include "acd/agent_lane.hpp"
#include "base/enum_text.hpp"
#include "base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::wallboard {

/// A caller who has waited that long is at the end of most callers' patience.
inline constexpr Micros two_minutes = 120s;
/// "Now", where a share needs events: those of the last quarter of an hour.
inline constexpr Micros now_window = 15min;

/// Of one queue, or of all. Who is being rung waits: the ring belongs to the wait.
struct ScopeFigures {
    std::uint32_t waiting = 0, past_two_minutes = 0;
    std::uint32_t held = 0, held_over_limit = 0;
    std::uint32_t promises_due = 0;      ///< Of those on hold: the agent's promise is over.
    std::optional<Micros> longest_wait;  ///< Of those who wait; since their first entry.
    std::optional<Micros> longest_hold;
    std::uint32_t escalations_waiting = 0;     ///< Of those who wait: in queues for escalations.
    std::optional<Micros> escalations_oldest;  ///< The longest wait of these.
    std::uint32_t calls = 0;                   ///< Callers waiting, talking or held.
    std::array<std::uint32_t, enum_count<acd::agent::State>> agents{};  ///< By state.
    // Of the local day, counted when a wait ends.
    std::uint64_t offered = 0, answered = 0, answered_in_target = 0;
    std::uint64_t abandoned = 0, short_abandoned = 0;
    Micros wait_of_answered{};
    Micros talk_measured{}, dead_air{};  ///< Talk whose voices were heard, and silence in it.
    /// Of the last quarter of an hour: waits that ended, or still run and are past the target.
    std::uint32_t recent = 0, recent_in_target = 0;
};

/// One alarm as a board may show it. What nobody acknowledged and latches stays when it is over.
struct AlarmFigure {
    std::string text;
    std::uint8_t priority = 0;  ///< 9 is shown before 0.
    bool active = true, acknowledged = false;
};

struct Figures {
    Instant at{};
    WallInstant wall{};
    std::int32_t utc_offset_s = 0;
    std::vector<ScopeFigures> scopes;  ///< All queues together first, then by QueueId.
    std::vector<AlarmFigure> alarms;   ///< The most urgent first.
    std::string message, praise;       ///< Of the supervisor; empty: none.
};

/// Scope 0 is the whole centre, scope n is QueueId n.
inline constexpr std::size_t whole_centre = 0;

}  // namespace holdfast::wallboard
