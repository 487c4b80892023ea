#include "host/tool/styled_text.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <utility>

namespace holdfast::tool {
namespace {

constexpr std::string_view ellipsis = "…";

/// One character of UTF-8 and how many bytes it took; none where the bytes are no UTF-8.
struct Character {
    char32_t code = 0;
    std::size_t size = 0;
};
std::optional<Character> first_of(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) return Character{lead, 1};
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return std::nullopt;
    char32_t code = lead & (0xffU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xc0U) != 0x80) return std::nullopt;
        code = code << 6 | (byte & 0x3fU);
    }
    constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < least[size] || code > 0x10ffff || surrogate) return std::nullopt;
    return Character{code, size};
}

using Range = std::pair<char32_t, char32_t>;
template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t code) {
    return std::ranges::any_of(ranges,
                               [&](const Range& r) { return code >= r.first && code <= r.second; });
}

// Unicode's East_Asian_Width W and F, and the marks of scripts in use on desk phones; coarse.
constexpr std::array<Range, 10> wide{{{0x1100, 0x115f},
                                      {0x2e80, 0xa4cf},
                                      {0xac00, 0xd7a3},
                                      {0xf900, 0xfaff},
                                      {0xfe30, 0xfe6f},
                                      {0xff00, 0xff60},
                                      {0xffe0, 0xffe6},
                                      {0x1f300, 0x1f64f},
                                      {0x1f900, 0x1f9ff},
                                      {0x20000, 0x3fffd}}};
constexpr std::array<Range, 4> combining{
    {{0x300, 0x36f}, {0x200b, 0x200d}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}}};
/// The C0 and C1 controls, line separators, and what turns the direction of writing round.
constexpr std::array<Range, 6> commanding{{{0, 0x1f},
                                           {0x7f, 0x9f},
                                           {0x200e, 0x200f},
                                           {0x2028, 0x202e},
                                           {0x2066, 0x2069},
                                           {0xfeff, 0xfeff}}};

std::size_t columns_of(char32_t code) {
    if (within(combining, code)) return 0;
    return within(wide, code) ? 2 : 1;
}

std::string_view escape_of(Look look) {
    switch (look) {
        case Look::plain:
            return "";
        case Look::strong:
            return "\x1b[1m";
        case Look::faint:
            return "\x1b[2m";
        case Look::bar:
            return "\x1b[30;46m";
        case Look::green:
            return "\x1b[32m";
        case Look::yellow:
            return "\x1b[33m";
        case Look::cyan:
            return "\x1b[36m";
        case Look::magenta:
            return "\x1b[35m";
        case Look::blue:
            return "\x1b[94m";
        case Look::grey:
            return "\x1b[90m";
        case Look::red:
            return "\x1b[31m";
        case Look::alarm:
            return "\x1b[1;97;41m";
    }
    return "";
}

}  // namespace

std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const auto character = first_of(text).value_or(Character{'?', 1});
        width += columns_of(character.code);
        text.remove_prefix(character.size);
    }
    return width;
}

std::size_t width_of(const Line& line) {
    return std::accumulate(
        line.begin(), line.end(), std::size_t{0}, [](std::size_t sum, const Span& s) {
            return sum + width_of(s.text);
        });
}

std::string printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto character = first_of(text);
        const std::size_t size = character ? character->size : 1;
        if (character && !within(commanding, character->code))
            out += text.substr(0, size);
        else
            out += '?';
        text.remove_prefix(size);
    }
    return out;
}

std::string cut(std::string_view text, std::size_t width) {
    if (width_of(text) <= width) return std::string{text};
    if (width == 0) return {};
    std::string out;
    std::size_t used = 0;
    while (true) {
        const auto character = first_of(text).value_or(Character{'?', 1});
        used += columns_of(character.code);
        if (used > width - 1) break;
        out += text.substr(0, character.size);
        text.remove_prefix(character.size);
    }
    out += ellipsis;
    return out;
}

Line cut(Line line, std::size_t width) {
    if (width_of(line) <= width) return line;
    Line out;
    std::size_t left = width;
    for (auto& span : line) {
        const std::size_t needs = width_of(span.text);
        if (needs >= left) {
            // Something follows, or this alone is too long: either way the mark stands here.
            out.push_back({cut(span.text + " ", left), span.look});
            return out;
        }
        left -= needs;
        out.push_back(std::move(span));
    }
    return out;
}

std::string padding(std::size_t columns) {
    return std::string(columns, ' ');
}

void pad(Line& line, std::size_t width) {
    const std::size_t has = width_of(line);
    if (has < width) line.push_back({padding(width - has)});
}

std::string rendered(const Line& line, bool colours) {
    // What ends in spaces is cut first, so that no escape stands behind them.
    Line shown = line;
    while (!shown.empty() && shown.back().look != Look::bar && shown.back().look != Look::alarm) {
        auto& text = shown.back().text;
        text.erase(text.find_last_not_of(' ') + 1);
        if (!text.empty()) break;
        shown.pop_back();
    }
    std::string out;
    Look now = Look::plain;
    const auto change_to = [&](Look look) {
        if (!colours || look == now) return;
        if (now != Look::plain) out += "\x1b[0m";
        out += escape_of(look);
        now = look;
    };
    for (const auto& span : shown) {
        change_to(span.look);
        out += span.text;
    }
    change_to(Look::plain);
    if (!colours) out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

}  // namespace holdfast::tool
