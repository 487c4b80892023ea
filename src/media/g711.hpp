// media/g711.hpp: ITU-T G.711, both laws, as tables the compiler makes.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace holdfast::media::g711 {

// A-law (PCMA): 13 bits of sign and magnitude in eight segments; even bits are inverted on the
// line.

constexpr std::uint8_t to_alaw(std::int16_t sample) {
    const unsigned sign = sample >= 0 ? 0x80 : 0;
    const auto magnitude = static_cast<unsigned>(sample >= 0 ? sample : ~sample) >> 3;
    const auto width = static_cast<unsigned>(std::bit_width(magnitude));
    const unsigned segment = width > 5 ? width - 5 : 0;
    const unsigned step = magnitude >> (segment == 0 ? 1 : segment) & 0x0f;
    return static_cast<std::uint8_t>((sign | segment << 4 | step) ^ 0x55);
}

constexpr std::int16_t from_alaw(std::uint8_t octet) {
    const int bits = octet ^ 0x55;
    const int segment = bits >> 4 & 7;
    const int middle = 2 * (bits & 0x0f) + 1;  // of the step
    const int magnitude = segment == 0 ? middle : (middle + 32) << (segment - 1);
    return static_cast<std::int16_t>((bits & 0x80) != 0 ? magnitude << 3 : -(magnitude << 3));
}

// mu-law (PCMU): 14 bits with a bias of 33, that is 132 in 16; all bits are inverted on the line.

inline constexpr int mu_bias = 132;
inline constexpr int mu_clip = 32'635;  // the largest magnitude that the bias keeps in 15 bits

constexpr std::uint8_t to_ulaw(std::int16_t sample) {
    const unsigned sign = sample < 0 ? 0x80 : 0;
    const int clipped = std::min(sample < 0 ? -int{sample} : int{sample}, mu_clip);
    const auto magnitude = static_cast<unsigned>(clipped + mu_bias);
    const auto segment = static_cast<unsigned>(std::bit_width(magnitude)) - 8;
    const unsigned step = magnitude >> (segment + 3) & 0x0f;
    return static_cast<std::uint8_t>(~(sign | segment << 4 | step));
}

constexpr std::int16_t from_ulaw(std::uint8_t octet) {
    const int bits = ~octet & 0xff;
    const int magnitude = ((2 * (bits & 0x0f) + 33) << ((bits >> 4 & 7) + 2)) - mu_bias;
    return static_cast<std::int16_t>((bits & 0x80) != 0 ? -magnitude : magnitude);
}

template <class Convert>
constexpr std::array<std::int16_t, 256> table_of(Convert convert) {
    std::array<std::int16_t, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = convert(static_cast<std::uint8_t>(i));
    return table;
}

inline constexpr auto alaw_table = table_of(from_alaw);
inline constexpr auto ulaw_table = table_of(from_ulaw);

}  // namespace holdfast::media::g711
