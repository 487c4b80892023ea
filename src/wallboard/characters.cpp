#include "wallboard/characters.hpp"

#include <array>

namespace holdfast::wallboard {
namespace {

constexpr char32_t no_character = 0xfffd;  // what is no UTF-8

struct Read {
    char32_t character = no_character;
    std::size_t bytes = 1;
};

/// The character at the front of a text that is not empty (RFC 3629).
Read first_of(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    if (length == 0 || lead > 0xf4 || text.size() < length) return {};
    char32_t c = lead & (0x7fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {};
        c = (c << 6) | (byte(i) & 0x3fu);
    }
    return {c, length};
}

// From U+00C0 to U+017F: what is left of a letter without its accent.
// clang-format off
constexpr std::array<std::string_view, 64> latin_1{
    "A","A","A","A","Ae","A","AE","C","E","E","E","E","I","I","I","I",
    "D","N","O","O","O","O","Oe","x","O","U","U","U","Ue","Y","Th","ss",
    "a","a","a","a","ae","a","ae","c","e","e","e","e","i","i","i","i",
    "d","n","o","o","o","o","oe","/","o","u","u","u","ue","y","th","y"};
constexpr std::string_view latin_extended =
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi"
    "IiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTt"
    "TtTtUuUuUuUuUuUuWwYyYZzZzZzs";
// clang-format on
static_assert(latin_extended.size() == 0x180 - 0x100);

std::string_view ascii_of(char32_t c) {
    if (c >= 0xc0 && c < 0x100) return latin_1[c - 0xc0];
    if (c >= 0x100 && c < 0x180) return latin_extended.substr(c - 0x100, 1);
    if (c == 0x2018 || c == 0x2019) return "'";
    if (c == 0x201c || c == 0x201d || c == 0x201e) return "\"";
    if (c == 0x2013 || c == 0x2014) return "-";
    if (c == 0xa0) return " ";
    return "?";
}

}  // namespace

std::size_t length_of(std::string_view utf8) {
    std::size_t length = 0;
    for (; !utf8.empty(); utf8.remove_prefix(first_of(utf8).bytes))
        ++length;
    return length;
}

std::string first_characters(std::string_view utf8, std::size_t most) {
    std::size_t bytes = 0;
    for (auto rest = utf8; !rest.empty() && most > 0; --most) {
        bytes += first_of(rest).bytes;
        rest = utf8.substr(bytes);
    }
    return std::string{utf8.substr(0, bytes)};
}

std::string ascii_of(std::string_view utf8) {
    std::string ascii;
    while (!utf8.empty()) {
        const Read next = first_of(utf8);
        utf8.remove_prefix(next.bytes);
        if (next.character < ' ' || next.character == 0x7f)
            ascii += ' ';
        else if (next.character < 0x7f)
            ascii += static_cast<char>(next.character);
        else
            ascii += ascii_of(next.character);
    }
    return ascii;
}

}  // namespace holdfast::wallboard
