// boards/interstate75/uart.hpp: the line, UART1: octets by interrupt, answers at once.
#pragma once
#include "link/bytes.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

namespace holdfast::i75 {

class Uart {
public:
    void start();
    /// Octets in the order in which they came.
    std::optional<std::uint8_t> take();
    /// Returns when the last stop bit is out, or the UART does not answer any more.
    void write(link::Bytes octets);
    std::uint32_t overruns() const { return overruns_; }

    void interrupt();

private:
    // 100 ms at 115,200 baud, while the loop draws at most 17 ms.
    static constexpr std::uint32_t room = 2048;
    std::array<std::uint8_t, room> octets_;
    std::atomic<std::uint32_t> in_ = 0;   // counts octets, of the interrupt alone
    std::atomic<std::uint32_t> out_ = 0;  // of the loop alone
    volatile std::uint32_t overruns_ = 0;
};

}  // namespace holdfast::i75
