// boards/olimex-h405/start.hpp: what survives a reset, and why there was one.
#pragma once
#include "firmware/cortex/start.hpp"

#include <cstdint>

namespace holdfast::h405 {

/// In a part of RAM that nothing initialises: it outlives every reset but the loss of power.
struct Kept {
    std::uint32_t magic = 0;  ///< kept_magic, or the rest means nothing.
    std::uint32_t cause = 0;  ///< link::ResetCause of the reset that we asked for.
    std::uint32_t boots = 0;
    std::uint32_t into_recovery = 0;
    std::uint32_t fault_at = 0;  ///< The program counter where it faulted.
};
inline constexpr std::uint32_t kept_magic = 0x48464b50;
extern Kept kept;

/// Why the board started, from the reset flags and what was kept; clears both.
link::ResetCause take_reset_cause();
/// Another number at each start: from the random generator, where there is one, and `kept`.
std::uint32_t new_boot_id();

}  // namespace holdfast::h405
