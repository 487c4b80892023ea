// The boot loader of the Olimex STM32-H405.
#include "boards/olimex-h405/board.hpp"
#include "boards/olimex-h405/clocks.hpp"
#include "boards/olimex-h405/flash.hpp"
#include "boards/olimex-h405/pins.hpp"
#include "boards/olimex-h405/start.hpp"
#include "boards/olimex-h405/uart.hpp"
#include "boards/olimex-h405/watchdog.hpp"
#include "firmware/cortex/boot_loader.hpp"
#include "image_key.hpp"

namespace holdfast::h405 {
namespace {

Uart uart;
ChipFlash flash;
cortex::Ticks ticks;

[[noreturn]] void boot() {
    const Clocks clocks = start_clocks();
    start_pins();
    start_watchdog();
    const firmware::Identity identity{name, firmware::image_key};
    const bool asked = kept.magic == kept_magic && kept.into_recovery == 1;
    if (kept.magic == kept_magic) kept.into_recovery = 0;
    const auto slot = asked ? std::nullopt : firmware::choose_slot(flash, identity);
    if (slot) cortex::run_image(flash, *slot);

    uart.start(clocks.apb2_hz);
    cortex::start_systick(clocks.cpu_hz / cortex::Ticks::hz);
    cortex::recover({flash, identity}, uart, ticks, asked, feed_watchdog);
    cortex::reset(link::ResetCause::software);
}

}  // namespace
}  // namespace holdfast::h405

extern "C" {
void line_handler() {
    holdfast::h405::uart.interrupt();
}
void systick_handler() {
    holdfast::h405::ticks.tick();
}
}

int main() {
    holdfast::h405::boot();
}
