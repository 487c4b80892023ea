// boards/interstate75/board.hpp: what is where on Pimoroni's Interstate 75 (RP2040), and what its
// panels are.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace holdfast::i75 {

inline constexpr std::string_view name = "interstate75";

// ---- Panels: four of 64x32, chained, one in sixteen row pairs lit at a time.
// ------------------------
inline constexpr std::size_t width = 256;
inline constexpr std::size_t height = 32;
inline constexpr unsigned colour_bits = 6;

// ---- Clocks.
// -------------------------------------------------------------------------------------
inline constexpr std::uint32_t crystal_hz = 12'000'000;
inline constexpr std::uint32_t cpu_hz = 125'000'000;
inline constexpr std::uint32_t baud = 115'200;

// ---- Pins, as the board is wired.
// -------------------------------------------------------------------
namespace pin {
inline constexpr unsigned data = 0;     // GP0 to GP5: R0 G0 B0 R1 G1 B1
inline constexpr unsigned address = 6;  // GP6 to GP10: A to E, of which 1/16 scan uses four
inline constexpr unsigned clock = 11;
inline constexpr unsigned latch = 12;
inline constexpr unsigned output_enable = 13;  // low lights
inline constexpr unsigned transmit = 20;       // UART1, on the I2C connector
inline constexpr unsigned receive = 21;
}  // namespace pin
inline constexpr unsigned data_pins = 6;
inline constexpr unsigned address_pins = 5;

// ---- The refresh. The PIO shifts a column in two instructions of three cycles each: 20.8 MHz. A
// plane is lit for 2^k units of 6 us; its slot is at least as long as the shifting of the next one.
inline constexpr std::uint32_t pio_divider = 3;
inline constexpr std::uint32_t shift_cycles = width * 2 * pio_divider;
inline constexpr std::uint32_t unit_cycles = 6 * (cpu_hz / 1'000'000);
inline constexpr std::uint32_t dark_cycles = 2 * (cpu_hz / 1'000'000);  ///< Latch, rows, interrupt.
inline constexpr std::uint32_t slot_cycles(unsigned plane) {
    return std::max(unit_cycles << plane, shift_cycles) + dark_cycles;
}
inline constexpr std::uint32_t row_cycles = [] {
    std::uint32_t sum = 0;
    for (unsigned plane = 0; plane < colour_bits; ++plane)
        sum += slot_cycles(plane);
    return sum;
}();
inline constexpr std::uint32_t refresh_hz = cpu_hz / (row_cycles * (height / 2));
static_assert(refresh_hz >= 150);

}  // namespace holdfast::i75
