#include "firmware/planes.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <memory>

using namespace holdfast;
using namespace holdfast::firmware;

TEST_CASE("light follows CIE 1931 and never falls") {
    std::uint32_t before = 0;
    for (int value = 0; value < 256; ++value) {
        const double lightness = value * 100.0 / 255;
        const double expected =
            lightness <= 8 ? lightness / 903.3 : std::pow((lightness + 16) / 116, 3);
        const auto light = light_of(static_cast<std::uint8_t>(value));
        CHECK(light / 65'535.0 == Approx(expected).margin(0.0005));
        CHECK(light >= before);
        before = light;
    }
}

TEST_CASE("what is not black is lit") {
    for (const unsigned bits : {4u, 6u}) {
        CHECK(level_of(0, bits) == 0);
        CHECK(level_of(1, bits) == 1);
        CHECK(level_of(255, bits) == (1u << bits) - 1);
    }
}

TEST_CASE("planes add up to the level of each diode") {
    constexpr std::size_t width = 8;
    constexpr std::size_t height = 4;
    std::array<std::uint8_t, width * height> pixels{};
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<std::uint8_t>(i * 5 % 16);
    const Canvas canvas{pixels, width, height};
    const auto planes = std::make_unique<Planes<4, width, height>>();
    planes->make(canvas, masks_of<4>(link::standard_palette));
    for (std::size_t y = 0; y < height; ++y)
        for (std::size_t x = 0; x < width; ++x) {
            std::array<std::uint32_t, 3> levels_seen{};
            for (unsigned plane = 0; plane < 4; ++plane) {
                const unsigned octet = planes->octets[y % 2][plane][x];
                for (unsigned channel = 0; channel < 3; ++channel)
                    levels_seen[channel] |= (octet >> (3 * (y / 2) + channel) & 1u) << plane;
            }
            const auto rgb = link::standard_palette[pixels[y * width + x]];
            CHECK(levels_seen == std::array<std::uint32_t, 3>{level_of(rgb.red, 4),
                                                              level_of(rgb.green, 4),
                                                              level_of(rgb.blue, 4)});
        }
}
