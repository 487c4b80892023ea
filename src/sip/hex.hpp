// sip/hex.hpp: bytes and numbers as hexadecimal text.
#pragma once
#include "base/ascii.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace holdfast::sip {

inline std::string hex_text(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 0xf];
    }
    return text;
}

/// At most sixteen digits and nothing else.
constexpr std::optional<std::uint64_t> hex_number(std::string_view text) {
    if (text.empty() || text.size() > 16) return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : text) {
        const int digit = hex_value(c);
        if (digit < 0) return std::nullopt;
        number = number << 4 | static_cast<std::uint64_t>(digit);
    }
    return number;
}

}  // namespace holdfast::sip
