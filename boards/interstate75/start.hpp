// boards/interstate75/start.hpp: clocks, and why the board started.
#pragma once
#include "firmware/cortex/start.hpp"

#include <cstdint>

namespace holdfast::i75 {

/// 125 MHz from the crystal; without it the ring oscillator's 6 MHz, more or less. Whoever runs
/// second finds them started.
void start_clocks();
/// Why the board started, from the watchdog's reason and scratch registers; forgets it.
link::ResetCause take_reset_cause();
/// Another number at each start.
std::uint32_t new_boot_id();
/// For the start that follows, which is the boot loader's.
void ask_for_recovery();
/// Whether that was asked for; forgets it.
bool take_recovery_request();
/// From then on interrupts find their way while the flash cannot be read. Their handlers are in
/// RAM.
void use_vectors_in_ram();

}  // namespace holdfast::i75
