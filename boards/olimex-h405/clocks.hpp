// boards/olimex-h405/clocks.hpp: 168 MHz from the crystal, or from the RC oscillator without one.
#pragma once
#include <cstdint>

namespace holdfast::h405 {

struct Clocks {
    std::uint32_t cpu_hz = 0;
    std::uint32_t apb2_hz = 0;  ///< Of USART1; TIM8 has twice as much where it is divided.
};

Clocks start_clocks();

}  // namespace holdfast::h405
