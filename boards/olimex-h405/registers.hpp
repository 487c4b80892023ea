// boards/olimex-h405/registers.hpp: the registers of the STM32F405 that are used (ST RM0090).
#pragma once
#include "firmware/cortex/registers.hpp"

#include <cstdint>

namespace holdfast::h405 {

using cortex::at;
using cortex::await;

namespace rcc {
inline constexpr std::uint32_t base = 0x4002'3800, cr = base + 0x00, pllcfgr = base + 0x04;
inline constexpr std::uint32_t cfgr = base + 0x08, ahb1enr = base + 0x30, ahb2enr = base + 0x34;
inline constexpr std::uint32_t apb1enr = base + 0x40, apb2enr = base + 0x44, csr = base + 0x74;
inline constexpr std::uint32_t hse_on = 1u << 16, hse_ready = 1u << 17, pll_on = 1u << 24;
inline constexpr std::uint32_t pll_ready = 1u << 25, remove_reset_flags = 1u << 24;
inline constexpr std::uint32_t reset_by_pin = 1u << 26, reset_by_power = 1u << 27;
inline constexpr std::uint32_t reset_by_software = 1u << 28, reset_by_watchdog = 1u << 29;
}  // namespace rcc

namespace flash_control {
inline constexpr std::uint32_t base = 0x4002'3c00, acr = base + 0x00, keyr = base + 0x04;
inline constexpr std::uint32_t sr = base + 0x0c, cr = base + 0x10;
}  // namespace flash_control

namespace gpio {
inline constexpr std::uint32_t a = 0x4002'0000, b = 0x4002'0400, c = 0x4002'0800, moder = 0x00;
inline constexpr std::uint32_t ospeedr = 0x08, pupdr = 0x0c, idr = 0x10, bsrr = 0x18, afrl = 0x20;
}  // namespace gpio

namespace usart1 {
inline constexpr std::uint32_t base = 0x4001'1000, sr = base + 0x00, dr = base + 0x04;
inline constexpr std::uint32_t brr = base + 0x08, cr1 = base + 0x0c, overrun = 1u << 3;
inline constexpr std::uint32_t received = 1u << 5, complete = 1u << 6, empty = 1u << 7;
inline constexpr unsigned interrupt = 37;
}  // namespace usart1

/// Drives output enable: one pulse for each slot.
namespace tim8 {
inline constexpr std::uint32_t base = 0x4001'0400, cr1 = base + 0x00, egr = base + 0x14;
inline constexpr std::uint32_t ccmr2 = base + 0x1c, ccer = base + 0x20, cnt = base + 0x24;
inline constexpr std::uint32_t psc = base + 0x28, arr = base + 0x2c, ccr3 = base + 0x3c;
inline constexpr std::uint32_t bdtr = base + 0x44;
}  // namespace tim8

namespace rng {
inline constexpr std::uint32_t base = 0x5006'0800, cr = base + 0x00, sr = base + 0x04;
inline constexpr std::uint32_t dr = base + 0x08;
}  // namespace rng

namespace iwdg {
inline constexpr std::uint32_t base = 0x4000'3000, kr = base + 0x00, pr = base + 0x04;
inline constexpr std::uint32_t rlr = base + 0x08, sr = base + 0x0c;
}  // namespace iwdg

}  // namespace holdfast::h405
