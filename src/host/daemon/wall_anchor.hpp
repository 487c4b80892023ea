// host/daemon/wall_anchor.hpp: what ties the clock of calls to the one on the wall, and when that
// must be said anew.
#pragma once
#include "base/time.hpp"
#include "host/io/fd.hpp"
#include "host/io/readiness.hpp"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <functional>

namespace holdfast::host {

/// Both clocks now, and the system's time zone with its next change.
WallAnchor anchor_now();

/// Calls `changed` when somebody sets the wall clock (at once: the kernel tells), and now and then
/// because it is disciplined slowly and the zone's next change moves on.
class ClockWatch {
public:
    ClockWatch(asio::io_context& io, std::function<void(const WallAnchor&)> changed);

private:
    void arm();
    void wait();

    static constexpr Micros regularly = 10min;
    Fd set_by_somebody_;
    Readiness readiness_;
    asio::steady_timer timer_;
    std::function<void(const WallAnchor&)> changed_;
};

}  // namespace holdfast::host
