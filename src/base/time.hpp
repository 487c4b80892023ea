// base/time.hpp: time as a type. Nothing here can read a clock; time comes with each input.
#pragma once
#include <chrono>
#include <cstdint>

namespace holdfast {

/// CLOCK_BOOTTIME in microseconds: monotonic, counts suspend, restarts at boot.
struct CallClock {
    using rep = std::int64_t;
    using period = std::micro;
    using duration = std::chrono::duration<rep, period>;
    using time_point = std::chrono::time_point<CallClock>;
    static constexpr bool is_steady = true;
};

using Micros = std::chrono::duration<std::int64_t, std::micro>;  ///< Every span of time.
using Instant = CallClock::time_point;

/// UTC in microseconds since 1970. Labels only: no duration is ever computed from it.
struct WallClock {
    using rep = std::int64_t;
    using period = std::micro;
    using duration = Micros;
    using time_point = std::chrono::time_point<WallClock>;
    static constexpr bool is_steady = false;
};
using WallInstant = WallClock::time_point;

inline constexpr Instant never = Instant::max();

/// What ties the two clocks together: at `at`, UTC was `wall` and local time was ahead of UTC by
/// `utc_offset`, until `offset_until` (never where the zone has no daylight saving).
struct WallAnchor {
    Instant at{};
    WallInstant wall{};
    std::int32_t utc_offset_s = 0;
    WallInstant offset_until = WallInstant::max();
    std::int32_t next_utc_offset_s = 0;
};

constexpr WallInstant wall_of(const WallAnchor& anchor, Instant instant) {
    return anchor.wall + (instant - anchor.at);
}

/// Seconds that local time is ahead of UTC at `wall`. Right up to the second change of offset.
constexpr std::int32_t utc_offset_at(const WallAnchor& anchor, WallInstant wall) {
    return wall < anchor.offset_until ? anchor.utc_offset_s : anchor.next_utc_offset_s;
}

using namespace std::chrono_literals;

}  // namespace holdfast
