// media/tick.hpp: when generated audio is due. Deadlines are absolute, so that lateness does not
// add up, and every leg has its own phase, so that a thousand legs do not send at once.
#pragma once
#include "base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace holdfast::media {

/// Deadlines lie on whole milliseconds: the loop wakes a thousand times a second at most.
inline constexpr Micros tick_grain = 1ms;
/// A tick that begins later than this counts as late.
inline constexpr Micros late_after = 5ms;

/// Multiples of the golden ratio: the phases of any n legs in a row lie evenly over `ptime`.
constexpr Micros phase_of(std::uint32_t leg, Micros ptime) {
    const std::uint64_t turn = leg * std::uint64_t{2'654'435'769} & 0xffff'ffff;  // of 2^32
    const auto grains = static_cast<std::uint64_t>(ptime / tick_grain);
    return static_cast<std::int64_t>(turn * grains >> 32) * tick_grain;
}

/// Packets of 10 to 60 ms in whole frames; 20 where nothing was said (RFC 3551 4.2).
constexpr Micros packet_time(std::uint16_t ptime_ms) {
    if (ptime_ms == 0) return 20ms;
    return std::clamp<std::int64_t>(ptime_ms / 10, 1, 6) * 10ms;
}

struct Tick {
    Instant at;         ///< The deadline it belongs to, where the packet stands in time.
    bool late = false;  ///< Late, or others were missed before it.
};

/// The ticks of one leg.
class Ticker {
public:
    constexpr Ticker(std::uint32_t leg, Micros ptime)
        : leg_{leg}, ptime_{ptime}, phase_{phase_of(leg, ptime)} {}

    constexpr Micros ptime() const { return ptime_; }
    /// `never` while stopped.
    constexpr Instant due() const { return due_; }

    /// Runs from the first deadline that is not before `earliest`; goes on where it runs.
    constexpr void start(Instant earliest) {
        if (due_ != never) return;
        const Micros past = (earliest - Instant{} - phase_ + ptime_) % ptime_;
        due_ = past == Micros{} ? earliest : earliest + (ptime_ - past);
    }
    constexpr void stop() { due_ = never; }
    constexpr void change(Micros ptime) {
        if (ptime != ptime_) *this = Ticker{leg_, ptime};
    }

    /// The tick that is due at `now`, which is not before due(). Ticks missed are left out, not
    /// made up for: a burst would only overflow the receiver's buffer.
    constexpr Tick take(Instant now) {
        const auto missed = (now - due_) / ptime_;
        const Tick tick{due_ + missed * ptime_, missed > 0 || now - due_ > late_after};
        due_ = tick.at + ptime_;
        return tick;
    }

private:
    std::uint32_t leg_;
    Micros ptime_;
    Micros phase_;
    Instant due_ = never;
};

}  // namespace holdfast::media
