// The firmware on Pimoroni's Interstate 75.
#include "boards/interstate75/board.hpp"
#include "boards/interstate75/display.hpp"
#include "boards/interstate75/registers.hpp"
#include "boards/interstate75/start.hpp"
#include "boards/interstate75/uart.hpp"
#include "firmware/cortex/board.hpp"

namespace holdfast::i75 {
namespace {

Display display;
Uart uart;
std::array<std::uint8_t, panels.width * panels.height> pixels;

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
    at(io::ctrl(pin::drive_enable)) = io::of_cpu;
    at(sio::enable_set) = 1u << pin::drive_enable;
    for (unsigned pin = pin::node; pin < pin::node + node_pins; ++pin) {
        at(io::ctrl(pin)) = io::of_cpu;
        at(pads::pad(pin)) = pads::input_pulled_down;
    }
    at(io::ctrl(pin::transmit)) = io::of_uart;
    at(io::ctrl(pin::receive)) = io::of_uart;
}

/// A missing jumper reads as 0.
std::uint8_t node_by_jumpers() {
    return static_cast<std::uint8_t>(1 + (at(sio::in) >> pin::node & ((1u << node_pins) - 1)));
}

class Interstate75 final : public cortex::Board<Display, Uart> {
public:
    using Board::Board;
    /// There is no recovery of ours: the chip's own boot ROM takes images over USB.
    void reboot(link::RebootInto) override { cortex::reset(link::ResetCause::software); }

private:
    void feed() override { i75::feed(); }
};

Interstate75 hardware{display, uart};

[[noreturn]] void run() {
    start_clocks();
    const auto cause = take_reset_cause();
    const std::uint32_t boot = new_boot_id();
    uart.start();
    display.start();
    start_pins();
    start_watchdog();

    static firmware::App app{cortex::facts_of(panels, name, node_by_jumpers()),
                             {.boot = boot, .cause = cause},
                             firmware::Canvas{pixels, panels.width, panels.height},
                             hardware};
    hardware.run(app);
}

}  // namespace
}  // namespace holdfast::i75

extern "C" {
void line_handler() {
    holdfast::i75::uart.interrupt();
}
void systick_handler() {
    holdfast::i75::display.interrupt();
}
}

int main() {
    holdfast::i75::run();
}
