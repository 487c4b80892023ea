#include "boards/olimex-h405/uart.hpp"

#include "boards/olimex-h405/board.hpp"
#include "boards/olimex-h405/registers.hpp"

namespace holdfast::h405 {
namespace {

constexpr std::uint32_t octet_rounds = 100'000;  // 20 octets' time at 115,200 baud
constexpr std::uint32_t drive = 1u << pin::drive_enable;

void release_line() {
    at(gpio::a + gpio::bsrr) = drive << 16;
}

}  // namespace

void Uart::start(std::uint32_t clock_hz) {
    constexpr std::uint32_t on_receive_transmit_interrupt = 1u << 13 | 1u << 5 | 1u << 3 | 1u << 2;
    release_line();
    at(usart1::brr) = (clock_hz + baud / 2) / baud;
    at(usart1::cr1) = on_receive_transmit_interrupt;
    at(cortex::nvic::iser + usart1::interrupt / 32 * 4) = 1u << usart1::interrupt % 32;
}

void Uart::interrupt() {
    const std::uint32_t status = at(usart1::sr);
    if ((status & usart1::overrun) != 0) lost();
    if ((status & (usart1::received | usart1::overrun)) == 0) return;
    put(static_cast<std::uint8_t>(at(usart1::dr)));  // which clears both
}

void Uart::write(link::Bytes octets) {
    at(gpio::a + gpio::bsrr) = drive;
    for (const std::uint8_t octet : octets) {
        if (!await(usart1::sr, usart1::empty, true, octet_rounds)) break;
        at(usart1::dr) = octet;
    }
    static_cast<void>(await(usart1::sr, usart1::complete, true, octet_rounds));
    release_line();
}

}  // namespace holdfast::h405
