// boards/interstate75/start.hpp: clocks, and why the board started.
#pragma once
#include "firmware/cortex/start.hpp"

#include <cstdint>

namespace holdfast::i75 {

/// 125 MHz from the crystal; without it the ring oscillator's 6 MHz, more or less.
void start_clocks();
/// Why the board started, from the watchdog's reason and scratch registers; forgets it.
link::ResetCause take_reset_cause();
/// Another number at each start.
std::uint32_t new_boot_id();

}  // namespace holdfast::i75
