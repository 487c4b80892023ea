// boards/interstate75/pins.hpp: which pin is whose.
#pragma once
#include <cstdint>

namespace holdfast::i75 {

/// The line's pins, and a panel that is dark.
void start_line_pins();
/// Gives the panel's pins to the display.
void start_panel_pins();
/// The board's address on the line.
std::uint8_t node_by_jumpers();

}  // namespace holdfast::i75
