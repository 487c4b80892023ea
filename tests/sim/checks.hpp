// tests/sim/checks.hpp: what must hold after every step, and what the ledger must look like. A
// broken promise is an exception with a sentence; who runs the world adds seed and step.
#pragma once
#include "acd/ledger_row.hpp"
#include "engine/engine.hpp"

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace holdfast::sim {

struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Checks {
public:
    /// After every step of the engine.
    void step(const engine::Engine& engine, Instant now);
    /// Each row as it goes to the store. The same row may come again after a crash, unchanged.
    void row(const acd::LedgerRow& row);
    /// When everybody has gone home.
    void over(const engine::Engine& engine);

    struct Lane {
        bool caller = false;
        std::vector<acd::SegmentClosed> segments;
    };
    const std::map<acd::Uuid, Lane>& lanes() const { return lanes_; }
    std::uint64_t rows() const { return rows_.size(); }
    std::uint64_t hash() const;
    /// The kinds of the segments of the caller's lane that began n-th.
    std::vector<std::string> caller_kinds(std::size_t n = 0) const;

private:
    void segment(const acd::SegmentClosed& s);
    std::map<std::uint64_t, std::string> rows_;  // by number, encoded
    std::map<acd::Uuid, Lane> lanes_;
    std::vector<acd::Uuid> callers_;
};

}  // namespace holdfast::sim
