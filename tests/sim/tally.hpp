// tests/sim/tally.hpp: the day's counts, made anew from the ledger's rows alone. What the board
// shows and what the ledger holds must be the same day.
#pragma once
#include "acd/ledger_row.hpp"
#include "acd/settings.hpp"
#include "acd/state.hpp"

#include <map>
#include <string>

namespace holdfast::sim {

class Tally {
public:
    explicit Tally(acd::Settings settings) : settings_{std::move(settings)} {}

    void add(const acd::SegmentClosed& segment);
    const acd::QueueToday& queue(const std::string& name) { return queues_[name]; }
    const acd::AgentToday& agent(const std::string& number) { return agents_[number]; }

private:
    /// What of a caller's way the next row is judged by.
    struct Visit {
        Instant began{};
        bool counted = false;   ///< In the counts of the present queue.
        bool diverted = false;  ///< The next row says whereto.
        bool sent = false;      ///< By an agent, so too.
    };
    void add_caller(const acd::SegmentClosed& s);
    void add_agent(const acd::SegmentClosed& s);
    void add_end_of_wait(const acd::SegmentClosed& s, Visit& visit);

    acd::Settings settings_;
    std::map<acd::Uuid, Visit> visits_;
    std::map<std::string, acd::QueueToday> queues_;
    std::map<std::string, acd::AgentToday> agents_;
};

/// "answered 3, abandoned 1 (0 short)...": both sides of a comparison, in words.
std::string in_words(const acd::QueueToday& q);
std::string in_words(const acd::AgentToday& a);

}  // namespace holdfast::sim
