#include "wallboard/bitmap.hpp"

#include "link/picture.hpp"

#include <fmt/format.h>

namespace holdfast::wallboard {
namespace {

static_assert(pixel_letters.size() == enum_count<link::Colour>);
static_assert(most_bitmaps == link::most_bitmaps);

constexpr std::size_t most_side = 255;  // an octet on the link

std::unexpected<std::string> fault(std::string what) {
    return std::unexpected{std::move(what)};
}

}  // namespace

std::expected<Bitmap, std::string> bitmap_of(std::string name, std::span<const std::string> rows) {
    if (rows.empty() || rows.front().empty()) return fault("rows are missing, a text each");
    const std::size_t width = rows.front().size();
    const std::size_t stride = (width + 1) / 2;
    if (width > most_side || stride * rows.size() > link::most_bitmap_bytes)
        return fault(
            fmt::format("it has {}x{} pixels in {} octets; a board stores {}, as 64x32 have",
                        width,
                        rows.size(),
                        stride * rows.size(),
                        link::most_bitmap_bytes));
    Bitmap bitmap{std::move(name),
                  static_cast<std::uint8_t>(width),
                  static_cast<std::uint8_t>(rows.size()),
                  std::vector<std::uint8_t>(stride * rows.size())};
    for (std::size_t y = 0; y < rows.size(); ++y) {
        if (rows[y].size() != width)
            return fault(fmt::format(
                "row {} has {} pixels, and row 1 has {}", y + 1, rows[y].size(), width));
        for (std::size_t x = 0; x < width; ++x) {
            const auto colour = pixel_letters.find(rows[y][x]);
            if (colour == pixel_letters.npos)
                return fault(fmt::format(
                    "row {} has \"{}\"; a pixel is one of {}", y + 1, rows[y][x], pixel_letters));
            bitmap.pixels[y * stride + x / 2] |=
                static_cast<std::uint8_t>(colour << (x % 2 == 0 ? 4 : 0));
        }
    }
    return bitmap;
}

}  // namespace holdfast::wallboard
