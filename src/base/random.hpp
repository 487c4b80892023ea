// base/random.hpp: the engine's only randomness, a ChaCha20 key stream (RFC 8439) from a seed that
// is an input. The same seed gives the same stream on every machine, so a bug can be replayed.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace holdfast {

using Seed = std::array<std::uint32_t, 8>;  ///< 256 bits, from the kernel at start.

/// RFC 8439 2.3: one block of 16 words from key, counter and nonce.
constexpr std::array<std::uint32_t, 16> chacha20_block(const Seed& key,
                                                       std::uint32_t counter,
                                                       const std::array<std::uint32_t, 3>& nonce) {
    std::array<std::uint32_t, 16> start{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    for (std::size_t i = 0; i < 8; ++i)
        start[4 + i] = key[i];
    start[12] = counter;
    for (std::size_t i = 0; i < 3; ++i)
        start[13 + i] = nonce[i];
    auto x = start;
    const auto quarter = [&x](std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
        x[a] += x[b], x[d] = std::rotl(x[d] ^ x[a], 16);
        x[c] += x[d], x[b] = std::rotl(x[b] ^ x[c], 12);
        x[a] += x[b], x[d] = std::rotl(x[d] ^ x[a], 8);
        x[c] += x[d], x[b] = std::rotl(x[b] ^ x[c], 7);
    };
    for (int round = 0; round < 10; ++round) {
        for (std::size_t i = 0; i < 4; ++i)
            quarter(i, 4 + i, 8 + i, 12 + i);
        for (std::size_t i = 0; i < 4; ++i)
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
    for (std::size_t i = 0; i < 16; ++i)
        x[i] += start[i];
    return x;
}

/// A stream of random numbers. 2^32 blocks of 64 bytes before the nonce moves on.
class Random {
public:
    constexpr Random() = default;
    constexpr explicit Random(const Seed& seed) : seed_{seed} {}
    /// A seed for tests and simulations from one number.
    static constexpr Random from(std::uint64_t number) {
        Seed seed{};
        seed[0] = static_cast<std::uint32_t>(number);
        seed[1] = static_cast<std::uint32_t>(number >> 32);
        return Random{seed};
    }

    constexpr std::uint32_t u32() {
        if (used_ == block_.size()) refill();
        return block_[used_++];
    }
    constexpr std::uint64_t u64() {
        const std::uint64_t high = u32();
        return high << 32 | u32();
    }
    /// Uniform in [0, bound), without bias; `bound` above zero.
    constexpr std::uint32_t below(std::uint32_t bound) {
        const std::uint32_t unfair = (0u - bound) % bound;  // 2^32 mod bound
        for (;;) {
            const std::uint32_t draw = u32();
            if (draw >= unfair) return draw % bound;
        }
    }
    /// Uniform in [0, 1).
    constexpr double unit() { return static_cast<double>(u64() >> 11) * 0x1.0p-53; }

private:
    constexpr void refill() {
        block_ = chacha20_block(seed_, counter_++, nonce_);
        if (counter_ == 0) ++nonce_[0];
        used_ = 0;
    }
    Seed seed_{};
    std::uint32_t counter_ = 0;
    std::array<std::uint32_t, 3> nonce_{};
    std::array<std::uint32_t, 16> block_{};
    std::size_t used_ = 16;
};

}  // namespace holdfast
