// firmware/cortex/registers.hpp: registers as memory, and those that every Cortex-M has (ARM DDI
// 0403, DDI 0419).
#pragma once
#include <cstdint>

namespace holdfast::cortex {

[[gnu::always_inline]] inline volatile std::uint32_t& at(std::uint32_t address) {
    return *reinterpret_cast<volatile std::uint32_t*>(address);  // NOLINT: that is what it is
}

/// Waits until all of the bits are set, or none of them is, but not for ever: a peripheral that
/// never gets ready is one that is broken, or one that an emulator does not have.
inline bool await(std::uint32_t address, std::uint32_t bits, bool set, std::uint32_t rounds) {
    for (; rounds > 0; --rounds)
        if ((at(address) & bits) == (set ? bits : 0)) return true;
    return false;
}

namespace systick {
inline constexpr std::uint32_t csr = 0xe000'e010;
inline constexpr std::uint32_t load = 0xe000'e014;
inline constexpr std::uint32_t value = 0xe000'e018;
inline constexpr std::uint32_t cpu_clock_interrupt_on = 7;  ///< Of csr.
}  // namespace systick
namespace nvic {
inline constexpr std::uint32_t iser = 0xe000'e100;
inline constexpr std::uint32_t icer = 0xe000'e180;
}  // namespace nvic
namespace scb {
inline constexpr std::uint32_t vtor = 0xe000'ed08;
inline constexpr std::uint32_t aircr = 0xe000'ed0c;
inline constexpr std::uint32_t shpr3 = 0xe000'ed20;
inline constexpr std::uint32_t reset_request = 0x05fa'0004;
}  // namespace scb

/// An interrupt begins each `cycles`.
inline void start_systick(std::uint32_t cycles) {
    at(systick::load) = cycles - 1;
    at(systick::value) = 0;
    at(systick::csr) = systick::cpu_clock_interrupt_on;
}

}  // namespace holdfast::cortex
