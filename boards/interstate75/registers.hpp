// boards/interstate75/registers.hpp: the registers of the RP2040 that are used (its datasheet).
#pragma once
#include "firmware/cortex/registers.hpp"

#include <cstdint>

namespace holdfast::i75 {

using cortex::at;
using cortex::await;

/// Aliases of a peripheral's registers: writing there sets or clears the bits that are one.
inline constexpr std::uint32_t setting = 0x2000, clearing = 0x3000;

namespace resets {
inline constexpr std::uint32_t reset = 0x4000'c000, done = 0x4000'c008;
inline constexpr std::uint32_t used =  // DMA, IO, pads, PIO0, the PLL, UART1
    1u << 2 | 1u << 5 | 1u << 8 | 1u << 10 | 1u << 12 | 1u << 23;
}  // namespace resets
namespace xosc {
inline constexpr std::uint32_t ctrl = 0x4002'4000, status = 0x4002'4004, startup = 0x4002'400c;
inline constexpr std::uint32_t stable = 1u << 31;
}  // namespace xosc
namespace pll_sys {
inline constexpr std::uint32_t cs = 0x4002'8000, pwr = 0x4002'8004, fbdiv = 0x4002'8008;
inline constexpr std::uint32_t prim = 0x4002'800c, locked = 1u << 31;
}  // namespace pll_sys
namespace clocks {
inline constexpr std::uint32_t ref_ctrl = 0x4000'8030, ref_selected = 0x4000'8038;
inline constexpr std::uint32_t sys_ctrl = 0x4000'803c, sys_selected = 0x4000'8044;
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
inline constexpr std::uint32_t of_uart = 2, of_cpu = 5, of_pio0 = 6;
}  // namespace io
namespace pads {
constexpr std::uint32_t pad(unsigned pin) {
    return 0x4001'c004 + 4 * pin;
}
inline constexpr std::uint32_t input_pulled_down = 0x56;  // as after a reset
}  // namespace pads
namespace sio {
inline constexpr std::uint32_t in = 0xd000'0004, out_set = 0xd000'0014, out_clear = 0xd000'0018;
inline constexpr std::uint32_t enable_set = 0xd000'0024;
}  // namespace sio
namespace uart1 {
inline constexpr std::uint32_t dr = 0x4003'8000, fr = 0x4003'8018, ibrd = 0x4003'8024;
inline constexpr std::uint32_t fbrd = 0x4003'8028, lcr = 0x4003'802c, cr = 0x4003'8030;
inline constexpr std::uint32_t ifls = 0x4003'8034, imsc = 0x4003'8038;
inline constexpr std::uint32_t busy = 1u << 3;  // of fr: until the last stop bit is out
inline constexpr std::uint32_t receive_empty = 1u << 4, transmit_full = 1u << 5;
inline constexpr std::uint32_t overrun = 1u << 11;  // of dr
inline constexpr unsigned interrupt = 21;
}  // namespace uart1
namespace pio0 {
inline constexpr std::uint32_t base = 0x5020'0000, ctrl = base;
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
inline constexpr std::uint32_t clkdiv = 0x00, execctrl = 0x04, shiftctrl = 0x08, execute = 0x10;
inline constexpr std::uint32_t pinctrl = 0x14;
}  // namespace pio0
namespace dma0 {
inline constexpr std::uint32_t write_address = 0x5000'0004, count = 0x5000'0008;
inline constexpr std::uint32_t al1_ctrl = 0x5000'0010, read_address_trigger = 0x5000'003c;
}  // namespace dma0
namespace watchdog {
inline constexpr std::uint32_t ctrl = 0x4005'8000, load = 0x4005'8004, reason = 0x4005'8008;
constexpr std::uint32_t scratch(unsigned i) {
    return 0x4005'800c + 4 * i;
}
inline constexpr std::uint32_t tick = 0x4005'802c;
}  // namespace watchdog
namespace psm {
inline constexpr std::uint32_t watchdog_resets = 0x4001'0008, all_but_oscillators = 0x1fffc;
}
/// What reads the flash (its datasheet, 4.10.13).
namespace ssi {
inline constexpr std::uint32_t ctrl0 = 0x1800'0000, ctrl1 = 0x1800'0004, enable = 0x1800'0008;
inline constexpr std::uint32_t baud = 0x1800'0014, spi_ctrl0 = 0x1800'00f4;
}  // namespace ssi

}  // namespace holdfast::i75
