#include "boards/olimex-h405/watchdog.hpp"

#include "boards/olimex-h405/registers.hpp"

namespace holdfast::h405 {

void start_watchdog() {
    constexpr std::uint32_t unlock = 0x5555;
    constexpr std::uint32_t go = 0xcccc;
    constexpr std::uint32_t by_256 = 6;
    constexpr std::uint32_t four_seconds = 4 * 32'000 / 256;
    constexpr std::uint32_t rounds = 1'000'000;
    at(iwdg::kr) = unlock;
    at(iwdg::pr) = by_256;
    at(iwdg::rlr) = four_seconds;
    static_cast<void>(await(iwdg::sr, 3, false, rounds));
    at(iwdg::kr) = go;
    feed_watchdog();
}

void feed_watchdog() {
    constexpr std::uint32_t fed = 0xaaaa;
    at(iwdg::kr) = fed;
}

}  // namespace holdfast::h405
