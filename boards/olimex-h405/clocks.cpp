#include "boards/olimex-h405/clocks.hpp"

#include "boards/olimex-h405/board.hpp"
#include "boards/olimex-h405/registers.hpp"

namespace holdfast::h405 {
namespace {

constexpr std::uint32_t ready_rounds = 200'000;  // a crystal needs some milliseconds

/// The PLL makes 336 MHz of 1 MHz; half of it is for the CPU, a seventh for USB and the generator.
bool start_pll(std::uint32_t source_hz, std::uint32_t from_crystal) {
    const std::uint32_t divided_by = source_hz / 1'000'000;
    at(rcc::pllcfgr) = divided_by | 336u << 6 | 0u << 16 | from_crystal << 22 | 7u << 24;
    at(rcc::cr) = at(rcc::cr) | rcc::pll_on;
    return await(rcc::cr, rcc::pll_ready, true, ready_rounds);
}

}  // namespace

Clocks start_clocks() {
    constexpr std::uint32_t five_waits_and_caches = 5u | 7u << 8;
    at(flash_control::acr) = five_waits_and_caches;
    // The RC oscillator runs after every reset, so its bit is set on every chip: where the register
    // is 0 there are no clocks at all, but an emulator that runs at its own pace.
    if (at(rcc::cr) == 0) return {cpu_hz, cpu_hz / 2};

    constexpr std::uint32_t pll = 2;
    // The boot loader has started them already.
    if ((at(rcc::cfgr) >> 2 & 3) == pll) return {cpu_hz, cpu_hz / 2};

    at(rcc::cr) = at(rcc::cr) | rcc::hse_on;
    const bool crystal = await(rcc::cr, rcc::hse_ready, true, ready_rounds);
    if (!start_pll(crystal ? crystal_hz : internal_hz, crystal ? 1 : 0))
        return {internal_hz, internal_hz};
    constexpr std::uint32_t apb1_by_4_apb2_by_2 = 5u << 10 | 4u << 13;
    at(rcc::cfgr) = apb1_by_4_apb2_by_2 | pll;
    if (!await(rcc::cfgr, pll << 2, true, ready_rounds)) return {internal_hz, internal_hz / 2};
    return {cpu_hz, cpu_hz / 2};
}

}  // namespace holdfast::h405
