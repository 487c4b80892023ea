// link/picture.hpp: what a picture is made of: fonts, colours, cells. The daemon lays out with it,
// the board draws by it.
#pragma once
#include "base/enum_text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace holdfast::link {

inline constexpr std::size_t most_cells = 64;           ///< Of one layout; ids are 0 to 63.
inline constexpr std::size_t most_text_bytes = 120;     ///< Of one cell, UTF-8.
inline constexpr std::size_t most_points = 120;         ///< Of one sparkline.
inline constexpr std::size_t most_bitmaps = 8;          ///< Numbers are 0 to 7.
inline constexpr std::size_t most_bitmap_bytes = 1024;  ///< Of one: 64x32 at 4 bits a pixel.
inline constexpr std::uint16_t most_width = 512;
inline constexpr std::uint16_t most_height = 64;

/// Fixed width: a text of n characters is n times the width. Named by it.
enum class Font : std::uint8_t {
    small_4x6,
    tiny_5x8,
    plain_6x12,
    body_8x16,
    large_12x24,
    huge_16x32
};

struct Size {
    std::uint8_t width = 0;
    std::uint8_t height = 0;
};
inline constexpr std::array<Size, enum_count<Font>> font_sizes{
    {{4, 6}, {5, 8}, {6, 12}, {8, 16}, {12, 24}, {16, 32}}};
constexpr Size size_of(Font font) {
    return font_sizes[static_cast<std::size_t>(font)];
}

/// An index into the palette of 16. The names are those of the standard palette.
enum class Colour : std::uint8_t {
    black,
    red,
    green,
    amber,
    blue,
    magenta,
    cyan,
    white,
    grey,
    dim_red,
    dim_green,
    orange,
    yellow,
    pink,
    sky,
    dim_blue
};

struct Rgb {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    friend constexpr bool operator==(const Rgb&, const Rgb&) = default;
};
using Palette = std::array<Rgb, enum_count<Colour>>;
inline constexpr Palette standard_palette{{{0, 0, 0},
                                           {255, 0, 0},
                                           {0, 255, 0},
                                           {255, 160, 0},
                                           {0, 0, 255},
                                           {255, 0, 255},
                                           {0, 255, 255},
                                           {255, 255, 255},
                                           {128, 128, 128},
                                           {96, 0, 0},
                                           {0, 96, 0},
                                           {255, 96, 0},
                                           {255, 255, 0},
                                           {255, 96, 160},
                                           {96, 160, 255},
                                           {0, 0, 96}}};

enum class CellKind : std::uint8_t {
    text,
    clock,   ///< The board's own, from TIME: HH:MM, or HH:MM:SS where eight characters fit.
    bar,     ///< Filled from the left by a level.
    spark,   ///< A sparkline: one column a point, the newest at the right edge.
    bitmap,  ///< A stored one, its upper left corner in the cell's.
};
enum class Align : std::uint8_t { left, centre, right };
enum class Effect : std::uint8_t {
    steady,
    blink,   ///< 500 ms on, 500 ms off; the background stays.
    scroll,  ///< To the left at 32 pixels a second where the text is wider than the cell.
    roll,    ///< To the left at 32 pixels a second always.
};

/// How a cell looks. Two octets: background << 4 | colour, effect.
struct Look {
    Colour colour = Colour::white;
    Colour background = Colour::black;
    Effect effect = Effect::steady;

    constexpr std::array<std::uint8_t, 2> packed() const {
        return {static_cast<std::uint8_t>(static_cast<unsigned>(background) << 4 |
                                          static_cast<unsigned>(colour)),
                static_cast<std::uint8_t>(effect)};
    }
    constexpr bool unpack(std::array<std::uint8_t, 2> bytes) {
        colour = static_cast<Colour>(bytes[0] & 15);
        background = static_cast<Colour>(bytes[0] >> 4);
        if (bytes[1] >= enum_count<Effect>) return false;
        effect = static_cast<Effect>(bytes[1]);
        return true;
    }
    friend constexpr bool operator==(const Look&, const Look&) = default;
};

}  // namespace holdfast::link
