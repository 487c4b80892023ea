// ledger/backup.hpp: a copy of a ledger that others go on writing to: one file, whole, as of one
// instant. It verifies by itself; the appliance's key is not in it.
#pragma once
#include "ledger/fault.hpp"
#include "ledger/head.hpp"

#include <cstdint>
#include <expected>
#include <functional>
#include <string>

namespace holdfast::ledger {

struct BackedUp {
    Head head;  ///< Where the copy ends.
    std::uint64_t bytes = 0;
};

/// Copies the database at `from` to `to`, which must not be there. It takes its name when it is
/// whole and on disk. The disk is left time for others: 50 MB a second at most. `goes_on` is asked
/// every 80 ms; where it says no, nothing is left.
std::expected<BackedUp, Fault> back_up(const std::string& from,
                                       const std::string& to,
                                       const std::function<bool()>& goes_on = {});

}  // namespace holdfast::ledger
