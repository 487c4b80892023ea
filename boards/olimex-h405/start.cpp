#include "boards/olimex-h405/start.hpp"

#include "base/crc32.hpp"
#include "base/ensure.hpp"
#include "boards/olimex-h405/registers.hpp"

#include <array>
#include <cstring>

int main();

extern "C" {
// Of the linker script.
extern std::uint32_t data_begin, data_end, data_stored, bss_begin, bss_end, stack_top;
extern void (*init_begin[])();
extern void (*init_end[])();

void reset_handler();
void fault_handler();
void usart1_handler();
void systick_handler();
}

namespace holdfast::h405 {

[[gnu::section(".kept")]] Kept kept;

namespace {

constexpr std::uint32_t ready_rounds = 1'000;  // a word takes 40 cycles of 48 MHz

[[noreturn]] void fault(std::uint32_t at_address) {
    kept.fault_at = at_address;
    reset(link::ResetCause::fault);
}

using Vector = void (*)();
constexpr std::size_t system_vectors = 16;
constexpr std::size_t vectors = system_vectors + 82;

constexpr std::array<Vector, vectors - 1> make_vectors() {
    std::array<Vector, vectors - 1> table{};
    table.fill(fault_handler);
    table[0] = reset_handler;
    table[15 - 1] = systick_handler;
    table[system_vectors + usart1::interrupt - 1] = usart1_handler;
    return table;
}

struct VectorTable {
    std::uint32_t* stack;
    std::array<Vector, vectors - 1> handlers;
};
[[gnu::section(".vectors"), gnu::used]] const VectorTable vector_table{&stack_top, make_vectors()};

constexpr std::uint32_t image_header = 512;

std::uint32_t vectors_begin() {
    return reinterpret_cast<std::uint32_t>(&vector_table);
}

}  // namespace

std::uint32_t image_begin() {
    return vectors_begin() - image_header;
}

void reset(link::ResetCause cause) {
    kept.magic = kept_magic;
    kept.cause = static_cast<std::uint32_t>(cause);
    asm volatile("dsb" ::: "memory");
    at(scb::aircr) = scb::reset_request;
    for (;;) {}
}

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

namespace holdfast {

void ensure_failed(const char*, const std::source_location&) {
    h405::reset(link::ResetCause::assertion);
}

}  // namespace holdfast

extern "C" {

void reset_handler() {
    holdfast::h405::at(holdfast::h405::scb::vtor) = holdfast::h405::vectors_begin();
    std::uint32_t* from = &data_stored;
    for (std::uint32_t* to = &data_begin; to < &data_end; ++to, ++from)
        *to = *from;
    for (std::uint32_t* to = &bss_begin; to < &bss_end; ++to)
        *to = 0;
    for (auto* init = init_begin; init < init_end; ++init)
        (*init)();
    main();
    holdfast::h405::reset(holdfast::link::ResetCause::unknown);
}

[[gnu::used]] void fault_with_frame(const std::uint32_t* frame) {
    // Where the stack itself is what faulted, there is no frame on it.
    constexpr std::uint32_t ram_begin = 0x2000'0000;
    constexpr std::uint32_t ram_end = 0x2002'0000;
    const auto address = reinterpret_cast<std::uint32_t>(frame);
    const bool readable = address >= ram_begin && address < ram_end - 32;
    holdfast::h405::fault(readable ? frame[6] : 0);
}

/// Every fault, and every interrupt that nobody asked for.
[[gnu::naked]] void fault_handler() {
    asm volatile("mrs r0, msp\n b fault_with_frame");
}

// What the compiler calls, and newlib's copies are not linked for.
void __cxa_pure_virtual() {
    holdfast::h405::fault(0);
}
}
