// The boot loader of the Interstate 75, which boot2 starts.
#include "boards/interstate75/board.hpp"
#include "boards/interstate75/flash.hpp"
#include "boards/interstate75/pins.hpp"
#include "boards/interstate75/start.hpp"
#include "boards/interstate75/uart.hpp"
#include "boards/interstate75/watchdog.hpp"
#include "firmware/cortex/boot_loader.hpp"
#include "image_key.hpp"

namespace holdfast::i75 {
namespace {

Uart uart;
QspiFlash flash;
cortex::Ticks ticks;

[[noreturn]] void boot() {
    start_clocks();
    start_line_pins();
    start_watchdog();
    const firmware::Identity identity{name, firmware::image_key};
    const bool asked = take_recovery_request();
    const auto slot = asked ? std::nullopt : firmware::choose_slot(flash, identity);
    if (slot) cortex::run_image(flash, *slot);

    use_vectors_in_ram();
    uart.start();
    cortex::start_systick(cpu_hz / cortex::Ticks::hz);
    cortex::recover({flash, identity}, uart, ticks, asked, feed_watchdog);
    cortex::reset(link::ResetCause::software);
}

}  // namespace
}  // namespace holdfast::i75

extern "C" {
[[gnu::section(".in_ram")]] void line_handler() {
    holdfast::i75::uart.interrupt();
}
[[gnu::section(".in_ram")]] void systick_handler() {
    holdfast::i75::ticks.tick();
}
}

int main() {
    holdfast::i75::boot();
}
