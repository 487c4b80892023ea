// ledger/verify.hpp: whether a ledger keeps its promises: every row is the one that was written and
// none is missing, the seals hold, lanes tile, sums are exact, both lanes of a call agree. Reads
// only, each row once; works on a live database.
#pragma once
#include "base/time.hpp"
#include "ledger/fault.hpp"
#include "ledger/head.hpp"
#include "ledger/verdict.hpp"

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::ledger {

struct Question {
    /// As it was kept elsewhere: without it nobody can tell whether rows after the last seal, or
    /// everything by somebody who has the key, were changed.
    std::optional<Head> head{};
    /// Rows of that period, and those between it and the seals around it; all where it is empty.
    std::optional<WallInstant> from{}, to{};
    /// Public keys in hex, as the log and verify tell them: nobody else may have sealed it. Empty:
    /// whoever it was is told, and believed.
    std::vector<std::string> keys{};
};

/// The ledger in the database at `path`.
std::expected<Verdict, Fault> verify(const std::string& path, const Question& question = {});

}  // namespace holdfast::ledger
