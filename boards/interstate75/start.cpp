#include "boards/interstate75/start.hpp"

#include "base/crc32.hpp"
#include "boards/interstate75/board.hpp"
#include "boards/interstate75/registers.hpp"

#include <array>

namespace holdfast::i75 {
namespace {

constexpr std::uint32_t ready_rounds = 100'000;
// Scratch registers 0 to 3 are ours; the boot ROM looks at 4 to 7.
constexpr std::uint32_t kept_magic = watchdog::scratch(0);
constexpr std::uint32_t kept_cause = watchdog::scratch(1);
constexpr std::uint32_t kept_boots = watchdog::scratch(2);
constexpr std::uint32_t kept_fault_at = watchdog::scratch(3);
constexpr std::uint32_t magic = 0x4846'4b50;
constexpr std::uint32_t into_recovery = 1u << 8;  // of kept_cause
constexpr std::size_t interrupts = 26;

[[gnu::section(".vectors"), gnu::used]] const auto vector_table =
    cortex::vector_table_of<interrupts>(uart1::interrupt);

}  // namespace

void start_clocks() {
    constexpr std::uint32_t pll = 1u << 1;
    at(resets::reset + clearing) = resets::used;
    static_cast<void>(await(resets::done, resets::used, true, ready_rounds));
    if ((at(clocks::sys_selected) & pll) != 0) return;  // by the boot loader

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
    static_cast<void>(await(clocks::sys_selected, pll, true, ready_rounds));
    constexpr std::uint32_t enabled_of_system = 1u << 11;
    at(clocks::peri_ctrl) = enabled_of_system;
}

link::ResetCause take_reset_cause() {
    using link::ResetCause;
    const bool known = at(kept_magic) == magic;
    const std::uint32_t cause = known ? at(kept_cause) & ~into_recovery : 0;
    constexpr std::uint32_t by_timer = 1;
    const bool starved = (at(watchdog::reason) & by_timer) != 0;
    if (!known) at(kept_boots) = 0;
    at(kept_magic) = magic;
    at(kept_cause) = 0;
    if (starved) return ResetCause::watchdog;
    return known ? static_cast<ResetCause>(cause) : ResetCause::power;
}

void ask_for_recovery() {
    at(kept_cause) = into_recovery;
}

bool take_recovery_request() {
    const bool asked = at(kept_magic) == magic && (at(kept_cause) & into_recovery) != 0;
    if (asked) at(kept_cause) = at(kept_cause) & ~into_recovery;
    return asked;
}

void use_vectors_in_ram() {
    constexpr std::size_t alignment = 256;  // of VTOR
    alignas(alignment) static cortex::VectorTable<interrupts> table;
    table = vector_table;
    at(cortex::scb::vtor) = reinterpret_cast<std::uint32_t>(&table);
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

namespace holdfast::cortex {

/// By the watchdog, which leaves its scratch registers alone.
void reset(link::ResetCause cause) {
    at(i75::kept_magic) = i75::magic;
    at(i75::kept_cause) =
        (at(i75::kept_cause) & i75::into_recovery) | static_cast<std::uint32_t>(cause);
    constexpr std::uint32_t trigger = 1u << 31;
    at(i75::psm::watchdog_resets) = i75::psm::all_but_oscillators;
    at(i75::watchdog::ctrl) = trigger;
    for (;;) {}
}

void fault(std::uint32_t program_counter) {
    at(i75::kept_fault_at) = program_counter;
    reset(link::ResetCause::fault);
}

}  // namespace holdfast::cortex
