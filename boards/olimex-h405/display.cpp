#include "boards/olimex-h405/display.hpp"

#include "boards/olimex-h405/registers.hpp"

namespace holdfast::h405 {
namespace {

constexpr std::uint32_t data_lines = 0x3f;
constexpr std::uint32_t clock_line = 1u << pin::clock;
constexpr std::uint32_t latch_line = 1u << pin::latch;
constexpr std::uint32_t address_lines = 0xfu << pin::address;

/// Lights the panel once for so many cycles: TIM8 counts up to them and stops by itself.
void light(std::uint32_t cycles) {
    constexpr std::uint32_t one_pulse_on = 1u << 3 | 1u;
    if (cycles == 0) return;
    at(tim8::arr) = cycles;
    at(tim8::cr1) = one_pulse_on;
}

void start_light() {
    constexpr std::uint32_t pwm_mode_2 = 7u << 4;  // active from CCR3 up to ARR
    constexpr std::uint32_t active_low_on = 1u << 8 | 1u << 9;
    constexpr std::uint32_t main_output = 1u << 15;
    at(tim8::psc) = 0;
    at(tim8::ccr3) = 1;
    at(tim8::ccmr2) = pwm_mode_2;
    at(tim8::ccer) = active_low_on;
    at(tim8::bdtr) = main_output;
}

}  // namespace

void Display::start() {
    for (std::uint32_t bits = 0; bits <= data_lines; ++bits)
        stores_[bits] = bits | (data_lines & ~bits) << 16 | clock_line << 16;
    start_light();
    shift(octets());
    Refresh::start();
}

/// Data with the clock low, then the clock high: the panel takes it at the rising edge. One of the
/// two loads for the next column stands between each two stores, so that neither half of the clock
/// is shorter than 4 cycles, 24 ns; tests/boards/test_timing.py counts them in what the compiler
/// made.
void Display::shift(const std::array<std::uint8_t, panels.width>& octets) const {
    volatile std::uint32_t& store = at(gpio::c + gpio::bsrr);
    const std::uint8_t* next = octets.data();
    std::uint32_t word = stores_[*next];
    const auto column = [&] [[gnu::always_inline]] {
        store = word;
        std::uint32_t octet = *++next;
        asm volatile("" : "+r"(octet));  // loaded here
        store = clock_line;
        word = stores_[octet];
        asm volatile("" : "+r"(word));
    };
    // Five at a time, because a branch costs as much as half a column.
    constexpr std::size_t last = panels.width - 1;
    static_assert(last % 5 == 0);
    for (const std::uint8_t* const end = next + last; next != end;) {
        column();
        column();
        column();
        column();
        column();
    }
    store = word;
    asm volatile("nop\n nop");
    store = clock_line;
}

/// A slot begins: what was shifted is latched and lit, and the next plane is shifted.
void Display::interrupt() {
    at(gpio::c + gpio::bsrr) = latch_line;
    at(gpio::b + gpio::bsrr) = row() << pin::address | (~row() << pin::address & address_lines)
                                                           << 16;
    at(gpio::c + gpio::bsrr) = latch_line << 16;
    light(lit_cycles());
    advance();
    shift(octets());
}

}  // namespace holdfast::h405
