#include "boards/olimex-h405/start.hpp"

#include "base/crc32.hpp"
#include "boards/olimex-h405/registers.hpp"

#include <array>
#include <cstring>

namespace holdfast::h405 {

[[gnu::section(".kept")]] Kept kept;

namespace {

constexpr std::uint32_t ready_rounds = 1'000;  // a word takes 40 cycles of 48 MHz
constexpr std::size_t interrupts = 82;

[[gnu::section(".vectors"), gnu::used]] const auto vector_table =
    cortex::vector_table_of<interrupts>(usart1::interrupt);

}  // namespace

link::ResetCause take_reset_cause() {
    using link::ResetCause;
    const std::uint32_t flags = at(rcc::csr);
    at(rcc::csr) = flags | rcc::remove_reset_flags;
    const bool known = kept.magic == kept_magic;
    const auto asked = static_cast<ResetCause>(known ? kept.cause : 0);
    kept.cause = 0;
    if ((flags & rcc::reset_by_power) != 0) return ResetCause::power;
    if ((flags & rcc::reset_by_watchdog) != 0) return ResetCause::watchdog;
    if (asked != ResetCause::unknown) return asked;
    if ((flags & rcc::reset_by_software) != 0) return ResetCause::software;
    if ((flags & rcc::reset_by_pin) != 0) return ResetCause::pin;
    return known ? ResetCause::unknown : ResetCause::power;
}

std::uint32_t new_boot_id() {
    if (kept.magic != kept_magic) kept = {.magic = kept_magic};
    ++kept.boots;
    constexpr std::uint32_t generator_clock = 1u << 6;
    at(rcc::ahb2enr) = at(rcc::ahb2enr) | generator_clock;
    at(rng::cr) = 4;
    constexpr std::uint32_t there_is_one = 1;
    const bool ready = await(rng::sr, there_is_one, true, ready_rounds);
    const std::array<std::uint32_t, 2> words{ready ? at(rng::dr) : 0, kept.boots};
    std::array<std::uint8_t, sizeof words> octets{};
    std::memcpy(octets.data(), words.data(), octets.size());
    return crc32(octets);
}

}  // namespace holdfast::h405

namespace holdfast::cortex {

void reset(link::ResetCause cause) {
    h405::kept.magic = h405::kept_magic;
    h405::kept.cause = static_cast<std::uint32_t>(cause);
    asm volatile("dsb" ::: "memory");
    at(scb::aircr) = scb::reset_request;
    for (;;) {}
}

void fault(std::uint32_t program_counter) {
    h405::kept.fault_at = program_counter;
    reset(link::ResetCause::fault);
}

}  // namespace holdfast::cortex
