#include "host/io/clocks.hpp"

#include "base/ensure.hpp"

#include <algorithm>
#include <ctime>

namespace holdfast::host {
namespace {

Micros read(clockid_t clock) {
    timespec time{};
    ensure(clock_gettime(clock, &time) == 0, "a clock that cannot be read");
    return std::chrono::seconds{time.tv_sec} + Micros{time.tv_nsec / 1000};
}

}  // namespace

ClockSample sample_clocks() {
    return {Instant{read(CLOCK_BOOTTIME)}, WallInstant{read(CLOCK_REALTIME)}};
}

Instant StampReader::instant_of(WallInstant stamp, const ClockSample& clocks) {
    const Micros age = clocks.wall - stamp;
    if (age > oldest_stamp || age < -newest_stamp) {
        ++implausible_;
        return clocks.now;
    }
    return clocks.now - std::max(age, Micros{});
}

WallInstant wall_of(const timespec& time) {
    return WallInstant{std::chrono::seconds{time.tv_sec} + Micros{time.tv_nsec / 1000}};
}

}  // namespace holdfast::host
