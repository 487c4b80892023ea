// firmware/glyphs.hpp: characters and their pixels. The arrays are made by tools/fonts when
// building.
#pragma once
#include "link/picture.hpp"

#include <cstdint>
#include <string_view>

namespace holdfast::firmware {

/// Of each font, ASCII from the space on and Latin-1 from the no-break space on, row by row.
extern const std::uint8_t* const font_glyphs[];

/// The next code point of UTF-8 `text`, which loses it. What is no UTF-8 is U+FFFD, an octet each.
char32_t next_character(std::string_view& text);
/// Characters of `text`, as next_character counts them.
std::uint32_t count_characters(std::string_view text);

/// Row `row` of a glyph, its leftmost pixel in bit 31. Other than ASCII and Latin-1 is "?".
std::uint32_t glyph_row(link::Font font, char32_t character, std::uint32_t row);

}  // namespace holdfast::firmware
