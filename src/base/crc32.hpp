// base/crc32.hpp: CRC-32 (IEEE 802.3, as zlib and RFC 1662 FCS-32), eight bytes at a time; one at a
// time where there is no operating system, which saves 7 KiB of a board's flash.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace holdfast {

inline constexpr std::size_t crc32_stride = __STDC_HOSTED__ == 1 ? 8 : 1;

inline constexpr auto crc32_tables = [] {
    std::array<std::array<std::uint32_t, 256>, crc32_stride> t{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t c = i;
        for (int k = 0; k < 8; ++k)
            c = (c & 1u) != 0 ? 0xedb88320u ^ c >> 1 : c >> 1;
        t[0][i] = c;
    }
    for (std::size_t i = 0; i < 256; ++i)
        for (std::size_t k = 1; k < crc32_stride; ++k)
            t[k][i] = t[k - 1][i] >> 8 ^ t[0][t[k - 1][i] & 0xff];
    return t;
}();

/// The CRC of `bytes`, going on from `before` (zero at the start).
constexpr std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t before = 0) {
    std::uint32_t c = ~before;
    std::size_t i = 0;
    const auto& t = crc32_tables;
    if constexpr (crc32_stride == 8) {
        for (; i + crc32_stride <= bytes.size(); i += crc32_stride) {
            const std::uint32_t low =
                c ^ (std::uint32_t{bytes[i]} | std::uint32_t{bytes[i + 1]} << 8 |
                     std::uint32_t{bytes[i + 2]} << 16 | std::uint32_t{bytes[i + 3]} << 24);
            c = t[7][low & 0xff] ^ t[6][low >> 8 & 0xff] ^ t[5][low >> 16 & 0xff] ^
                t[4][low >> 24] ^ t[3][bytes[i + 4]] ^ t[2][bytes[i + 5]] ^ t[1][bytes[i + 6]] ^
                t[0][bytes[i + 7]];
        }
    }
    for (; i < bytes.size(); ++i)
        c = t[0][(c ^ bytes[i]) & 0xff] ^ c >> 8;
    return ~c;
}

}  // namespace holdfast
