// sip/token.hpp: names for branches, tags and calls that nobody can guess.
#pragma once
#include "base/random.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::sip {

/// RFC 3261 8.1.1.7: what our branches begin with, and those of all that follow RFC 3261.
inline constexpr std::string_view magic_cookie = "z9hG4bK";

/// `words` times 32 random bits in hexadecimal. RFC 3261 19.3 wants 32 bits for a tag; 96 are more
/// than can be guessed.
inline std::string random_token(Random& random, int words = 3) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string token;
    token.reserve(static_cast<std::size_t>(words) * 8);
    for (; words > 0; --words) {
        std::uint32_t word = random.u32();
        for (int digit = 0; digit < 8; ++digit, word >>= 4)
            token += hex[word & 0xf];
    }
    return token;
}

}  // namespace holdfast::sip
