// Writes the firmware's fonts as a C++ file. usage: fonts OUT.cpp FONT[,FONT] ...
//   one argument a font of link::Font, in its order; what the first file lacks is the second's
#include "fonts/pcf.hpp"
#include "link/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace holdfast;

namespace {

constexpr std::uint32_t first_ascii = 0x20;
constexpr std::uint32_t last_ascii = 0x7e;
constexpr std::uint32_t first_latin = 0xa0;
constexpr std::uint32_t last_latin = 0xff;

/// One glyph's rows, each in as few octets as hold the width, left pixel in the highest bit.
std::string glyph_text(const fonts::Font& font, std::uint32_t code) {
    std::string line = "   ";
    for (const std::uint32_t row : font.glyphs.at(code))
        for (unsigned shift = 32; shift > 32 - (font.width + 7) / 8 * 8;) {
            shift -= 8;
            line += fmt::format(" {:#04x},", row >> shift & 0xff);
        }
    return line + '\n';
}

bool blank(const fonts::Glyph& glyph) {
    return std::ranges::all_of(glyph, [](std::uint32_t row) { return row == 0; });
}

/// What `font` lacks, or has as an empty cell, from `other`.
void fill_in(fonts::Font& font, const fonts::Font& other) {
    for (const auto& [code, glyph] : other.glyphs)
        if (auto& mine = font.glyphs[code]; mine.empty() || blank(mine)) mine = glyph;
}

/// The fonts of a list that commas separate: what the first lacks is the second's.
std::expected<fonts::Font, std::string> read_fonts(const std::string& paths, link::Size wanted) {
    fonts::Font font{wanted.width, wanted.height, {}};
    std::istringstream list{paths};
    for (std::string path; std::getline(list, path, ',');) {
        const auto next = fonts::read_pcf(path);
        if (!next) return next;
        if (next->width != font.width || next->height != font.height)
            return std::unexpected(fmt::format("{} is {}x{}, and src/link/picture.hpp says {}x{}",
                                               path,
                                               next->width,
                                               next->height,
                                               font.width,
                                               font.height));
        fill_in(font, *next);
    }
    return font;
}

std::expected<std::string, std::string> font_text(const fonts::Font& font,
                                                  std::size_t index,
                                                  const std::string& paths) {
    std::string text = fmt::format("const std::uint8_t font_{}[] = {{\n", index);
    for (std::uint32_t code = first_ascii; code <= last_latin; ++code) {
        if (code > last_ascii && code < first_latin) continue;
        const bool space = code == first_ascii || code == first_latin;
        const auto glyph = font.glyphs.find(code);
        if (glyph == font.glyphs.end() || (!space && blank(glyph->second)))
            return std::unexpected(fmt::format("{} has no glyph for U+{:04X}", paths, code));
        text += glyph_text(font, code);
    }
    return text + "};\n";
}

int failed(const std::string& why) {
    std::cerr << "fonts: " << why << '\n';
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() != 1 + link::font_sizes.size())
        return failed(fmt::format("usage: fonts OUT.cpp and {} fonts, in the order of link::Font",
                                  link::font_sizes.size()));
    std::string text =
        "// Made by tools/fonts.\n#include \"firmware/glyphs.hpp\"\n\n"
        "namespace holdfast::firmware {\nnamespace {\n";
    std::string names;
    for (std::size_t i = 0; i < link::font_sizes.size(); ++i) {
        const auto& paths = arguments[i + 1];
        const auto font = read_fonts(paths, link::font_sizes.at(i));
        if (!font) return failed(font.error());
        const auto made = font_text(*font, i, paths);
        if (!made) return failed(made.error());
        text += *made;
        names += fmt::format("font_{}, ", i);
    }
    text += "}  // namespace\nconst std::uint8_t* const font_glyphs[] = {" + names +
            "};\n}  // namespace holdfast::firmware\n";
    std::ofstream out{arguments[0]};
    out << text;
    out.close();
    return out ? 0 : failed("cannot write " + arguments[0]);
}
