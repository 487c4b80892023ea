// boards/olimex-h405/display.hpp: drives the panels: SysTick begins each slot of a plane, TIM8
// lights it for as long as it should be lit, and the interrupt shifts out the next one meanwhile.
#pragma once
#include "boards/olimex-h405/board.hpp"

#include <array>
#include <cstdint>

namespace holdfast::h405 {

class Display : public cortex::Refresh<panels> {
public:
    void start();
    void interrupt();

private:
    void shift(const std::array<std::uint8_t, panels.width>& octets) const;

    std::array<std::uint32_t, 64> stores_;  // what BSRR gets for six data bits, clock low
};

}  // namespace holdfast::h405
