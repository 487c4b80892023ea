// sip/grammar.hpp: the character sets of RFC 3261 25.1 and a cursor that walks a text once. The
// readers of header values are built from it, so none of them looks at a byte twice.
#pragma once
#include "base/address.hpp"
#include "base/ascii.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace holdfast::sip::grammar {

/// Sets of characters, as bits. '%' is in none of the URI sets: escapes are checked apart.
enum Set : std::uint16_t {
    token = 1 << 0,
    word = 1 << 1,       // of a Call-ID
    user = 1 << 2,       // of a SIP URI; also '#', which phones send unescaped in feature codes
    password = 1 << 3,   // of a SIP URI
    parameter = 1 << 4,  // paramchar of a URI
    hname = 1 << 5,      // of the headers of a URI
    host = 1 << 6,       // also '_', which is in no host name but in many networks
    phone = 1 << 7,      // of a tel URI: digits and visual separators (RFC 3966 3)
    bare = 1 << 8,       // of an unquoted parameter value: any visible character but separators
    opaque = 1 << 9,     // of a URI of some other scheme (RFC 2396)
    blank = 1 << 10,     // SP, HTAB, and the CR LF of folded lines
    display = 1 << 11,   // of an unquoted display name: token, blanks, and UTF-8
    digit = 1 << 12,
    splitter = 1 << 13,  // what a search for the end of a list value must look at: , " <
};

namespace detail {
consteval std::array<std::uint16_t, 256> make_sets() {
    std::array<std::uint16_t, 256> sets{};
    const auto add = [&sets](std::string_view characters, int set) {
        for (const char c : characters)
            sets[static_cast<std::uint8_t>(c)] |= static_cast<std::uint16_t>(set);
    };
    constexpr std::string_view digits = "0123456789";
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    constexpr std::string_view mark = "-_.!~*'()";
    constexpr int unreserved = user | password | parameter | hname | opaque;
    add(digits, token | word | unreserved | host | phone | bare | display | digit);
    add(letters, token | word | unreserved | host | bare | display);
    add("-.!%*_+`'~", token | word | bare | display);
    add("()<>:\\\"/[]?{}", word);
    add(mark, unreserved);
    add("&=+$,;?/#", user);
    add("&=+$,", password);
    add("[]/:&+$", parameter);
    add("[]/?:+$", hname);
    add("-._", host);
    add("-.()*#abcdefABCDEF", phone);
    add("()/:?@=[]{}&$#|^", bare);
    add(";/?:@&=+$,%#[]", opaque);
    add(" \t\r\n", blank | display);
    add(",\"<", splitter);
    for (std::size_t c = 0x80; c < 0x100; ++c)
        sets[c] |= display;
    return sets;
}
inline constexpr auto sets = make_sets();
}  // namespace detail

constexpr bool is(char c, int set) {
    return (detail::sets[static_cast<std::uint8_t>(c)] & set) != 0;
}

/// Whether all of a text, which is not empty, is of the set.
constexpr bool all(std::string_view text, int set) {
    for (const char c : text)
        if (!is(c, set)) return false;
    return !text.empty();
}

/// Without the blanks at both ends. Looks only at them.
constexpr std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is(text.front(), blank))
        text.remove_prefix(1);
    while (!text.empty() && is(text.back(), blank))
        text.remove_suffix(1);
    return text;
}

class Cursor {
public:
    constexpr explicit Cursor(std::string_view text)
        : at_{text.data()}, end_{text.data() + text.size()} {}

