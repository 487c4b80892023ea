// firmware/planes.hpp: pictures as HUB75 panels take them: binary code modulation. A row pair of a
// plane is one octet a column, red, green and blue of the upper row in bits 0 to 2, of the lower
// row in bits 3 to 5. Plane k is lit 2^k times as long as plane 0.
#pragma once
#include "firmware/canvas.hpp"
#include "link/picture.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace holdfast::firmware {

/// How much light 0 to 255 is, 0 to 65,535, so that equal steps look equal (CIE 1931 lightness).
constexpr std::uint32_t light_of(std::uint8_t value) {
    // L* is value * 100 / 255; Y is L*/903.3 up to 8, then ((L* + 16) / 116) cubed.
    constexpr std::uint64_t full = 65'535;
    const std::uint64_t lightness = std::uint64_t{value} * 100'000 / 255;  // thousandths
    if (lightness <= 8'000) return static_cast<std::uint32_t>(lightness * full / 903'300);
    const std::uint64_t part = (lightness + 16'000) * 1'000 / 116;  // millionths
    return static_cast<std::uint32_t>(part * part / 1'000'000 * part / 1'000'000 * full /
                                      1'000'000);
}
static_assert(light_of(0) == 0 && light_of(255) == 65'535);

/// The level that a panel of `bits` a colour shows for it; what is not black is not dark either.
constexpr std::uint32_t level_of(std::uint8_t value, unsigned bits) {
    const std::uint32_t most = (1u << bits) - 1;
    const std::uint32_t level = (light_of(value) * most + 32'767) / 65'535;
    return level == 0 && value > 0 ? 1 : level;
}

/// The same as a table: a small CPU divides in software.
template <unsigned Bits>
inline constexpr auto levels = [] {
    std::array<std::uint8_t, 256> all{};
    for (std::size_t value = 0; value < all.size(); ++value)
        all[value] = static_cast<std::uint8_t>(level_of(static_cast<std::uint8_t>(value), Bits));
    return all;
}();

/// For each plane and each pair of colours (upper * 16 + lower), the octet. A picture has thousands
/// of pairs, and few different ones.
template <unsigned Bits>
using PlaneMasks = std::array<std::array<std::uint8_t, 256>, Bits>;

/// What a colour is in one plane: red, green and blue in bits 0 to 2.
template <unsigned Bits>
constexpr std::uint8_t bits_of(const link::Rgb& rgb, unsigned plane) {
    const auto& level = levels<Bits>;
    return static_cast<std::uint8_t>((level[rgb.red] >> plane & 1u) |
                                     (level[rgb.green] >> plane & 1u) << 1 |
                                     (level[rgb.blue] >> plane & 1u) << 2);
}

template <unsigned Bits>
constexpr PlaneMasks<Bits> masks_of(const link::Palette& palette) {
    PlaneMasks<Bits> masks{};
    for (unsigned plane = 0; plane < Bits; ++plane) {
        std::array<std::uint8_t, enum_count<link::Colour>> of_colour{};
        for (std::size_t colour = 0; colour < palette.size(); ++colour)
            of_colour[colour] = bits_of<Bits>(palette[colour], plane);
        for (std::size_t pair = 0; pair < masks[plane].size(); ++pair)
            masks[plane][pair] =
                static_cast<std::uint8_t>(of_colour[pair / 16] | of_colour[pair % 16] << 3);
    }
    return masks;
}

/// The whole picture: by row pair, then plane, then column: the order in which it is shifted out.
template <unsigned Bits, std::size_t Width, std::size_t Height>
struct Planes {
    static constexpr std::size_t row_pairs = Height / 2;
    std::array<std::array<std::array<std::uint8_t, Width>, Bits>, row_pairs> octets;

    void make(const Canvas& canvas, const PlaneMasks<Bits>& masks) {
        for (std::size_t row = 0; row < row_pairs; ++row) {
            const auto upper = canvas.pixels().subspan(row * Width, Width);
            const auto lower = canvas.pixels().subspan((row + row_pairs) * Width, Width);
            for (std::size_t x = 0; x < Width; ++x) {
                const std::size_t pair = upper[x] * 16u + lower[x];
                for (unsigned plane = 0; plane < Bits; ++plane)
                    octets[row][plane][x] = masks[plane][pair];
            }
        }
    }
};

}  // namespace holdfast::firmware
