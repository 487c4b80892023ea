// firmware/update/sha2.hpp: SHA-256 and SHA-512 (FIPS 180-4), for a boot loader that has no
// library.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace holdfast::firmware {

namespace sha2_detail {

/// The fractions of the cube roots of the first 80 primes; SHA-256 takes the upper halves.
inline constexpr std::array<std::uint64_t, 80> round_constants{
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817};

/// The fractions of the square roots of the first eight.
inline constexpr std::array<std::uint64_t, 8> first_state{0x6a09e667f3bcc908,
                                                          0xbb67ae8584caa73b,
                                                          0x3c6ef372fe94f82b,
                                                          0xa54ff53a5f1d36f1,
                                                          0x510e527fade682d1,
                                                          0x9b05688c2b3e6c1f,
                                                          0x1f83d9abfb41bd6b,
                                                          0x5be0cd19137e2179};

struct Sha256Kind {
    using Word = std::uint32_t;
    static constexpr std::size_t rounds = 64;
    static constexpr std::size_t drop = 32;  // bits of the constants that are not used
    // Big sigma 0 and 1, small sigma 0 and 1: two rotations, and a third or a shift.
    static constexpr std::array<std::array<int, 3>, 4> turns{
        {{2, 13, 22}, {6, 11, 25}, {7, 18, 3}, {17, 19, 10}}};
};
struct Sha512Kind {
    using Word = std::uint64_t;
    static constexpr std::size_t rounds = 80;
    static constexpr std::size_t drop = 0;
    static constexpr std::array<std::array<int, 3>, 4> turns{
        {{28, 34, 39}, {14, 18, 41}, {1, 8, 7}, {19, 61, 6}}};
};

}  // namespace sha2_detail

template <class Kind>
class Sha2 {
public:
    using Word = typename Kind::Word;
    static constexpr std::size_t block_size = 16 * sizeof(Word);
    using Digest = std::array<std::uint8_t, 8 * sizeof(Word)>;

    constexpr Sha2() {
        for (std::size_t i = 0; i < state_.size(); ++i)
            state_[i] = static_cast<Word>(sha2_detail::first_state[i] >> Kind::drop);
    }

    constexpr void take(std::span<const std::uint8_t> octets) {
        for (const std::uint8_t octet : octets) {
            block_[size_++ % block_size] = octet;
            if (size_ % block_size == 0) digest_block();
        }
    }
    /// The digest of all that was taken. Nothing more may be taken.
    constexpr Digest finish() {
        const std::uint64_t bits = size_ * 8;
        constexpr std::uint8_t one_bit = 0x80;
        take({&one_bit, 1});
        constexpr std::uint8_t none = 0;
        constexpr std::size_t length = 2 * sizeof(Word);  // a number of two words, big-endian
        while (size_ % block_size != block_size - length)
            take({&none, 1});
        for (std::size_t upper = length - sizeof bits; upper > 0; --upper)
            take({&none, 1});
        for (int shift = 56; shift >= 0; shift -= 8) {
            const auto octet = static_cast<std::uint8_t>(bits >> shift & 0xff);
            take({&octet, 1});
        }
        Digest digest{};
        for (std::size_t i = 0; i < digest.size(); ++i)
            digest[i] = static_cast<std::uint8_t>(
                state_[i / sizeof(Word)] >> 8 * (sizeof(Word) - 1 - i % sizeof(Word)) & 0xff);
        return digest;
    }
    static constexpr Digest of(std::span<const std::uint8_t> octets) {
        Sha2 sha;
        sha.take(octets);
        return sha.finish();
    }

private:
    template <std::size_t Which>
    static constexpr Word big(Word w) {
        constexpr auto t = Kind::turns[Which];
        return std::rotr(w, t[0]) ^ std::rotr(w, t[1]) ^ std::rotr(w, t[2]);
    }
    template <std::size_t Which>
    static constexpr Word small(Word w) {
        constexpr auto t = Kind::turns[2 + Which];
        return std::rotr(w, t[0]) ^ std::rotr(w, t[1]) ^ w >> t[2];
    }

    constexpr void digest_block() {
        std::array<Word, 16> w{};  // the schedule's last sixteen
        for (std::size_t i = 0; i < block_size; ++i)
            w[i / sizeof(Word)] = static_cast<Word>(w[i / sizeof(Word)] << 8 | block_[i]);
        auto s = state_;
        for (std::size_t i = 0; i < Kind::rounds; ++i) {
            if (i >= 16)
                w[i % 16] +=
                    small<0>(w[(i + 1) % 16]) + w[(i + 9) % 16] + small<1>(w[(i + 14) % 16]);
            const Word chosen = (s[4] & s[5]) ^ (~s[4] & s[6]);
            const Word most = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
            const auto constant = static_cast<Word>(sha2_detail::round_constants[i] >> Kind::drop);
            const Word t1 = s[7] + big<1>(s[4]) + chosen + constant + w[i % 16];
            const Word t2 = big<0>(s[0]) + most;
            // One by one: a loop becomes a call of a function that moves octets.
            s[7] = s[6];
            s[6] = s[5];
            s[5] = s[4];
            s[4] = s[3] + t1;
            s[3] = s[2];
            s[2] = s[1];
            s[1] = s[0];
            s[0] = t1 + t2;
        }
        for (std::size_t i = 0; i < s.size(); ++i)
            state_[i] += s[i];
    }

    std::array<Word, 8> state_{};
    std::array<std::uint8_t, block_size> block_{};
    std::uint64_t size_ = 0;
};

using Sha256 = Sha2<sha2_detail::Sha256Kind>;
using Sha512 = Sha2<sha2_detail::Sha512Kind>;

}  // namespace holdfast::firmware
