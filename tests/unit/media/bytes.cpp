#include "media/bytes.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace holdfast::media;

TEST_CASE("bytes: network order, there and back", "[media]") {
    std::array<std::uint8_t, 4> octets{};
    put32(octets.data(), 0x0102'f3f4);
    CHECK(octets == std::array<std::uint8_t, 4>{1, 2, 0xf3, 0xf4});
    CHECK(get32(octets.data()) == 0x0102'f3f4);
    CHECK(get16(octets.data() + 2) == 0xf3f4);
}
