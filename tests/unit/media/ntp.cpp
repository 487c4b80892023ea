#include "media/ntp.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;

// RFC 3550 4: seconds since 1900 in the upper 32 bits, a binary fraction in the lower.
TEST_CASE("ntp: from the wall clock at start and the monotonic one since", "[media][ntp]") {
    const WallAnchor anchor{.at = Instant{100s}, .wall = WallInstant{1'700'000'000s}};
    const NtpClock clock{anchor};
    CHECK(clock.at(Instant{100s}) >> 32 == 1'700'000'000u + 2'208'988'800u);
    CHECK((clock.at(Instant{100s} + 500ms) & 0xffff'ffff) == 0x8000'0000);
    CHECK(clock.at(Instant{160s}) >> 32 == 1'700'000'060u + 2'208'988'800u);
    CHECK(middle_of(0x1122'3344'5566'7788) == 0x3344'5566);
    CHECK(ntp_units(250ms) == 16'384);
    CHECK(from_ntp_units(65'536) == 1s);
}
