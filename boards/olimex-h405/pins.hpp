// boards/olimex-h405/pins.hpp: what each pin is for, told to the hardware.
#pragma once
#include <cstdint>

namespace holdfast::h405 {

/// Switches on the clocks of the ports and timers that are used, and gives the pins their work.
void start_pins();
/// 1, and what the jumpers add: the board's address on the line.
std::uint8_t node_by_jumpers();

}  // namespace holdfast::h405
