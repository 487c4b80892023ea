// boards/interstate75/start.hpp: from reset to main, clocks, and how a reset is made and told.
#pragma once
#include "link/messages.hpp"

#include <cstdint>

namespace holdfast::i75 {

/// 125 MHz from the crystal; without it the ring oscillator's 6 MHz, more or less.
void start_clocks();
/// Why the board started, from the watchdog's reason and scratch registers; forgets it.
link::ResetCause take_reset_cause();
/// Another number at each start.
std::uint32_t new_boot_id();
/// By the watchdog, which leaves its scratch registers alone.
[[noreturn]] void reset(link::ResetCause cause);

}  // namespace holdfast::i75
