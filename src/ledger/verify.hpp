// ledger/verify.hpp: whether a ledger keeps its promises: every row is the one that was written and
// none is missing, lanes tile, sums are exact, both lanes of a call agree. Reads only; works on a
// live database.
#pragma once
#include "ledger/fault.hpp"
#include "ledger/verdict.hpp"

#include <expected>
#include <string>

namespace holdfast::ledger {

/// Everything in the database at `path`.
std::expected<Verdict, Fault> verify(const std::string& path);

}  // namespace holdfast::ledger
