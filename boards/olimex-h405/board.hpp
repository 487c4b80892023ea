// boards/olimex-h405/board.hpp: what is where on the Olimex STM32-H405, and what its panels are.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace holdfast::h405 {

inline constexpr std::string_view name = "olimex-h405";

// ---- Panels: four of 64x32, chained, one in sixteen row pairs lit at a time.
// -----------------------
inline constexpr std::size_t width = 256;
inline constexpr std::size_t height = 32;
inline constexpr unsigned colour_bits = 4;

// ---- Clocks. ------------------------------------------------------------------------------------
inline constexpr std::uint32_t crystal_hz = 8'000'000;
inline constexpr std::uint32_t internal_hz = 16'000'000;  ///< The RC oscillator, 1 %.
inline constexpr std::uint32_t cpu_hz = 168'000'000;
inline constexpr std::uint32_t baud = 115'200;

// ---- Pins. Colours and clock are on one port, so that one store sets all of them.
// -----------------
namespace pin {
inline constexpr unsigned red_upper = 0;  // PC0 to PC5: the six data lines
inline constexpr unsigned green_upper = 1;
inline constexpr unsigned blue_upper = 2;
inline constexpr unsigned red_lower = 3;
inline constexpr unsigned green_lower = 4;
inline constexpr unsigned blue_lower = 5;
inline constexpr unsigned clock = 6;          // PC6
inline constexpr unsigned latch = 7;          // PC7
inline constexpr unsigned output_enable = 8;  // PC8, TIM8_CH3, low lights
inline constexpr unsigned address = 12;       // PB12 to PB15: A to D
inline constexpr unsigned transmit = 9;       // PA9, USART1
inline constexpr unsigned receive = 10;       // PA10
inline constexpr unsigned drive_enable = 8;   // PA8: DE of an RS-485 transceiver, high sends
inline constexpr unsigned node = 9;           // PC9 to PC12: jumpers to 3.3 V; none is node 1
}  // namespace pin
inline constexpr unsigned node_pins = 4;

// ---- The refresh. Plane k of a row pair is lit for 2^k units of 19 us; shifting 256 columns takes
// 17 us at most, within the shortest slot, so the time of a row pair is 15 units and no more.
inline constexpr std::uint32_t unit_cycles = 19 * (cpu_hz / 1'000'000);
inline constexpr std::uint32_t dark_cycles = cpu_hz / 1'000'000;  ///< To latch and to change rows.
inline constexpr std::uint32_t slot_cycles(unsigned plane) {
    return (unit_cycles << plane) + dark_cycles;
}
inline constexpr std::uint32_t row_cycles = [] {
    std::uint32_t sum = 0;
    for (unsigned plane = 0; plane < colour_bits; ++plane)
        sum += slot_cycles(plane);
    return sum;
}();
inline constexpr std::uint32_t refresh_hz = cpu_hz / (row_cycles * (height / 2));
static_assert(refresh_hz >= 200);

// ---- Flash: 16 KiB sectors 0 to 3, 64 KiB sector 4, 128 KiB sectors 5 to 11.
// ------------------------
inline constexpr std::uint32_t flash_begin = 0x0800'0000;
inline constexpr std::uint32_t image_budget = 64 * 1024;
inline constexpr std::uint32_t ram_budget = 96 * 1024;

}  // namespace holdfast::h405
