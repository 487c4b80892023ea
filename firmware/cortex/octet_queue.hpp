// firmware/cortex/octet_queue.hpp: octets from an interrupt to the loop.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

namespace holdfast::cortex {

class OctetQueue {
public:
    /// Of the loop: octets in the order in which they came.
    std::optional<std::uint8_t> take() {
        const std::uint32_t out = out_.load(std::memory_order_relaxed);
        if (out == in_.load(std::memory_order_acquire)) return std::nullopt;
        const std::uint8_t octet = octets_[out % room];
        out_.store(out + 1, std::memory_order_release);
        return octet;
    }
    /// Octets that were lost, here or before.
    std::uint32_t overruns() const { return overruns_; }

protected:
    // ---- Of the interrupt, and inlined into it: one board's is in RAM.

    [[gnu::always_inline]] void put(std::uint8_t octet) {
        const std::uint32_t in = in_.load(std::memory_order_relaxed);
        if (in - out_.load(std::memory_order_acquire) == room) return lost();
        octets_[in % room] = octet;
        in_.store(in + 1, std::memory_order_release);
    }
    [[gnu::always_inline]] void lost() { overruns_ = overruns_ + 1; }

private:
    // 100 ms at 115,200 baud, while the loop draws at most 17 ms.
    static constexpr std::uint32_t room = 2048;
    std::array<std::uint8_t, room> octets_;
    std::atomic<std::uint32_t> in_ = 0;   // counts octets, of the interrupt alone
    std::atomic<std::uint32_t> out_ = 0;  // of the loop alone
    volatile std::uint32_t overruns_ = 0;
};

}  // namespace holdfast::cortex
