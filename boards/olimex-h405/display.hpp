// boards/olimex-h405/display.hpp: drives the panels: SysTick begins each slot of a plane, TIM8
// lights it for as long as it should be lit, and the interrupt shifts out the next one meanwhile.
#pragma once
#include "base/time.hpp"
#include "boards/olimex-h405/board.hpp"
#include "firmware/planes.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace holdfast::h405 {

class Display {
public:
    using Picture = firmware::Planes<colour_bits, width, height>;

    void start();
    /// Shows it from the next refresh on. Waits for the one before, which is at most 5 ms away.
    void show(const firmware::Canvas& canvas,
              const link::Palette& palette,
              std::uint8_t brightness);
    /// Since `start`. The slots are the clock: their lengths are known to the cycle.
    Instant now() const;
    /// Slots shown, for the watchdog: a display that stands still burns its panels.
    std::uint32_t slots() const { return slots_; }

    void interrupt();

private:
    void shift(const std::array<std::uint8_t, width>& octets) const;

    std::array<Picture, 2> pictures_;
    std::array<std::uint32_t, 64> stores_;  // what BSRR gets for six data bits, clock low
    std::array<std::uint32_t, colour_bits> lit_cycles_;
    std::array<std::uint32_t, colour_bits> next_lit_cycles_;
    std::atomic<std::uint32_t> front_;
    std::atomic<bool> swap_;
    unsigned row_ = 0;    // of what is in the shift registers
    unsigned plane_ = 0;  // likewise
    volatile std::uint32_t slots_ = 0;
    volatile std::uint64_t cycles_ = 0;  // until the end of the slot that is shown
};

}  // namespace holdfast::h405
