// The boot loader of the Olimex STM32-H405: chooses an image and runs it, or takes one by XMODEM.
#include "boards/olimex-h405/board.hpp"
#include "boards/olimex-h405/clocks.hpp"
#include "boards/olimex-h405/flash.hpp"
#include "boards/olimex-h405/pins.hpp"
#include "boards/olimex-h405/registers.hpp"
#include "boards/olimex-h405/start.hpp"
#include "boards/olimex-h405/uart.hpp"
#include "firmware/update/recovery.hpp"
#include "image_key.hpp"

namespace holdfast::h405 {
namespace {

Uart uart;
ChipFlash flash;
std::atomic<std::uint32_t> milliseconds;

/// Where an image runs, recovery waits so long for a sender and then gives way to it.
constexpr Micros recovery_patience = 60s;

[[noreturn]] void run_image(std::uint8_t slot) {
    at(cortex::systick::csr) = 0;
    constexpr std::uint32_t off = 1u << usart1::interrupt % 32;
    at(cortex::nvic::icer + usart1::interrupt / 32 * 4) = off;
    const std::uint32_t vectors = flash.address(firmware::slots[slot]) + firmware::image_header;
    at(cortex::scb::vtor) = vectors;
    asm volatile("dsb\n isb\n msr msp, %0\n bx %1" ::"r"(at(vectors)), "r"(at(vectors + 4)));
    __builtin_unreachable();
}

Instant now() {
    return Instant{Micros{std::int64_t{milliseconds} * 1000}};
}

/// Until an image came whole, or the patience is over where there is another one.
void recover(const firmware::Identity& identity, bool another) {
    firmware::Recovery recovery{flash, identity};
    Instant heard = now();
    while (!another || now() - heard < recovery_patience) {
        while (const auto octet = uart.take()) {
            heard = now();
            const bool done = recovery.take(*octet, heard).has_value();
            uart.write(recovery.reply());
            if (done) return;
        }
        recovery.step(now());
        if (const auto reply = recovery.reply(); !reply.empty()) uart.write(reply);
        asm volatile("wfi");
    }
}

[[noreturn]] void boot() {
    const Clocks clocks = start_clocks();
    start_pins();
    const firmware::Identity identity{name, firmware::image_key};
    const bool asked = kept.magic == kept_magic && kept.into_recovery == 1;
    if (kept.magic == kept_magic) kept.into_recovery = 0;
    const auto slot = asked ? std::nullopt : firmware::choose_slot(flash, identity);
    if (slot) run_image(*slot);

    uart.start(clocks.apb2_hz);
    cortex::start_systick(clocks.cpu_hz / 1000);
    recover(identity, asked);
    cortex::reset(link::ResetCause::software);
}

}  // namespace
}  // namespace holdfast::h405

extern "C" {
void line_handler() {
    holdfast::h405::uart.interrupt();
}
void systick_handler() {
    holdfast::h405::milliseconds += 1;
}
}

int main() {
    holdfast::h405::boot();
}
