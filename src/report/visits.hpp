// report/visits.hpp: a caller's lane, read as the visits of queues that figures count.
#pragma once
#include "report/rows.hpp"

#include <span>
#include <vector>

namespace holdfast::report {

// clang-format off
enum class VisitEnd : std::uint8_t {
    still_waiting,      // no row says how it ended
    answered, abandoned_queued, abandoned_ringing,
    diverted,           // to another queue, or to a number
    turned_away,        // after a wait: too long, the queue closed, nobody there
};
// clang-format on

/// One stay in one queue. A caller who returns because its agent was lost begins another one.
struct Visit {
    std::uint32_t queue = 0;
    std::uint32_t agent = 0;         ///< Who answered.
    WallInstant entered{}, ended{};  ///< Labels.
    Micros wait{};                   ///< All of it.
    Micros queued{};                 ///< Without ringing.
    VisitEnd end{};
    bool diverted_in = false;        ///< From another queue.
    bool returned = false;           ///< After an agent was lost.
    bool abandoned_on_hold = false;  ///< Answered, and then left while held.

    bool abandoned() const {
        return end == VisitEnd::abandoned_queued || end == VisitEnd::abandoned_ringing;
    }
};

/// What became of one caller before it came into any queue.
enum class Before : std::uint8_t { came_in, refused, abandoned };

// clang-format off
enum class TransferEnd : std::uint8_t {
    open,               // no row says how it ended
    blind, attended,    // a colleague has the caller: called for the transfer, or before it
    to_queue, outside,
    failed,             // the agent has the caller again, or nobody got it
};
// clang-format on

/// A caller whom an agent passes on, or parks for somebody to fetch.
struct Transfer {
    std::uint32_t queue = 0, agent = 0;  ///< Whose caller it was.
    std::uint32_t to = 0;                ///< The colleague who got it.
    WallInstant began{}, ended{};
    TransferEnd end{};

    bool done() const { return end != TransferEnd::open && end != TransferEnd::failed; }
};

struct Journey {
    Uuid id{};
    WallInstant began{}, ended{};
    bool closed = false;  ///< The lane has ended.
    bool whole = false;   ///< Its first segment is there.
    bool outbound = false, outbound_answered = false;
    bool completed = false;  ///< Answered, and ended neither waiting nor held.
    Before before{};
    std::uint32_t queue = 0, agent = 0;  ///< The last ones.
    std::vector<Visit> visits;
    std::vector<Transfer> transfers;
};

/// Reads the segments of one caller's lane, in order and at least one.
Journey read_journey(const Uuid& id, std::span<const Row> lane);

}  // namespace holdfast::report
