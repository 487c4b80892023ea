// firmware/cortex/boot_loader.hpp: what a boot loader does on any board: runs the image that is to
// run, or takes one by XMODEM. A board has its clocks, its watchdog, its handlers.
#pragma once
#include "base/time.hpp"
#include "firmware/cortex/registers.hpp"
#include "firmware/update/recovery.hpp"

#include <atomic>
#include <cstdint>

namespace holdfast::cortex {

/// Where an image runs, recovery waits so long for a sender and then gives way to it.
inline constexpr Micros recovery_patience = 60s;

/// Runs the image of a slot, as a reset would: no interrupt may be on.
[[noreturn]] inline void run_image(const firmware::Flash& flash, std::uint8_t slot) {
    const std::uint32_t vectors = flash.address(firmware::slots[slot]) + firmware::image_header;
    at(scb::vtor) = vectors;
    asm volatile("dsb\n isb\n msr msp, %0\n bx %1" ::"r"(at(vectors)), "r"(at(vectors + 4)));
    __builtin_unreachable();
}

/// A boot loader's time: SysTick, each millisecond.
class Ticks {
public:
    static constexpr std::uint32_t hz = 1000;
    /// Of the interrupt.
    void tick() {
        count_.store(count_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    Instant now() const { return Instant{Micros{std::int64_t{count_} * (1'000'000 / hz)}}; }

private:
    std::atomic<std::uint32_t> count_ = 0;  // stored by the interrupt alone
};

/// Until an image came whole, or the patience is over where there is another one.
template <class Line>
void recover(firmware::Recovery recovery,
             Line& line,
             const Ticks& ticks,
             bool another,
             void (*feed_watchdog)()) {
    Instant heard = ticks.now();
    while (!another || ticks.now() - heard < recovery_patience) {
        feed_watchdog();
        while (const auto octet = line.take()) {
            heard = ticks.now();
            const bool done = recovery.take(*octet, heard).has_value();
            line.write(recovery.reply());
            if (done) return;
        }
        recovery.step(ticks.now());
        if (const auto reply = recovery.reply(); !reply.empty()) line.write(reply);
        asm volatile("wfi");
    }
}

}  // namespace holdfast::cortex
