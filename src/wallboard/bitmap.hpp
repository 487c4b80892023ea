// wallboard/bitmap.hpp: small pictures of a layout's own, drawn with letters in the settings. A
// board with our firmware stores them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::wallboard {

inline constexpr std::size_t most_bitmaps = 8;  ///< That a board stores.

struct Bitmap {
    std::string name;
    std::uint8_t width = 0, height = 0;
    std::vector<std::uint8_t> pixels;  ///< Two an octet, the left one high; rows padded to octets.
};

/// A row of letters a row of pixels, one of `pixel_letters` a pixel; a sentence where that is no
/// bitmap, or one that no board can store.
std::expected<Bitmap, std::string> bitmap_of(std::string name, std::span<const std::string> rows);

/// The letter of each colour of the standard palette, in its order.
inline constexpr std::string_view pixel_letters = ".rgabmcwkDGoypsB";

}  // namespace holdfast::wallboard
