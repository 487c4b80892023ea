// ledger/amendments.hpp: what people say about rows later. Rows stay as they are: a correction is a
// line of its own, with author and reason; an erasure is one too, and takes what is known of a
// person away for good.
#pragma once
#include "acd/ledger_row.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace holdfast::ledger {

/// Of author, value and reason: a correction takes two kilobytes at most.
inline constexpr std::size_t most_author_bytes = 100;
inline constexpr std::size_t most_value_bytes = 500;
inline constexpr std::size_t most_reason_bytes = 1000;

/// Who says so, why, and when.
struct Grounds {
    std::string author, reason;
    WallInstant at{};
};

struct Correction {
    std::uint64_t row = 0;
    std::string field;  ///< Its column: queue, agent, reason, outcome...
    std::string value;  ///< What holds instead.
};

struct Erased {
    std::uint64_t row = 0;  ///< Whose person is gone.
    /// False: another program reads, and the bytes stay in the -wal file until it has ended and
    /// SQLite has written that anew.
    bool log_emptied = false;
};

}  // namespace holdfast::ledger
