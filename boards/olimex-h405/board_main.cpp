// The firmware on the Olimex STM32-H405.
#include "boards/olimex-h405/board.hpp"
#include "boards/olimex-h405/clocks.hpp"
#include "boards/olimex-h405/display.hpp"
#include "boards/olimex-h405/flash.hpp"
#include "boards/olimex-h405/pins.hpp"
#include "boards/olimex-h405/registers.hpp"
#include "boards/olimex-h405/start.hpp"
#include "boards/olimex-h405/uart.hpp"
#include "firmware/cortex/board.hpp"
#include "firmware/update/updater.hpp"
#include "image_key.hpp"

namespace holdfast::h405 {
namespace {

Display display;
Uart uart;
ChipFlash flash;
std::array<std::uint8_t, panels.width * panels.height> pixels;

/// The independent watchdog: its own oscillator, and nothing can stop it.
namespace watchdog {

void start() {
    constexpr std::uint32_t unlock = 0x5555;
    constexpr std::uint32_t go = 0xcccc;
    constexpr std::uint32_t by_256 = 6;
    constexpr std::uint32_t four_seconds = 4 * 32'000 / 256;
    constexpr std::uint32_t rounds = 1'000'000;
    at(iwdg::kr) = unlock;
    at(iwdg::pr) = by_256;
    at(iwdg::rlr) = four_seconds;
    static_cast<void>(await(iwdg::sr, 3, false, rounds));
    at(iwdg::kr) = go;
}

void feed() {
    constexpr std::uint32_t fed = 0xaaaa;
    at(iwdg::kr) = fed;
}

}  // namespace watchdog

class H405 final : public cortex::Board<Display, Uart> {
public:
    using Board::Board;
    void reboot(link::RebootInto into) override {
        kept.into_recovery = into == link::RebootInto::recovery ? 1 : 0;
        cortex::reset(link::ResetCause::software);
    }

private:
    void feed() override { watchdog::feed(); }
};

H405 hardware{display, uart};

[[noreturn]] void run() {
    const Clocks clocks = start_clocks();
    start_pins();
    const auto cause = take_reset_cause();
    const std::uint32_t boot = new_boot_id();
    uart.start(clocks.apb2_hz);
    display.start();
    watchdog::start();

    const auto slot =
        static_cast<std::uint8_t>(image_begin() == flash.address(firmware::Area::slot_b) ? 1 : 0);
    static firmware::Updater updater{flash, {name, firmware::image_key}, slot};
    static firmware::App app{
        cortex::facts_of(panels, name, node_by_jumpers()),
        {.boot = boot, .cause = cause, .slot = slot, .confirmed = updater.confirmed()},
        firmware::Canvas{pixels, panels.width, panels.height},
        hardware,
        &updater};
    hardware.run(app);
}

}  // namespace
}  // namespace holdfast::h405

extern "C" {
void line_handler() {
    holdfast::h405::uart.interrupt();
}
void systick_handler() {
    holdfast::h405::display.interrupt();
}
}

int main() {
    holdfast::h405::run();
}
