// tests/damage/damage.hpp: what somebody with a database tool might do to a ledger, drawn at
// random. The triggers are taken away before and put back afterwards.
#pragma once
#include "base/random.hpp"
#include "ledger/head.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <string>

namespace holdfast::damage {

struct Done {
    std::string what;        ///< A sentence for whoever looks for it.
    bool head_fits = false;  ///< Only a head that was kept elsewhere can tell.
};

/// Makes a sound ledger: lanes, marks, persons, seals, corrections, an erasure, and rows after the
/// last seal. Its head at the end.
ledger::Head make_ledger(const std::string& path, std::uint64_t seed);

/// Does one random damage, in one transaction.
Done damage(const std::string& path, Random& random);

}  // namespace holdfast::damage
