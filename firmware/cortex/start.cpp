#include "firmware/cortex/start.hpp"

#include "base/ensure.hpp"
#include "firmware/cortex/registers.hpp"

int main();

extern "C" {
// Of the linker script.
extern std::uint32_t data_begin, data_end, data_stored, bss_begin, bss_end;
extern void (*init_begin[])();
extern void (*init_end[])();
}

namespace holdfast {

void ensure_failed(const char*, const std::source_location&) {
    cortex::reset(link::ResetCause::assertion);
}

}  // namespace holdfast

extern "C" {

void reset_handler() {
    using namespace holdfast;
    cortex::at(cortex::scb::vtor) = cortex::vectors_address();
    std::uint32_t* from = &data_stored;
    for (std::uint32_t* to = &data_begin; to < &data_end; ++to, ++from)
        *to = *from;
    for (std::uint32_t* to = &bss_begin; to < &bss_end; ++to)
        *to = 0;
    for (auto* init = init_begin; init < init_end; ++init)
        (*init)();
    main();
    cortex::reset(link::ResetCause::unknown);
}

[[gnu::used]] void fault_with_frame(const std::uint32_t* frame) {
    // Where the stack itself is what faulted, there is no frame on it.
    constexpr std::uintptr_t frame_octets = 32;
    constexpr std::size_t program_counter = 6;
    const auto address_of = [](const std::uint32_t* word) {
        return reinterpret_cast<std::uintptr_t>(word);  // NOLINT: compared with the linker's
    };
    const bool readable = address_of(frame) >= address_of(&data_begin) &&
                          address_of(frame) + frame_octets <= address_of(&stack_top);
    holdfast::cortex::fault(readable ? frame[program_counter] : 0);
}

/// Every fault, and every interrupt that nobody asked for.
[[gnu::naked]] void fault_handler() {
    asm volatile("mrs r0, msp\n ldr r1, =fault_with_frame\n bx r1\n .ltorg");
}

// What the compiler calls, and newlib's copies are not linked for. The name is its own.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming)
void __cxa_pure_virtual() {
    holdfast::cortex::fault(0);
}
}
