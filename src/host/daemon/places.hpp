// host/daemon/places.hpp: the two directories of the daemon and what lies in them. `state` is on
// disk and stays; `runtime` is in memory (tmpfs), so that what it holds dies with the machine.
#pragma once
#include "host/io/fd.hpp"
#include "settings/settings.hpp"

#include <cstdint>
#include <expected>
#include <string>

namespace holdfast::host {

struct Places {
    std::string ledger, spill, black_box;                 // under state
    std::string journal, control, media, black_box_ring;  // under runtime
};

Places places_of(const settings::HostSettings& settings);

/// What makes this life of the daemon its own. Held as long as it runs.
struct Identity {
    std::string secret;      ///< 32 bytes, made once: for nonces.
    std::uint64_t boot = 0;  ///< Counts the lives of the daemon on this state directory.
    Fd lock;                 ///< Nobody else works in this directory.
};

/// Makes the directories where they are missing, locks them, and reads or makes secret and count.
/// A sentence where that cannot be.
std::expected<Identity, std::string> enter(const settings::HostSettings& settings);

}  // namespace holdfast::host
