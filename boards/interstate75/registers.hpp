// boards/interstate75/registers.hpp: the registers of the RP2040 that are used (its datasheet).
#pragma once
#include "firmware/cortex/registers.hpp"

#include <cstdint>

namespace holdfast::i75 {

using cortex::at;
using cortex::await;

/// Aliases of a peripheral's registers: writing there sets or clears the bits that are one.
inline constexpr std::uint32_t setting = 0x2000;
inline constexpr std::uint32_t clearing = 0x3000;

namespace resets {
inline constexpr std::uint32_t reset = 0x4000'c000;
inline constexpr std::uint32_t done = 0x4000'c008;
inline constexpr std::uint32_t used =  // DMA, IO, pads, PIO0, the PLL, UART1
    1u << 2 | 1u << 5 | 1u << 8 | 1u << 10 | 1u << 12 | 1u << 23;
}  // namespace resets
namespace xosc {
inline constexpr std::uint32_t ctrl = 0x4002'4000;
inline constexpr std::uint32_t status = 0x4002'4004;
inline constexpr std::uint32_t startup = 0x4002'400c;
inline constexpr std::uint32_t stable = 1u << 31;
}  // namespace xosc
namespace pll_sys {
inline constexpr std::uint32_t cs = 0x4002'8000;
inline constexpr std::uint32_t pwr = 0x4002'8004;
inline constexpr std::uint32_t fbdiv = 0x4002'8008;
inline constexpr std::uint32_t prim = 0x4002'800c;
inline constexpr std::uint32_t locked = 1u << 31;
}  // namespace pll_sys
namespace clocks {
inline constexpr std::uint32_t ref_ctrl = 0x4000'8030;
inline constexpr std::uint32_t ref_selected = 0x4000'8038;
inline constexpr std::uint32_t sys_ctrl = 0x4000'803c;
inline constexpr std::uint32_t sys_selected = 0x4000'8044;
inline constexpr std::uint32_t peri_ctrl = 0x4000'8048;
}  // namespace clocks
namespace rosc {
inline constexpr std::uint32_t random_bit = 0x4006'001c;
}
namespace io {
/// The control register of a pin, whose low five bits say whose it is.
constexpr std::uint32_t ctrl(unsigned pin) {
    return 0x4001'4004 + 8 * pin;
}
inline constexpr std::uint32_t of_uart = 2;
inline constexpr std::uint32_t of_cpu = 5;
inline constexpr std::uint32_t of_pio0 = 6;
}  // namespace io
namespace pads {
constexpr std::uint32_t pad(unsigned pin) {
    return 0x4001'c004 + 4 * pin;
}
inline constexpr std::uint32_t input_pulled_down = 0x56;  // as after a reset
}  // namespace pads
namespace sio {
inline constexpr std::uint32_t in = 0xd000'0004;
inline constexpr std::uint32_t out_set = 0xd000'0014;
inline constexpr std::uint32_t out_clear = 0xd000'0018;
inline constexpr std::uint32_t enable_set = 0xd000'0024;
}  // namespace sio
namespace uart1 {
inline constexpr std::uint32_t dr = 0x4003'8000;
inline constexpr std::uint32_t fr = 0x4003'8018;
inline constexpr std::uint32_t ibrd = 0x4003'8024;
inline constexpr std::uint32_t fbrd = 0x4003'8028;
inline constexpr std::uint32_t lcr = 0x4003'802c;
inline constexpr std::uint32_t cr = 0x4003'8030;
inline constexpr std::uint32_t ifls = 0x4003'8034;
inline constexpr std::uint32_t imsc = 0x4003'8038;
inline constexpr std::uint32_t busy = 1u << 3;  // of fr: until the last stop bit is out
inline constexpr std::uint32_t receive_empty = 1u << 4;
inline constexpr std::uint32_t transmit_full = 1u << 5;
inline constexpr std::uint32_t overrun = 1u << 11;  // of dr
inline constexpr unsigned interrupt = 21;
}  // namespace uart1
namespace pio0 {
inline constexpr std::uint32_t base = 0x5020'0000;
inline constexpr std::uint32_t ctrl = base;
constexpr std::uint32_t txf(unsigned machine) {
    return base + 0x10 + 4 * machine;
}
constexpr std::uint32_t instruction(unsigned i) {
    return base + 0x48 + 4 * i;
}
/// Of a state machine: clock divider, execution, shifting, address, instruction at once, pins.
constexpr std::uint32_t machine(unsigned i) {
    return base + 0xc8 + 0x18 * i;
}
inline constexpr std::uint32_t clkdiv = 0x00;
inline constexpr std::uint32_t execctrl = 0x04;
inline constexpr std::uint32_t shiftctrl = 0x08;
inline constexpr std::uint32_t execute = 0x10;
inline constexpr std::uint32_t pinctrl = 0x14;
}  // namespace pio0
namespace dma0 {
inline constexpr std::uint32_t write_address = 0x5000'0004;
inline constexpr std::uint32_t count = 0x5000'0008;
inline constexpr std::uint32_t al1_ctrl = 0x5000'0010;
inline constexpr std::uint32_t read_address_trigger = 0x5000'003c;
}  // namespace dma0
namespace watchdog {
inline constexpr std::uint32_t ctrl = 0x4005'8000;
inline constexpr std::uint32_t load = 0x4005'8004;
inline constexpr std::uint32_t reason = 0x4005'8008;
constexpr std::uint32_t scratch(unsigned i) {
    return 0x4005'800c + 4 * i;
}
inline constexpr std::uint32_t tick = 0x4005'802c;
}  // namespace watchdog
namespace psm {
inline constexpr std::uint32_t watchdog_resets = 0x4001'0008;
}

}  // namespace holdfast::i75
