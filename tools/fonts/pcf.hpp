// tools/fonts/pcf.hpp: glyphs out of X11's compiled bitmap fonts (.pcf.gz), for fonts of fixed
// width.
#pragma once
#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <vector>

namespace holdfast::fonts {

/// Rows from the top, each with its leftmost pixel in bit 31.
using Glyph = std::vector<std::uint32_t>;

struct Font {
    unsigned width = 0;
    unsigned height = 0;
    std::map<std::uint32_t, Glyph> glyphs;  ///< By code point.
};

/// The font in `path`; where it cannot be had, a sentence that says why.
std::expected<Font, std::string> read_pcf(const std::string& path);

}  // namespace holdfast::fonts
