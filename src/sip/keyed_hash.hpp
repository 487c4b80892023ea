// sip/keyed_hash.hpp: SipHash-2-4 (Aumasson and Bernstein, 2012), so that a peer who chooses the
// branches, tags and Call-IDs cannot choose which of them collide.
#pragma once
#include "base/random.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace holdfast::sip {

/// 128 secret bits, drawn once at start.
struct HashKey {
    std::uint64_t low = 0, high = 0;
    static constexpr HashKey drawn_from(Random& random) { return {random.u64(), random.u64()}; }
};

namespace siphash {

struct State {
    std::uint64_t a, b, c, d;

    constexpr void round() {
        a += b, b = std::rotl(b, 13) ^ a, a = std::rotl(a, 32);
        c += d, d = std::rotl(d, 16) ^ c;
        a += d, d = std::rotl(d, 21) ^ a;
        c += b, b = std::rotl(b, 17) ^ c, c = std::rotl(c, 32);
    }
    constexpr void absorb(std::uint64_t word) {
        d ^= word;
        round(), round();
        a ^= word;
    }
};

/// Up to eight bytes, little-endian.
constexpr std::uint64_t word_of(std::string_view bytes) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        word |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
    return word;
}

}  // namespace siphash

constexpr std::uint64_t keyed_hash(const HashKey& key, std::string_view bytes) {
    siphash::State s{key.low ^ 0x736f6d6570736575,
                     key.high ^ 0x646f72616e646f6d,
                     key.low ^ 0x6c7967656e657261,
                     key.high ^ 0x7465646279746573};
    const std::uint64_t length = bytes.size() << 56;
    for (; bytes.size() >= 8; bytes.remove_prefix(8))
        s.absorb(siphash::word_of(bytes.substr(0, 8)));
    s.absorb(length | siphash::word_of(bytes));
    s.c ^= 0xff;
    for (int i = 0; i < 4; ++i)
        s.round();
    return s.a ^ s.b ^ s.c ^ s.d;
}

}  // namespace holdfast::sip
