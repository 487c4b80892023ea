// boards/interstate75/uart.hpp: the line, UART1: octets by interrupt, answers at once.
#pragma once
#include "firmware/cortex/octet_queue.hpp"
#include "link/bytes.hpp"

namespace holdfast::i75 {

class Uart : public cortex::OctetQueue {
public:
    void start();
    /// Returns when the last stop bit is out, or the UART does not answer any more.
    void write(link::Bytes octets);
    void interrupt();
};

}  // namespace holdfast::i75
