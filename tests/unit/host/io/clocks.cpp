#include "host/io/clocks.hpp"

#include <catch2/catch.hpp>

#include <ctime>

using namespace holdfast;
using namespace holdfast::host;

namespace {
const ClockSample now{Instant{1000s}, WallInstant{1'700'000'000s}};
}

TEST_CASE("clocks: a stamp becomes an instant of our clock", "[host][clocks]") {
    StampReader stamps;
    CHECK(stamps.instant_of(now.wall - 7ms, now) == now.now - 7ms);
    CHECK(stamps.instant_of(now.wall, now) == now.now);
    CHECK(stamps.instant_of(now.wall - oldest_stamp, now) == now.now - oldest_stamp);
    // Packets arrive while others of the same wake-up are read; none is heard before it came.
    CHECK(stamps.instant_of(now.wall + newest_stamp, now) == now.now);
    CHECK(stamps.implausible() == 0);
}

TEST_CASE("clocks: stamps that cannot be true are replaced and counted", "[host][clocks]") {
    StampReader stamps;
    CHECK(stamps.instant_of(now.wall - oldest_stamp - 1us, now) == now.now);
    CHECK(stamps.instant_of(now.wall + newest_stamp + 1us, now) == now.now);
    CHECK(stamps.instant_of(WallInstant{}, now) == now.now);  // none came
    CHECK(stamps.implausible() == 3);
}

TEST_CASE("clocks: the kernel's are read", "[host][clocks]") {
    const auto before = sample_clocks();
    const auto after = sample_clocks();
    CHECK(before.now > Instant{});
    CHECK(after.now >= before.now);
    CHECK(before.wall > WallInstant{1'600'000'000s});
    CHECK(wall_of({.tv_sec = 5, .tv_nsec = 6999}) == WallInstant{5s + 6us});
}
