// host/io/clocks.hpp: the two clocks of the kernel, and what a packet's stamp means in ours.
#pragma once
#include "base/time.hpp"

#include <cstdint>

struct timespec;

namespace holdfast::host {

/// Both clocks, read at the same moment.
struct ClockSample {
    Instant now;
    WallInstant wall;
};

/// Reads CLOCK_BOOTTIME and CLOCK_REALTIME: once a wake-up is enough, and cheap.
ClockSample sample_clocks();

/// A stamp older than this was made before the wall clock was set, or lies about it.
inline constexpr Micros oldest_stamp = 5s;
/// Packets may arrive while those of the same wake-up are read.
inline constexpr Micros newest_stamp = 100ms;

/// Turns the kernel's realtime stamps (SO_TIMESTAMPNS) into instants.
class StampReader {
public:
    /// When the kernel had the packet; never after `clocks.now`. A stamp that cannot be true, or is
    /// missing (zero), becomes `clocks.now` and is counted.
    Instant instant_of(WallInstant stamp, const ClockSample& clocks);
    std::uint64_t implausible() const { return implausible_; }

private:
    std::uint64_t implausible_ = 0;
};

/// Rounded down to microseconds.
WallInstant wall_of(const timespec& time);

}  // namespace holdfast::host
