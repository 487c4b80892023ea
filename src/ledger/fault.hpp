// ledger/fault.hpp: why the ledger could not do what it was asked.
#pragma once
#include <cstdint>
#include <string>

namespace holdfast::ledger {

struct Fault {
    enum class Kind : std::uint8_t {
        newer,    ///< A newer Holdfast has written it.
        damaged,  ///< SQLite says it is no database, or a malformed one.
        full,     ///< No space on the device.
        read_only,
        io,       ///< The device failed; the store must be opened anew.
        busy,     ///< Another process writes.
        key,      ///< The appliance's key cannot be read or made: rows are written, seals are not.
        refused,  ///< A correction or an erasure that makes no sense.
        other
    } kind{};
    std::string text;  ///< What was wrong, where, and what to do.
};

}  // namespace holdfast::ledger
