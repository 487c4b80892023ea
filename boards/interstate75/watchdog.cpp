#include "boards/interstate75/watchdog.hpp"

#include "boards/interstate75/board.hpp"
#include "boards/interstate75/registers.hpp"

namespace holdfast::i75 {

void start_watchdog() {
    constexpr std::uint32_t a_microsecond = crystal_hz / 1'000'000;
    constexpr std::uint32_t ticking = 1u << 9;
    constexpr std::uint32_t enabled = 1u << 30;
    at(watchdog::tick) = ticking | a_microsecond;
    at(psm::watchdog_resets) = psm::all_but_oscillators;
    feed_watchdog();
    at(watchdog::ctrl) = enabled;
}

/// Counts at 1 MHz, and by an error of the chip (RP2040-E1) by two.
void feed_watchdog() {
    constexpr std::uint32_t four_seconds = 2 * 4'000'000;
    at(watchdog::load) = four_seconds;
}

}  // namespace holdfast::i75
