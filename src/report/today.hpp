// report/today.hpp: what the live counters of queues and agents would be, had they counted since
// an instant: for a life of the daemon that has no journal of the day.
#pragma once
#include "report/calendar.hpp"

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <string>

namespace holdfast::report {

/// Of one queue. A visit is offered when it begins, and the rest is counted when its wait ends, so
/// that either may belong to another day.
struct QueueCounts {
    std::uint64_t offered = 0, answered = 0, answered_in_target = 0;
    std::uint64_t abandoned = 0, short_abandoned = 0, refused = 0, abandoned_on_hold = 0;
    std::uint64_t diverted_out = 0, diverted_in = 0, missed_offers = 0;
    Micros wait_of_answered{}, longest_wait{};
    Micros talk_measured{}, dead_air{};  ///< When a mark ends: talk that was listened to, silence.
};

/// Of one agent, when a segment or a mark ends.
struct AgentCounts {
    std::uint64_t handled = 0, missed = 0, rejected = 0, holds = 0, holds_unexplained = 0;
    Micros talk{}, hold{}, wrap{};
    Micros talk_measured{}, dead_air{};
};

struct Today {
    std::map<std::string, QueueCounts> queues;  ///< By name.
    std::map<std::string, AgentCounts> agents;  ///< By number.
};

/// From the rows that are on disk; `target_of` knows a queue's service level target by its name. A
/// sentence where the ledger cannot be read. Takes some 20 us a call.
std::expected<Today, std::string> count_today(
    const std::string& path,
    Interval interval,
    const std::function<Micros(const std::string& queue)>& target_of);

}  // namespace holdfast::report
