// boards/interstate75/display.hpp: drives the panels: SysTick begins each slot of a plane; one PIO
// machine lights it for a number of cycles, another shifts out the next one, which DMA brings.
#pragma once
#include "base/time.hpp"
#include "boards/interstate75/board.hpp"
#include "firmware/planes.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace holdfast::i75 {

class Display {
public:
    using Picture = firmware::Planes<colour_bits, width, height>;

    void start();
    /// Shows it from the next refresh on. Waits for the one before, which is at most 7 ms away.
    void show(const firmware::Canvas& canvas,
              const link::Palette& palette,
              std::uint8_t brightness);
    /// Since `start`: the slots are the clock.
    Instant now() const;
    std::uint32_t slots() const { return slots_; }

    void interrupt();

private:
    void shift() const;

    alignas(4) std::array<Picture, 2> pictures_;
    std::array<std::uint32_t, colour_bits> lit_cycles_;
    std::array<std::uint32_t, colour_bits> next_lit_cycles_;
    std::atomic<std::uint32_t> front_;
    std::atomic<bool> swap_;
    unsigned row_ = 0;    // of what is in the shift registers
    unsigned plane_ = 0;  // likewise
    volatile std::uint32_t slots_ = 0;
    volatile std::uint64_t cycles_ = 0;  // until the end of the slot that is shown
};

}  // namespace holdfast::i75
