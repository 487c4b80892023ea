// boards/olimex-h405/board.hpp: what is where on the Olimex STM32-H405, and what its panels are.
#pragma once
#include "firmware/cortex/refresh.hpp"

#include <cstdint>
#include <string_view>

namespace holdfast::h405 {

inline constexpr std::string_view name = "olimex-h405";

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

// ---- The panels: four of 64x32, chained. Plane k of a row pair is lit for 2^k units of 19 us;
// shifting 256 columns takes 17 us at most, within the shortest slot.
inline constexpr std::uint32_t unit_cycles = 19 * (cpu_hz / 1'000'000);
inline constexpr cortex::Panels panels{.width = 256,
                                       .height = 32,
                                       .colour_bits = 4,
                                       .cpu_hz = cpu_hz,
                                       .unit_cycles = unit_cycles,
                                       .dark_cycles = cpu_hz / 1'000'000};
static_assert(panels.refresh_hz() >= 200);
}  // namespace holdfast::h405
