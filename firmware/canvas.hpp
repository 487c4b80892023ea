// firmware/canvas.hpp: one octet a pixel, its colour in the palette; whoever draws is clipped.
#pragma once
#include "base/crc32.hpp"
#include "link/picture.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace holdfast::firmware {

struct Box {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
};

constexpr Box common(const Box& a, const Box& b) {
    const int x = std::max(a.x, b.x);
    const int y = std::max(a.y, b.y);
    return {x,
            y,
            std::max(0, std::min(a.x + a.width, b.x + b.width) - x),
            std::max(0, std::min(a.y + a.height, b.y + b.height) - y)};
}

/// Draws into pixels that belong to the board.
class Canvas {
public:
    Canvas(std::span<std::uint8_t> pixels, int width, int height)
        : pixels_{pixels}, width_{width}, height_{height} {}

    int width() const { return width_; }
    int height() const { return height_; }
    Box whole() const { return {0, 0, width_, height_}; }
    std::span<const std::uint8_t> pixels() const { return pixels_; }
    link::Colour at(int x, int y) const { return static_cast<link::Colour>(pixels_[index(x, y)]); }
    std::uint32_t crc() const { return crc32(pixels_); }

    void fill(const Box& wanted, link::Colour colour) {
        const Box box = common(wanted, whole());
        for (int y = box.y; y < box.y + box.height; ++y)
            std::fill_n(
                pixels_.data() + index(box.x, y), box.width, static_cast<std::uint8_t>(colour));
    }
    void dot(int x, int y, link::Colour colour, const Box& clip) {
        const Box box = common(clip, whole());
        if (x < box.x || y < box.y || x >= box.x + box.width || y >= box.y + box.height) return;
        pixels_[index(x, y)] = static_cast<std::uint8_t>(colour);
    }
    /// The pixels whose bits are set, from bit 31 at `x` to the right.
    void row(std::uint32_t bits, int x, int y, link::Colour colour, const Box& clip) {
        if (y < std::max(clip.y, 0) || y >= std::min(clip.y + clip.height, height_)) return;
        const int left = std::max(clip.x, 0);
        const int right = std::min(clip.x + clip.width, width_);
        for (; bits != 0 && x < right; bits <<= 1, ++x)
            if ((bits & 0x8000'0000u) != 0 && x >= left)
                pixels_[index(x, y)] = static_cast<std::uint8_t>(colour);
    }

private:
    std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
               static_cast<std::size_t>(x);
    }

    std::span<std::uint8_t> pixels_;
    int width_;
    int height_;
};

}  // namespace holdfast::firmware
