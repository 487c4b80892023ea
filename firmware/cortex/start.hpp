// firmware/cortex/start.hpp: from reset to main, and what becomes of faults. A board has its vector
// table, its handlers, and how it resets.
#pragma once
#include "link/messages.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

extern "C" {
// Of the linker script.
extern std::uint32_t stack_top, vectors_begin;

void reset_handler();
void fault_handler();
// Of the board's main.
void line_handler();
void systick_handler();
}

namespace holdfast::cortex {

/// Of the board: starts anew, and tells that cause at the next HELLO.
[[noreturn]] void reset(link::ResetCause cause);
/// Of the board: keeps where the program was, and resets.
[[noreturn]] void fault(std::uint32_t program_counter);

using Vector = void (*)();
inline constexpr std::size_t system_vectors = 16;

template <std::size_t Interrupts>
struct VectorTable {
    std::uint32_t* stack;
    std::array<Vector, system_vectors - 1 + Interrupts> handlers;
};

/// Only the line and SysTick interrupt; whatever else does is a fault.
template <std::size_t Interrupts>
constexpr VectorTable<Interrupts> vector_table_of(unsigned line_interrupt) {
    VectorTable<Interrupts> table{&stack_top, {}};
    table.handlers.fill(fault_handler);
    table.handlers[0] = reset_handler;
    table.handlers[15 - 1] = systick_handler;
    table.handlers[system_vectors + line_interrupt - 1] = line_handler;
    return table;
}

inline std::uint32_t vectors_address() {
    return reinterpret_cast<std::uint32_t>(&vectors_begin);  // NOLINT: that is where it is
}

}  // namespace holdfast::cortex
