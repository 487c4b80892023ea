// host/tool/styled_text.hpp: text with looks, measured in columns of a terminal.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::tool {

enum class Look : std::uint8_t {
    plain,
    strong,
    faint,
    bar,
    green,
    yellow,
    cyan,
    magenta,
    blue,
    grey,
    red,
    alarm
};

struct Span {
    std::string text;
    Look look = Look::plain;
};
using Line = std::vector<Span>;

/// The columns that valid UTF-8 takes: wide characters (East Asian, pictures) two, combining none.
std::size_t width_of(std::string_view text);
std::size_t width_of(const Line& line);

/// Names and numbers come from the network: what is no UTF-8 or would command the terminal becomes
/// a question mark.
std::string printable(std::string_view text);

/// Cut to `width` columns; where something is lost the last one is "…".
std::string cut(std::string_view text, std::size_t width);
Line cut(Line line, std::size_t width);

std::string padding(std::size_t columns);
/// Spaces up to `width`.
void pad(Line& line, std::size_t width);

/// The line as bytes, with the terminal's escapes where `colours`; no spaces at its end, but those
/// of a bar.
std::string rendered(const Line& line, bool colours);

}  // namespace holdfast::tool
