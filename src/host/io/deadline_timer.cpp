#include "host/io/deadline_timer.hpp"

#include "base/ensure.hpp"

#include <algorithm>
#include <sys/timerfd.h>

namespace holdfast::host {

DeadlineTimer::DeadlineTimer()
    : timer_{timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC)} {
    ensure(static_cast<bool>(timer_), "no timer descriptor");
}

void DeadlineTimer::arm(Instant at) {
    if (at == armed_) return;
    armed_ = at;
    itimerspec setting{};  // all zero stops it
    if (at != never) {
        const auto us = std::max<std::int64_t>(at.time_since_epoch().count(), 1);
        setting.it_value = {.tv_sec = us / 1'000'000, .tv_nsec = us % 1'000'000 * 1000};
    }
    const bool set = timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &setting, nullptr) == 0;
    ensure(set, "a timer that cannot be set");
}

}  // namespace holdfast::host
