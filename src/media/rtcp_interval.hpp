// media/rtcp_interval.hpp: how long until the next RTCP packet (RFC 3550 6.3.1, A.7).
#pragma once
#include "base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace holdfast::media {

struct RtcpLoad {
    int members = 1;           ///< Ourselves included.
    int senders = 0;           ///< Ourselves included.
    bool we_sent = false;      ///< Since the second last report.
    double average_bytes = 0;  ///< Of RTCP packets either way, with UDP and IP headers.
    bool initial = false;      ///< None was sent yet.
};

/// 5 % of a call's 80 kbit/s, as RFC 3550 6.2 recommends.
inline constexpr double rtcp_bytes_a_second = 500;

/// `draw` is uniform in [0, 1).
constexpr Micros rtcp_interval(const RtcpLoad& load, double draw) {
    constexpr double least_s = 5;
    constexpr double sender_share = 0.25;
    constexpr double compensation = 2.71828 - 1.5;  // for the bias of timer reconsideration

    double share = rtcp_bytes_a_second;
    int sharers = load.members;
    if (load.senders <= load.members * sender_share) {
        share *= load.we_sent ? sender_share : 1 - sender_share;
        sharers = load.we_sent ? load.senders : load.members - load.senders;
    }
    const double least = load.initial ? least_s / 2 : least_s;
    const double interval_s = std::max(load.average_bytes * sharers / share, least);
    return Micros{static_cast<std::int64_t>(interval_s * (draw + 0.5) / compensation * 1e6)};
}

}  // namespace holdfast::media
