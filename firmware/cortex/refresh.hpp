// firmware/cortex/refresh.hpp: which plane of which row pair is due, for how long it is lit, and
// the time that passes meanwhile. SysTick begins each slot; a board's display latches, lights and
// shifts by it.
#pragma once
#include "base/time.hpp"
#include "firmware/cortex/registers.hpp"
#include "firmware/planes.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace holdfast::cortex {

/// Panels, one row pair of them lit at a time, and the clock that they are driven by.
struct Panels {
    std::size_t width = 0, height = 0;
    unsigned colour_bits = 0;
    std::uint32_t cpu_hz = 0;
    std::uint32_t unit_cycles = 0;   ///< Plane k of a row pair is lit for 2^k of them.
    std::uint32_t dark_cycles = 0;   ///< To latch and to change rows.
    std::uint32_t shift_cycles = 0;  ///< A slot is as long as the shifting of the next one takes.

    constexpr std::uint32_t slot_cycles(unsigned plane) const {
        return std::max(unit_cycles << plane, shift_cycles) + dark_cycles;
    }
    constexpr std::uint32_t refresh_hz() const {
        std::uint32_t row_cycles = 0;
        for (unsigned plane = 0; plane < colour_bits; ++plane)
            row_cycles += slot_cycles(plane);
        return cpu_hz / (row_cycles * static_cast<std::uint32_t>(height / 2));
    }
};

template <Panels Of>
class Refresh {
public:
    using Picture = firmware::Planes<Of.colour_bits, Of.width, Of.height>;

    /// Dark until there is a picture.
    void start() {
        constexpr std::uint32_t second_priority = 0x40u << 24;
        lit_cycles_ = {};
        for (unsigned plane = 0; plane < Of.colour_bits; ++plane)
            slot_cycles_[plane] = Of.slot_cycles(plane);
        at(scb::shpr3) = second_priority;  // octets of the line come first
        start_systick(Of.slot_cycles(0));
    }
    /// Shows it from the next refresh on, whole. Waits for the one before, which is at most a
    /// refresh away.
    void show(const firmware::Canvas& canvas,
              const link::Palette& palette,
              std::uint8_t brightness) {
        while (swap_.load(std::memory_order_acquire))
            asm volatile("wfi");  // SysTick ends it
        const std::uint32_t back = 1 - front_.load(std::memory_order_relaxed);
        pictures_[back].make(canvas, firmware::masks_of<Of.colour_bits>(palette));
        const std::uint64_t light = firmware::light_of(brightness);
        for (unsigned plane = 0; plane < Of.colour_bits; ++plane)
            lit_cycles_[back][plane] =
                static_cast<std::uint32_t>((Of.unit_cycles << plane) * light / 65'535);
        swap_.store(true, std::memory_order_release);
    }
    /// Since `start`. The slots are the clock: their lengths are known to the cycle.
    Instant now() const {
        std::uint64_t cycles = 0;
        std::uint32_t before = 0;
        do {  // again where a slot began meanwhile
            before = slots_;
            cycles = cycles_;
        } while (slots_ != before);
        return Instant{Micros{static_cast<std::int64_t>(cycles / (Of.cpu_hz / 1'000'000))}};
    }
    /// Slots shown, for the watchdog: a display that stands still burns its panels.
    std::uint32_t slots() const { return slots_; }

    // ---- Of the interrupt, and inlined into it: one board's is in RAM, another's is counted. ----

    /// Of what is in the shift registers.
    [[gnu::always_inline]] unsigned row() const { return row_; }
    [[gnu::always_inline]] std::uint32_t lit_cycles() const {
        return lit_cycles_[front_.load(std::memory_order_relaxed)][plane_];
    }
    [[gnu::always_inline]] const auto& octets() const {
        return pictures_[front_.load(std::memory_order_relaxed)].octets[row_][plane_];
    }
    /// The slot of what is in the shift registers has begun: from here on it is about the next one.
    [[gnu::always_inline]] void advance() {
        cycles_ = cycles_ + slot_cycles_[plane_];
        slots_ = slots_ + 1;
        if (++plane_ == Of.colour_bits) {
            plane_ = 0;
            if (++row_ == Of.height / 2) row_ = 0;
        }
        // The counter has been loaded for this slot; what is written now is the next one's.
        at(systick::load) = slot_cycles_[plane_] - 1;
        if (plane_ == 0 && row_ == 0 && swap_.load(std::memory_order_acquire)) {
            front_.store(1 - front_.load(std::memory_order_relaxed), std::memory_order_relaxed);
            swap_.store(false, std::memory_order_release);
        }
    }

private:
    alignas(4) std::array<Picture, 2> pictures_;             // DMA reads words
    std::array<std::uint32_t, Of.colour_bits> slot_cycles_;  // in RAM, as the interrupt is
    std::array<std::array<std::uint32_t, Of.colour_bits>, 2> lit_cycles_;  // of each picture
    std::atomic<std::uint32_t> front_;
    std::atomic<bool> swap_;
    unsigned row_ = 0;
    unsigned plane_ = 0;
    volatile std::uint32_t slots_ = 0;
    volatile std::uint64_t cycles_ = 0;  // until the end of the slot that is shown
};

}  // namespace holdfast::cortex
