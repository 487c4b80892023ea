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
    at(nvic::iser + usart1::interrupt / 32 * 4) = 1u << usart1::interrupt % 32;
}

void Uart::interrupt() {
    const std::uint32_t status = at(usart1::sr);
    if ((status & usart1::overrun) != 0) overruns_ = overruns_ + 1;
    if ((status & (usart1::received | usart1::overrun)) == 0) return;
    const auto octet = static_cast<std::uint8_t>(at(usart1::dr));  // which clears both
    const std::uint32_t in = in_.load(std::memory_order_relaxed);
    if (in - out_.load(std::memory_order_acquire) == room) {
        overruns_ = overruns_ + 1;
        return;
    }
    octets_[in % room] = octet;
    in_.store(in + 1, std::memory_order_release);
}

std::optional<std::uint8_t> Uart::take() {
    const std::uint32_t out = out_.load(std::memory_order_relaxed);
    if (out == in_.load(std::memory_order_acquire)) return std::nullopt;
    const std::uint8_t octet = octets_[out % room];
    out_.store(out + 1, std::memory_order_release);
    return octet;
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
