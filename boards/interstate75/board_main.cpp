// The firmware on Pimoroni's Interstate 75.
#include "boards/interstate75/board.hpp"
#include "boards/interstate75/display.hpp"
#include "boards/interstate75/registers.hpp"
#include "boards/interstate75/start.hpp"
#include "boards/interstate75/uart.hpp"
#include "firmware/app.hpp"

namespace holdfast::i75 {
namespace {

Display display;
Uart uart;
std::array<std::uint8_t, width * height> pixels;

/// Counts at 1 MHz, and by an error of the chip (RP2040-E1) by two.
void feed() {
    constexpr std::uint32_t four_seconds = 2 * 4'000'000;
    at(watchdog::load) = four_seconds;
}

void start_watchdog() {
    constexpr std::uint32_t a_microsecond = crystal_hz / 1'000'000;
    constexpr std::uint32_t ticking = 1u << 9;
    constexpr std::uint32_t all_but_oscillators = 0x1fffc;
    constexpr std::uint32_t enabled = 1u << 30;
    at(watchdog::tick) = ticking | a_microsecond;
    at(psm::watchdog_resets) = all_but_oscillators;
    feed();
    at(watchdog::ctrl) = enabled;
}

void start_pins() {
    for (unsigned pin = 0; pin < data_pins; ++pin)
        at(io::ctrl(pin::data + pin)) = io::of_pio0;
    at(io::ctrl(pin::clock)) = io::of_pio0;
    at(io::ctrl(pin::output_enable)) = io::of_pio0;
    at(io::ctrl(pin::latch)) = io::of_cpu;
    for (unsigned pin = 0; pin < address_pins; ++pin)
        at(io::ctrl(pin::address + pin)) = io::of_cpu;
    at(io::ctrl(pin::transmit)) = io::of_uart;
    at(io::ctrl(pin::receive)) = io::of_uart;
}

class Interstate75 final : public firmware::Hardware {
public:
    void write(link::Bytes frame) override { uart.write(frame); }
    void show(const firmware::Canvas& canvas,
              const link::Palette& palette,
              std::uint8_t brightness) override {
        display.show(canvas, palette, brightness);
    }
    /// There is no recovery of ours: the chip's own boot ROM takes images over USB.
    void reboot(link::RebootInto) override { reset(link::ResetCause::software); }
    /// Only while the display goes on: both halves of the firmware must live.
    void feed_watchdog() override {
        if (display.slots() == fed_at_) return;
        fed_at_ = display.slots();
        feed();
    }
    std::uint32_t overruns() const override { return uart.overruns(); }

private:
    std::uint32_t fed_at_ = 0;
};

Interstate75 hardware;

[[noreturn]] void run() {
    start_clocks();
    const auto cause = take_reset_cause();
    const std::uint32_t boot = new_boot_id();
    uart.start();
    display.start();
    start_pins();
    start_watchdog();

    static firmware::App app{{.name = name,
                              .width = width,
                              .height = height,
                              .colour_bits = colour_bits,
                              .refresh_hz = refresh_hz,
                              .version = HOLDFAST_VERSION,
                              .node = 1},
                             {.boot = boot, .cause = cause},
                             firmware::Canvas{pixels, width, height},
                             hardware};
    for (;;) {
        const Instant now = display.now();
        while (const auto octet = uart.take())
            app.take(*octet, now);
        app.step(display.now());
        asm volatile("wfi");
    }
}

}  // namespace
}  // namespace holdfast::i75

extern "C" {
void uart1_handler() {
    holdfast::i75::uart.interrupt();
}
void systick_handler() {
    holdfast::i75::display.interrupt();
}
}

int main() {
    holdfast::i75::run();
}
