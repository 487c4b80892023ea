// host/io/deadline_timer.hpp: a descriptor that is readable from an instant of our clock on.
#pragma once
#include "base/time.hpp"
#include "host/io/fd.hpp"

namespace holdfast::host {

/// CLOCK_BOOTTIME, absolute: what it waits for does not move with the wall clock or with suspend.
class DeadlineTimer {
public:
    DeadlineTimer();
    int descriptor() const { return timer_.get(); }
    /// Readable from `at` on, at once if that has passed; `never` stops it. Arming clears what was
    /// due before. Costs nothing where nothing changes.
    void arm(Instant at);
    /// Takes note that it was due, so that it can be armed for the same instant again.
    void clear() { armed_ = unknown; }

private:
    static constexpr Instant unknown = Instant::min();
    Fd timer_;
    Instant armed_ = never;
};

}  // namespace holdfast::host
