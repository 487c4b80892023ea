#include "boards/interstate75/uart.hpp"

#include "boards/interstate75/board.hpp"
#include "boards/interstate75/registers.hpp"

namespace holdfast::i75 {
namespace {

constexpr std::uint32_t octet_rounds = 100'000;  // many octets' time at 115,200 baud
constexpr std::uint32_t drive = 1u << pin::drive_enable;

}  // namespace

void Uart::start() {
    // The divider in 64ths: clock / (16 * baud).
    constexpr std::uint32_t divider = (std::uint64_t{cpu_hz} * 4 + baud / 2) / baud;
    constexpr std::uint32_t eight_bits_and_fifos = 3u << 5 | 1u << 4;
    constexpr std::uint32_t on_transmit_receive = 1u | 1u << 8 | 1u << 9;
    constexpr std::uint32_t received_or_waiting = 1u << 4 | 1u << 6;
    at(uart1::ibrd) = divider / 64;
    at(uart1::fbrd) = divider % 64;
    at(uart1::lcr) = eight_bits_and_fifos;
    at(uart1::ifls) = 0;  // an interrupt at four octets, or after 32 bits of silence
    at(uart1::cr) = on_transmit_receive;
    at(uart1::imsc) = received_or_waiting;
    at(cortex::nvic::iser) = 1u << uart1::interrupt;
}

/// In RAM, as the line goes on while the flash is written.
[[gnu::section(".in_ram")]] void Uart::interrupt() {
    while ((at(uart1::fr) & uart1::receive_empty) == 0) {
        const std::uint32_t word = at(uart1::dr);
        if ((word & uart1::overrun) != 0) lost();
        put(static_cast<std::uint8_t>(word));
    }
}

void Uart::write(link::Bytes octets) {
    at(sio::out_set) = drive;
    for (const std::uint8_t octet : octets) {
        if (!await(uart1::fr, uart1::transmit_full, false, octet_rounds)) break;
        at(uart1::dr) = octet;
    }
    // Up to 32 octets wait in the UART.
    static_cast<void>(await(uart1::fr, uart1::busy, false, octet_rounds));
    at(sio::out_clear) = drive;
}

}  // namespace holdfast::i75
