#include "boards/olimex-h405/display.hpp"

#include "boards/olimex-h405/registers.hpp"

namespace holdfast::h405 {
namespace {

constexpr std::uint32_t data_lines = 0x3f;
constexpr std::uint32_t clock_line = 1u << pin::clock;
constexpr std::uint32_t latch_line = 1u << pin::latch;
constexpr std::uint32_t address_lines = 0xfu << pin::address;
constexpr unsigned address_count = height / 2;

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
    lit_cycles_ = next_lit_cycles_ = {};  // dark until there is a picture
    start_light();
    shift(pictures_[0].octets[0][0]);
    constexpr std::uint32_t second_priority = 0x40u << 24;
    constexpr std::uint32_t cpu_clock_interrupt_on = 7;
    at(scb::shpr3) = second_priority;  // octets of the line come first
    at(systick::load) = slot_cycles(0) - 1;
    at(systick::value) = 0;
    at(systick::csr) = cpu_clock_interrupt_on;
}

void Display::show(const firmware::Canvas& canvas,
                   const link::Palette& palette,
                   std::uint8_t brightness) {
    while (swap_.load(std::memory_order_acquire))
        asm volatile("wfi");  // SysTick ends it
    const std::uint32_t back = 1 - front_.load(std::memory_order_relaxed);
    pictures_[back].make(canvas, firmware::masks_of<colour_bits>(palette));
    const std::uint64_t light = firmware::light_of(brightness);
    for (unsigned plane = 0; plane < colour_bits; ++plane)
        next_lit_cycles_[plane] =
            static_cast<std::uint32_t>((unit_cycles << plane) * light / 65'535);
    swap_.store(true, std::memory_order_release);
}

Instant Display::now() const {
    std::uint64_t cycles = 0;
    std::uint32_t before = 0;
    do {  // again where a slot began meanwhile
        before = slots_;
        cycles = cycles_;
    } while (slots_ != before);
    return Instant{Micros{static_cast<std::int64_t>(cycles / (cpu_hz / 1'000'000))}};
}

/// Data with the clock low, then the clock high: the panel takes it at the rising edge. One of the
/// two loads for the next column stands between each two stores, so that neither half of the clock
/// is shorter than 4 cycles, 24 ns; tests/boards/test_timing.py counts them in what the compiler
/// made.
void Display::shift(const std::array<std::uint8_t, width>& octets) const {
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
    constexpr std::size_t last = width - 1;
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
    at(gpio::b + gpio::bsrr) = row_ << pin::address | (~row_ << pin::address & address_lines) << 16;
    at(gpio::c + gpio::bsrr) = latch_line << 16;
    light(lit_cycles_[plane_]);

    cycles_ = cycles_ + slot_cycles(plane_);
    slots_ = slots_ + 1;
    if (++plane_ == colour_bits) {
        plane_ = 0;
        if (++row_ == address_count) row_ = 0;
    }
    // The counter has been loaded for this slot; what is written now is the next one's.
    at(systick::load) = slot_cycles(plane_) - 1;
    if (plane_ == 0 && row_ == 0 && swap_.load(std::memory_order_acquire)) {
        front_.store(1 - front_.load(std::memory_order_relaxed), std::memory_order_relaxed);
        lit_cycles_ = next_lit_cycles_;
        swap_.store(false, std::memory_order_release);
    }
    shift(pictures_[front_.load(std::memory_order_relaxed)].octets[row_][plane_]);
}

}  // namespace holdfast::h405
