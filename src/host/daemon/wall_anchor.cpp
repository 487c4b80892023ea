#include "host/daemon/wall_anchor.hpp"

#include "host/io/clocks.hpp"

#include <cstdint>
#include <ctime>
#include <sys/timerfd.h>
#include <unistd.h>

namespace holdfast::host {
namespace {

using std::chrono::seconds;

/// Zones change twice a year at most, and are known that far ahead.
constexpr int days_ahead = 370;

std::int32_t offset_at(std::time_t wall) {
    std::tm local{};
    if (localtime_r(&wall, &local) == nullptr) return 0;
    return static_cast<std::int32_t>(local.tm_gmtoff);
}

/// The first second of another offset than that of `from`; none within a year: zero.
std::time_t next_change(std::time_t from) {
    constexpr std::time_t day = 86'400;
    const auto before = offset_at(from);
    for (int i = 1; i <= days_ahead; ++i) {
        if (offset_at(from + i * day) == before) continue;
        std::time_t same = from + (i - 1) * day;
        std::time_t other = from + i * day;
        while (other - same > 1) {
            const auto middle = same + (other - same) / 2;
            (offset_at(middle) == before ? same : other) = middle;
        }
        return other;
    }
    return 0;
}

}  // namespace

WallAnchor anchor_now() {
    tzset();
    const auto clocks = sample_clocks();
    WallAnchor anchor{.at = clocks.now, .wall = clocks.wall};
    const auto wall = std::chrono::floor<seconds>(clocks.wall.time_since_epoch()).count();
    anchor.utc_offset_s = offset_at(wall);
    anchor.next_utc_offset_s = anchor.utc_offset_s;
    if (const auto change = next_change(wall); change != 0) {
        anchor.offset_until = WallInstant{seconds{change}};
        anchor.next_utc_offset_s = offset_at(change);
    }
    return anchor;
}

ClockWatch::ClockWatch(asio::io_context& io, std::function<void(const WallAnchor&)> changed)
    : set_by_somebody_{::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK)},
      readiness_{io, set_by_somebody_.get()},
      timer_{io},
      changed_{std::move(changed)} {
    arm();
    readiness_.on_readable([this] {
        std::uint64_t expirations = 0;
        static_cast<void>(::read(set_by_somebody_.get(), &expirations, sizeof expirations));
        arm();
        changed_(anchor_now());
    });
    wait();
}

/// A timer of the far future that the kernel cancels when the clock is set (timerfd_create(2)).
void ClockWatch::arm() {
    itimerspec far{};
    far.it_value.tv_sec =
        std::chrono::floor<seconds>(sample_clocks().wall.time_since_epoch()).count() +
        10L * 365 * 86'400;
    ::timerfd_settime(
        set_by_somebody_.get(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &far, nullptr);
}

void ClockWatch::wait() {
    timer_.expires_after(regularly);
    timer_.async_wait([this](const std::error_code& error) {
        if (error) return;
        changed_(anchor_now());
        wait();
    });
}

}  // namespace holdfast::host
