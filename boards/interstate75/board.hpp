// boards/interstate75/board.hpp: what is where on Pimoroni's Interstate 75 (RP2040), and what its
// panels are.
#pragma once
#include "firmware/cortex/refresh.hpp"

#include <cstdint>
#include <string_view>

namespace holdfast::i75 {

inline constexpr std::string_view name = "interstate75";

// ---- Clocks.
inline constexpr std::uint32_t crystal_hz = 12'000'000;
inline constexpr std::uint32_t cpu_hz = 125'000'000;
inline constexpr std::uint32_t baud = 115'200;

// ---- Pins, as the board is wired.
namespace pin {
inline constexpr unsigned data = 0;     // GP0 to GP5: R0 G0 B0 R1 G1 B1
inline constexpr unsigned address = 6;  // GP6 to GP10: A to E, of which 1/16 scan uses four
inline constexpr unsigned clock = 11;
inline constexpr unsigned latch = 12;
inline constexpr unsigned output_enable = 13;  // low lights
inline constexpr unsigned transmit = 20;       // UART1, on the I2C connector
inline constexpr unsigned receive = 21;
inline constexpr unsigned drive_enable = 26;  // A0: DE of an RS-485 transceiver, high sends
inline constexpr unsigned node = 27;          // A1 and A2: jumpers to 3.3 V; none is node 1
}  // namespace pin
inline constexpr unsigned data_pins = 6;
inline constexpr unsigned address_pins = 5;
inline constexpr unsigned node_pins = 2;

// ---- The panels: four of 64x32, chained. The PIO shifts a column in two instructions of three
// cycles each: 20.8 MHz. A plane is lit for 2^k units of 6 us.
inline constexpr std::uint32_t pio_divider = 3;
inline constexpr std::uint32_t unit_cycles = 6 * (cpu_hz / 1'000'000);
inline constexpr std::uint32_t dark_cycles = 2 * (cpu_hz / 1'000'000);  ///< And the interrupt.
inline constexpr cortex::Panels panels{.width = 256,
                                       .height = 32,
                                       .colour_bits = 6,
                                       .cpu_hz = cpu_hz,
                                       .unit_cycles = unit_cycles,
                                       .dark_cycles = dark_cycles,
                                       .shift_cycles = 256 * 2 * pio_divider};
static_assert(panels.refresh_hz() >= 150);

}  // namespace holdfast::i75
