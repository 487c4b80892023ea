#include "media/g711.hpp"

#include "media/spandsp.hpp"

#include <spandsp/bit_operations.h>
// After what it needs.
#include <catch2/catch.hpp>
#include <spandsp/g711.h>

#include <cstdlib>

using namespace holdfast::media;

// ITU-T G.711: every code word decodes to the middle of its interval and codes back to itself.
TEST_CASE("g711: every code word comes back", "[media][g711]") {
    for (int i = 0; i < 256; ++i) {
        const auto octet = static_cast<std::uint8_t>(i);
        CAPTURE(i);
        CHECK(g711::to_alaw(g711::from_alaw(octet)) == octet);
        // mu-law has two zeros; the negative one codes back as the positive.
        CHECK(g711::to_ulaw(g711::from_ulaw(octet)) == (octet == 0x7f ? 0xff : octet));
    }
}

TEST_CASE("g711: agrees with another implementation", "[media][g711]") {
    int different = 0;
    for (int i = -32'768; i < 32'768; ++i) {
        const auto sample = static_cast<std::int16_t>(i);
        if (g711::from_alaw(g711::to_alaw(sample)) != alaw_to_linear(linear_to_alaw(sample)))
            ++different;
        if (g711::from_ulaw(g711::to_ulaw(sample)) != ulaw_to_linear(linear_to_ulaw(sample)))
            ++different;
    }
    CHECK(different == 0);
    for (int i = 0; i < 256; ++i) {
        const auto octet = static_cast<std::uint8_t>(i);
        CHECK(g711::from_alaw(octet) == alaw_to_linear(octet));
        CHECK(g711::from_ulaw(octet) == ulaw_to_linear(octet));
    }
}

TEST_CASE("g711: the ends of the range and silence", "[media][g711]") {
    CHECK(g711::to_alaw(0) == 0xd5);
    CHECK(g711::to_ulaw(0) == 0xff);
    CHECK(g711::from_alaw(g711::to_alaw(32'767)) == 32'256);
    CHECK(g711::from_alaw(g711::to_alaw(-32'768)) == -32'256);
    CHECK(g711::from_ulaw(g711::to_ulaw(32'767)) == 32'124);
    CHECK(g711::from_ulaw(g711::to_ulaw(-32'768)) == -32'124);
}
