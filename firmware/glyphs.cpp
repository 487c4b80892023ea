#include "firmware/glyphs.hpp"

namespace holdfast::firmware {
namespace {

constexpr char32_t replacement = 0xfffd;
constexpr std::uint32_t ascii_glyphs = 95;

/// Octets that follow a first one, and the bits that it gives; none where it begins nothing.
struct Lead {
    unsigned following = 0;
    char32_t bits = 0;
    char32_t least = 0;  // what needs that many octets: less is an overlong form
};

constexpr Lead lead_of(std::uint8_t first) {
    if (first < 0x80) return {0, first, 0};
    if (first >= 0xc2 && first < 0xe0) return {1, first & 0x1fu, 0x80};
    if (first >= 0xe0 && first < 0xf0) return {2, first & 0x0fu, 0x800};
    if (first >= 0xf0 && first < 0xf5) return {3, first & 0x07u, 0x10000};
    return {0, replacement, 0};
}

std::uint32_t index_of(char32_t character) {
    if (character >= 0x20 && character <= 0x7e) return character - 0x20;
    if (character >= 0xa0 && character <= 0xff) return character - 0xa0 + ascii_glyphs;
    return U'?' - 0x20;
}

}  // namespace

char32_t next_character(std::string_view& text) {
    const Lead lead = lead_of(static_cast<std::uint8_t>(text[0]));
    char32_t character = lead.bits;
    bool good = lead.following < text.size();
    for (unsigned i = 1; good && i <= lead.following; ++i) {
        const auto octet = static_cast<std::uint8_t>(text[i]);
        good = (octet & 0xc0) == 0x80;
        character = character << 6 | (octet & 0x3fu);
    }
    good = good && character >= lead.least && character <= 0x10ffff;
    text.remove_prefix(good ? lead.following + 1 : 1);
    return good ? character : replacement;
}

std::uint32_t count_characters(std::string_view text) {
    std::uint32_t count = 0;
    for (; !text.empty(); ++count)
        static_cast<void>(next_character(text));
    return count;
}

std::uint32_t glyph_row(link::Font font, char32_t character, std::uint32_t row) {
    const auto size = link::size_of(font);
    const std::uint32_t octets = (size.width + 7u) / 8;
    const std::size_t line = std::size_t{index_of(character)} * size.height + row;
    const std::uint8_t* at = font_glyphs[static_cast<std::size_t>(font)] + line * octets;
    std::uint32_t bits = 0;
    for (std::uint32_t i = 0; i < octets; ++i)
        bits |= std::uint32_t{at[i]} << (24 - 8 * i);
    return bits;
}

}  // namespace holdfast::firmware
