// boards/native/png.hpp: a picture as a PNG file, as the panel looks from near by.
#pragma once
#include "firmware/canvas.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace holdfast::native {

/// Each pixel as a square of `scale`, with a dark seam of one where `scale` is above 2.
std::vector<std::uint8_t> png_of(const firmware::Canvas& canvas,
                                 const link::Palette& palette,
                                 unsigned scale);
/// Writes the file whole or not at all; a sentence where it could not.
std::expected<void, std::string> write_png(const std::string& path,
                                           const firmware::Canvas& canvas,
                                           const link::Palette& palette,
                                           unsigned scale);

}  // namespace holdfast::native
