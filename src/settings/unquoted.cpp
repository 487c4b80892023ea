#include "settings/unquoted.hpp"

#include <cstddef>
#include <cstdint>

namespace holdfast::settings {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// What opens a stretch of free text and what closes it. The longer opening is tried first. A
/// stretch that a line's end closes too is a fault of its own, which the parser tells.
struct Stretch {
    std::string_view opening;
    std::string_view closing;
    bool escapes;
    bool of_one_line;
};
constexpr Stretch stretches[] = {
    {"#", "\n", false, true},
    {R"(""")", R"(""")", true, false},
    {"'''", "'''", false, false},
    {"\"", "\"", true, true},
    {"'", "'", false, true},
};

const Stretch* opened_by(std::string_view text) {
    for (const auto& stretch : stretches)
        if (text.starts_with(stretch.opening)) return &stretch;
    return nullptr;
}

/// Up to two quotes may stand before the three that close (TOML 1.0, String).
std::size_t quotes_from(std::string_view text, char quote, std::size_t most) {
    std::size_t count = 0;
    while (count < most && count < text.size() && text[count] == quote)
        ++count;
    return count;
}

/// How many bytes of `text`, which begins with the opening, belong to the stretch.
std::size_t length(const Stretch& stretch, std::string_view text) {
    for (std::size_t at = stretch.opening.size(); at < text.size(); ++at) {
        if (stretch.escapes && text[at] == '\\')
            ++at;
        else if (stretch.of_one_line && text[at] == '\n')
            return at;
        else if (text.substr(at).starts_with(stretch.closing))
            return at +
                   quotes_from(text.substr(at), stretch.closing[0], 2 * stretch.closing.size() - 1);
    }
    return text.size();
}

}  // namespace

std::optional<Fault> unquoted_letter(std::string_view toml) {
    std::uint32_t line = 1;
    std::size_t at = toml.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    while (at < toml.size()) {
        const Stretch* stretch = opened_by(toml.substr(at));
        if (stretch == nullptr && static_cast<unsigned char>(toml[at]) > 0x7f)
            return Fault{line,
                         "not TOML: a letter outside ASCII without quotes; names consist of a-z, "
                         "digits, _ and -, and texts stand in \"quotes\""};
        const std::size_t bytes = stretch == nullptr ? 1 : length(*stretch, toml.substr(at));
        for (const char c : toml.substr(at, bytes))
            line += c == '\n' ? 1 : 0;
        at += bytes;
    }
    return std::nullopt;
}

}  // namespace holdfast::settings
