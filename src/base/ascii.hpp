// base/ascii.hpp: letters as protocols mean them, whatever the locale.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace holdfast {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_alnum(char c) {
    return is_digit(c) || is_alpha(c);
}
constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
/// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    const char l = to_lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

constexpr bool equal_nocase(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (to_lower(a[i]) != to_lower(b[i])) return false;
    return true;
}

constexpr bool starts_with_nocase(std::string_view text, std::string_view start) {
    return text.size() >= start.size() && equal_nocase(text.substr(0, start.size()), start);
}

/// Without blanks and tabs (and the CR LF of folded lines) at both ends.
constexpr std::string_view trim(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// FNV-1a over lower-case letters: a hash for names that differ by case only.
constexpr std::uint64_t hash_nocase(std::string_view text) {
    std::uint64_t h = 0xcbf29ce484222325;
    for (const char c : text)
        h = (h ^ static_cast<std::uint8_t>(to_lower(c))) * 0x100000001b3;
    return h;
}

}  // namespace holdfast