    constexpr bool done() const { return at_ == end_; }
    constexpr bool sees(char c) const { return at_ != end_ && *at_ == c; }
    constexpr bool sees_any(int set) const { return at_ != end_ && is(*at_, set); }
    constexpr std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }
    constexpr const char* position() const { return at_; }
    constexpr std::string_view since(const char* start) const {
        return {start, static_cast<std::size_t>(at_ - start)};
    }
    constexpr void skip(std::size_t n) { at_ += n; }
    constexpr void back_to(const char* position) { at_ = position; }

    constexpr bool eat(char c) {
        if (!sees(c)) return false;
        ++at_;
        return true;
    }
    constexpr void skip_blanks() { take(blank); }
    /// `c` with blanks around it: SEMI, EQUAL, SLASH, COLON of 25.1.
    constexpr bool eat_spaced(char c) {
        skip_blanks();
        if (!eat(c)) return false;
        skip_blanks();
        return true;
    }
    /// The longest run of characters of the set; may be empty.
    constexpr std::string_view take(int set) {
        const char* const start = at_;
        while (at_ != end_ && is(*at_, set))
            ++at_;
        return since(start);
    }
    /// The same, where escapes (%41) may stand too. Stops at a '%' without two digits.
    constexpr std::string_view take_escaped(int set) {
        const char* const start = at_;
        while (at_ != end_) {
            if (is(*at_, set))
                ++at_;
            else if (*at_ == '%' && end_ - at_ >= 3 && hex_value(at_[1]) >= 0 &&
                     hex_value(at_[2]) >= 0)
                at_ += 3;
            else
                break;
        }
        return since(start);
    }
    /// A quoted string from its opening quote on; its inside, escapes kept. Nothing where it does
    /// not end; the cursor is then at the end, so that nobody searches again.
    constexpr std::optional<std::string_view> quoted() {
        const char* const start = ++at_;
        while (at_ != end_) {
            if (*at_ == '"') {
                const auto inside = since(start);
                ++at_;
                return inside;
            }
            at_ += *at_ == '\\' && end_ - at_ >= 2 ? 2 : 1;
        }
        return std::nullopt;
    }
    /// Passes a comment (25.1), which may have comments within; false where it does not end.
    constexpr bool comment() {
        std::size_t depth = 0;
        while (at_ != end_) {
            const char c = *at_++;
            if (c == '(') ++depth;
            if (c == ')' && --depth == 0) return true;
            if (c == '\\' && at_ != end_) ++at_;
        }
        return false;
    }
    /// Everything before the next `c`, which is passed; nothing where there is none.
    std::optional<std::string_view> until(char c) {
        const void* const found =
            done() ? nullptr : std::memchr(at_, c, static_cast<std::size_t>(end_ - at_));
        if (found == nullptr) return std::nullopt;
        const auto before =
            std::string_view{at_, static_cast<std::size_t>(static_cast<const char*>(found) - at_)};
        at_ += before.size() + 1;
        return before;
    }

private:
    const char* at_;
    const char* end_;
};

/// A decimal number at most `most`, no sign, any number of leading zeros (RFC 4475 3.1.1.1).
/// Nothing where there is no digit, something else, or too large a number.
constexpr std::optional<std::uint32_t> number(std::string_view text, std::uint32_t most) {
    if (text.empty()) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
        if (value > most) return std::nullopt;
    }
    return static_cast<std::uint32_t>(value);
}

/// An address as SIP has it: also with the third colon before an IPv4 tail that RFC 3261's own
/// grammar makes, "2001:db8:::192.0.2.1", which must be tolerated (RFC 5118 4.10).
std::optional<IpAddress> read_address(std::string_view text);

/// host of 25.1: a name or an address, an IPv6 address in brackets.
struct HostText {
    std::string_view host;  ///< Without brackets.
    bool bracketed = false;
};
/// Reads a host at the cursor; nothing where there is none, or it is malformed.
std::optional<HostText> take_host(Cursor& at);

/// The next value of a comma-parted list, without blanks. `rest` moves behind its comma, and
/// becomes null (not only empty) behind the last value. Commas in quotes and angle brackets do not
/// part. An unclosed quote or bracket takes all that is left.
std::string_view next_value(std::string_view& rest);

}  // namespace holdfast::sip::grammar
