// boards/olimex-h405/uart.hpp: the line, USART1: octets by interrupt, answers at once.
#pragma once
#include "firmware/cortex/octet_queue.hpp"
#include "link/bytes.hpp"

#include <cstdint>

namespace holdfast::h405 {

class Uart : public cortex::OctetQueue {
public:
    void start(std::uint32_t clock_hz);
    /// Returns when the last stop bit is out, or the UART does not answer any more.
    void write(link::Bytes octets);
    void interrupt();
};

}  // namespace holdfast::h405
