// Display names made safe to store and to show.
#include "base/limits.hpp"
#include "sip/values.hpp"

#include <array>
#include <utility>

namespace holdfast::sip {
namespace {

struct Range {
    char32_t first, last;
};
/// What is left out: controls, marks that turn the direction of what follows (UAX 9), line and
/// paragraph separators, the byte order mark, and characters that are nothing but width.
constexpr std::array<Range, 9> hidden{{{0x00, 0x1f},
                                       {0x7f, 0x9f},
                                       {0x061c, 0x061c},
                                       {0x200b, 0x200f},
                                       {0x2028, 0x202e},
                                       {0x2060, 0x206f},
                                       {0xfeff, 0xfeff},
                                       {0xfff9, 0xfffb},
                                       {0xe0000, 0xe007f}}};

bool is_hidden(char32_t c) {
    for (const auto& range : hidden)
        if (c >= range.first && c <= range.last) return true;
    return false;
}

struct Decoded {
    char32_t character = 0xfffd;
    std::size_t size = 1;
    bool valid = false;
};

/// One character of UTF-8 (RFC 3629 4): no overlong forms, no surrogates. An invalid byte counts
/// for itself.
Decoded decode(std::string_view text) {
    const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return {lead, 1, true};
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return {};
    char32_t c = lead & (0x7f >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {};
        c = c << 6 | (byte(i) & 0x3f);
    }
    constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (c < least[size] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return {};
    return {c, size, true};
}

bool is_blank(char32_t c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Collects what is shown, within the limit. Blanks at the ends are left out, others made one.
class Shown {
public:
    void add_blank() { blank_due_ = !text_.empty(); }
    /// False once the limit is reached.
    bool add(std::string_view character) {
        if (text_.size() + (blank_due_ ? 1 : 0) + character.size() > limits::display_bytes)
            return false;
        if (blank_due_) text_ += ' ';
        blank_due_ = false;
        text_ += character;
        return true;
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
    bool blank_due_ = false;
};

}  // namespace

std::string clean_display(std::string_view display) {
    constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD
    Shown shown;
    while (!display.empty()) {
        if (display.front() == '\\' && display.size() > 1) display.remove_prefix(1);
        const auto [character, size, valid] = decode(display);
        const auto bytes = valid ? display.substr(0, size) : replacement;
        display.remove_prefix(size);
        if (valid && is_blank(character))
            shown.add_blank();
        else if (!(valid && is_hidden(character)) && !shown.add(bytes))
            break;
    }
    return shown.take();
}

}  // namespace holdfast::sip
