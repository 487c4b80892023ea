// The firmware on Pimoroni's Interstate 75.
#include "boards/interstate75/board.hpp"
#include "boards/interstate75/display.hpp"
#include "boards/interstate75/flash.hpp"
#include "boards/interstate75/pins.hpp"
#include "boards/interstate75/start.hpp"
#include "boards/interstate75/uart.hpp"
#include "boards/interstate75/watchdog.hpp"
#include "firmware/cortex/board.hpp"
#include "firmware/update/updater.hpp"
#include "image_key.hpp"

namespace holdfast::i75 {
namespace {

Display display;
Uart uart;
QspiFlash flash;
std::array<std::uint8_t, panels.width * panels.height> pixels;

class Interstate75 final : public cortex::Board<Display, Uart> {
public:
    using Board::Board;
    void reboot(link::RebootInto into) override {
        if (into == link::RebootInto::recovery) ask_for_recovery();
        cortex::reset(link::ResetCause::software);
    }

private:
    void feed() override { i75::feed_watchdog(); }
};

Interstate75 hardware{display, uart};

[[noreturn]] void run() {
    start_clocks();
    use_vectors_in_ram();
    const auto cause = take_reset_cause();
    const std::uint32_t boot = new_boot_id();
    start_line_pins();
    uart.start();
    display.start();
    start_panel_pins();
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
}  // namespace holdfast::i75

extern "C" {
[[gnu::section(".in_ram")]] void line_handler() {
    holdfast::i75::uart.interrupt();
}
[[gnu::section(".in_ram")]] void systick_handler() {
    holdfast::i75::display.interrupt();
}
}

int main() {
    holdfast::i75::run();
}
