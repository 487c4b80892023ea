// ledger/verify.hpp: whether a ledger keeps its promises: lanes tile, sums are exact, both lanes of
// a call agree. Reads only; works on a live database.
#pragma once
#include "ledger/ledger.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace holdfast::ledger {

struct Verdict {
    std::uint64_t rows = 0, caller_lanes = 0, agent_lanes = 0, open_lanes = 0;
    std::int64_t lane_us = 0, segment_us = 0;  ///< Lengths of all lanes; sums of all segments.
    std::uint64_t flaws = 0;
    std::uint64_t first_bad_row = 0;
    std::vector<std::string> sentences;  ///< The first twenty flaws.
    bool sound() const { return flaws == 0; }
};

/// Everything in the database at `path`.
std::expected<Verdict, Fault> verify(const std::string& path);

}  // namespace holdfast::ledger
