#include "boards/interstate75/start.hpp"

#include "base/crc32.hpp"
#include "base/ensure.hpp"
#include "boards/interstate75/board.hpp"
#include "boards/interstate75/registers.hpp"

#include <array>

int main();

extern "C" {
// Of the linker script.
extern std::uint32_t data_begin, data_end, data_stored, bss_begin, bss_end, stack_top;
extern void (*init_begin[])();
extern void (*init_end[])();

void reset_handler();
void fault_handler();
void uart1_handler();
void systick_handler();
}

namespace holdfast::i75 {
namespace {

constexpr std::uint32_t ready_rounds = 100'000;
// Scratch registers 0 to 3 are ours; the boot ROM looks at 4 to 7.
constexpr std::uint32_t kept_magic = watchdog::scratch(0);
constexpr std::uint32_t kept_cause = watchdog::scratch(1);
constexpr std::uint32_t kept_boots = watchdog::scratch(2);
constexpr std::uint32_t magic = 0x4846'4b50;

using Vector = void (*)();
constexpr std::size_t system_vectors = 16;
constexpr std::size_t vectors = system_vectors + 26;

constexpr std::array<Vector, vectors - 1> make_vectors() {
    std::array<Vector, vectors - 1> table{};
    table.fill(fault_handler);
    table[0] = reset_handler;
    table[15 - 1] = systick_handler;
    table[system_vectors + uart1::interrupt - 1] = uart1_handler;
    return table;
}

struct VectorTable {
    std::uint32_t* stack;
    std::array<Vector, vectors - 1> handlers;
};
[[gnu::section(".vectors"), gnu::used]] const VectorTable vector_table{&stack_top, make_vectors()};

}  // namespace

void start_clocks() {
    at(resets::reset + clearing) = resets::used;
    static_cast<void>(await(resets::done, resets::used, true, ready_rounds));

    constexpr std::uint32_t a_millisecond = crystal_hz / 1000 / 256;
    constexpr std::uint32_t enable_1_to_15_mhz = 0xfab << 12 | 0xaa0;
    at(xosc::startup) = a_millisecond;
    at(xosc::ctrl) = enable_1_to_15_mhz;
    if (!await(xosc::status, xosc::stable, true, ready_rounds)) return;
    at(clocks::ref_ctrl) = 2;  // the crystal
    static_cast<void>(await(clocks::ref_selected, 1u << 2, true, ready_rounds));

    // 12 MHz times 125 is 1,500 MHz; by 6 and by 2.
    at(pll_sys::cs) = 1;
    at(pll_sys::fbdiv) = cpu_hz / 1'000'000;
    constexpr std::uint32_t off_of_oscillator = 1u << 0 | 1u << 5;
    constexpr std::uint32_t off_of_dividers = 1u << 3;
    at(pll_sys::pwr + clearing) = off_of_oscillator;
    static_cast<void>(await(pll_sys::cs, pll_sys::locked, true, ready_rounds));
    at(pll_sys::prim) = 6u << 16 | 2u << 12;
    at(pll_sys::pwr + clearing) = off_of_dividers;
    at(clocks::sys_ctrl) = 1;  // the PLL
    static_cast<void>(await(clocks::sys_selected, 1u << 1, true, ready_rounds));
    constexpr std::uint32_t enabled_of_system = 1u << 11;
    at(clocks::peri_ctrl) = enabled_of_system;
}

void reset(link::ResetCause cause) {
    at(kept_magic) = magic;
    at(kept_cause) = static_cast<std::uint32_t>(cause);
    constexpr std::uint32_t all_but_oscillators = 0x1fffc;
    constexpr std::uint32_t trigger = 1u << 31;
    at(psm::watchdog_resets) = all_but_oscillators;
    at(watchdog::ctrl) = trigger;
    for (;;) {}
}

link::ResetCause take_reset_cause() {
    using link::ResetCause;
    const bool known = at(kept_magic) == magic;
    const std::uint32_t cause = known ? at(kept_cause) : 0;
    constexpr std::uint32_t by_timer = 1;
    const bool starved = (at(watchdog::reason) & by_timer) != 0;
    if (!known) at(kept_boots) = 0;
    at(kept_magic) = magic;
    at(kept_cause) = 0;
    if (starved) return ResetCause::watchdog;
    return known ? static_cast<ResetCause>(cause) : ResetCause::power;
}

/// The ring oscillator's random bit is poor, but it is not the same at each start.
std::uint32_t new_boot_id() {
    at(kept_boots) = at(kept_boots) + 1;
    std::array<std::uint8_t, 36> octets{};
    for (std::size_t i = 0; i < 32; ++i)
        octets[i] = static_cast<std::uint8_t>(at(rosc::random_bit) & 1);
    for (std::size_t i = 0; i < 4; ++i)
        octets[32 + i] = static_cast<std::uint8_t>(at(kept_boots) >> 8 * i & 0xff);
    return crc32(octets);
}

}  // namespace holdfast::i75

namespace holdfast {

void ensure_failed(const char*, const std::source_location&) {
    i75::reset(link::ResetCause::assertion);
}

}  // namespace holdfast

extern "C" {

void reset_handler() {
    holdfast::i75::at(holdfast::i75::scb::vtor) =
        reinterpret_cast<std::uint32_t>(&holdfast::i75::vector_table);
    std::uint32_t* from = &data_stored;
    for (std::uint32_t* to = &data_begin; to < &data_end; ++to, ++from)
        *to = *from;
    for (std::uint32_t* to = &bss_begin; to < &bss_end; ++to)
        *to = 0;
    for (auto* init = init_begin; init < init_end; ++init)
        (*init)();
    main();
    holdfast::i75::reset(holdfast::link::ResetCause::unknown);
}

/// Every fault, and every interrupt that nobody asked for.
void fault_handler() {
    holdfast::i75::reset(holdfast::link::ResetCause::fault);
}

void __cxa_pure_virtual() {
    fault_handler();
}
}
