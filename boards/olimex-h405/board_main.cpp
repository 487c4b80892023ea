// The firmware on the Olimex STM32-H405.
#include "boards/olimex-h405/board.hpp"
#include "boards/olimex-h405/clocks.hpp"
#include "boards/olimex-h405/display.hpp"
#include "boards/olimex-h405/flash.hpp"
#include "boards/olimex-h405/pins.hpp"
#include "boards/olimex-h405/start.hpp"
#include "boards/olimex-h405/uart.hpp"
#include "boards/olimex-h405/watchdog.hpp"
#include "firmware/cortex/board.hpp"
#include "firmware/update/updater.hpp"
#include "image_key.hpp"

namespace holdfast::h405 {
namespace {

Display display;
Uart uart;
ChipFlash flash;
std::array<std::uint8_t, panels.width * panels.height> pixels;

class H405 final : public cortex::Board<Display, Uart> {
public:
    using Board::Board;
    void reboot(link::RebootInto into) override {
        kept.into_recovery = into == link::RebootInto::recovery ? 1 : 0;
        cortex::reset(link::ResetCause::software);
    }

private:
    void feed() override { h405::feed_watchdog(); }
};

H405 hardware{display, uart};

[[noreturn]] void run() {
    const Clocks clocks = start_clocks();
    start_pins();
    const auto cause = take_reset_cause();
    const std::uint32_t boot = new_boot_id();
    uart.start(clocks.apb2_hz);
    display.start();
    start_watchdog();

    const std::uint8_t slot = cortex::slot_that_runs(flash);
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
