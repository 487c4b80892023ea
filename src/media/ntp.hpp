// media/ntp.hpp: NTP time (RFC 3550 4) from our one clock.
#pragma once
#include "base/time.hpp"
#include "media/rtcp.hpp"

namespace holdfast::media {

/// UTC as it was when the process began, moved on by the monotonic clock only: a step of the wall
/// clock must not look like a round trip. RFC 3550 6.4.1 asks no more of it than elapsed time.
class NtpClock {
public:
    constexpr explicit NtpClock(const WallAnchor& anchor) : anchor_{anchor} {}

    constexpr NtpTime at(Instant instant) const {
        constexpr std::int64_t from_1900_to_1970_s = 2'208'988'800;
        const auto since_1970 = wall_of(anchor_, instant).time_since_epoch().count();
        const auto us = since_1970 + from_1900_to_1970_s * 1'000'000;
        const auto seconds = static_cast<std::uint64_t>(us / 1'000'000);
        const auto rest = static_cast<std::uint64_t>(us % 1'000'000);
        return seconds << 32 | (rest << 32) / 1'000'000;
    }

private:
    WallAnchor anchor_;
};

/// 1/65536 s, as report blocks count delays.
constexpr std::uint32_t ntp_units(Micros span) {
    return static_cast<std::uint32_t>(span.count() * 65'536 / 1'000'000);
}
constexpr Micros from_ntp_units(std::uint32_t units) {
    return Micros{std::int64_t{units} * 1'000'000 / 65'536};
}

}  // namespace holdfast::media
