#include "boards/interstate75/pins.hpp"

#include "boards/interstate75/board.hpp"
#include "boards/interstate75/registers.hpp"

namespace holdfast::i75 {

void start_line_pins() {
    constexpr std::uint32_t dark = 1u << pin::output_enable;
    at(sio::out_set) = dark;
    at(sio::enable_set) = dark | 1u << pin::drive_enable;
    at(io::ctrl(pin::output_enable)) = io::of_cpu;
    at(io::ctrl(pin::drive_enable)) = io::of_cpu;
    at(io::ctrl(pin::transmit)) = io::of_uart;
    at(io::ctrl(pin::receive)) = io::of_uart;
}

void start_panel_pins() {
    for (unsigned pin = 0; pin < data_pins; ++pin)
        at(io::ctrl(pin::data + pin)) = io::of_pio0;
    at(io::ctrl(pin::clock)) = io::of_pio0;
    at(io::ctrl(pin::output_enable)) = io::of_pio0;
    at(io::ctrl(pin::latch)) = io::of_cpu;
    for (unsigned pin = 0; pin < address_pins; ++pin)
        at(io::ctrl(pin::address + pin)) = io::of_cpu;
}

std::uint8_t node_by_jumpers() {
    for (unsigned pin = pin::node; pin < pin::node + node_pins; ++pin) {
        at(io::ctrl(pin)) = io::of_cpu;
        at(pads::pad(pin)) = pads::input_pulled_down;
    }
    // A missing jumper reads as 0. The pulls need no time: they are there since the reset.
    return static_cast<std::uint8_t>(1 + (at(sio::in) >> pin::node & ((1u << node_pins) - 1)));
}

}  // namespace holdfast::i75
