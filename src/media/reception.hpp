// media/reception.hpp: what came in of one stream: sequence numbers past 16 bits, loss and jitter
// (RFC 3550 A.1, A.3, A.8).
#pragma once
#include "base/time.hpp"
#include "media/ntp.hpp"
#include "media/rtcp.hpp"
#include "media/rtp.hpp"

#include <cstdint>
#include <optional>

namespace holdfast::media {

/// Whether a packet belongs, and where in the stream it stands.
struct Place {
    bool belongs = false;      ///< No: a wild sequence number, alone.
    std::uint32_t stream = 0;  ///< Another one for each new SSRC and each restart; 1 up.
    std::int64_t number = 0;   ///< The sequence number without wrap; duplicates have the same.
};

/// One sender at a time; another SSRC begins a new stream and keeps the sums.
class Reception {
public:
    Place take(const RtpHeader& header);
    /// `clock` in Hz. Only for packets whose timestamp is their own moment: RFC 4733 events repeat
    /// that of their beginning.
    void measure_jitter(std::uint32_t timestamp, std::uint32_t clock, Instant received_at);
    void take(const SenderInfo& info, Instant received_at);

    bool started() const { return stream_ != 0; }
    std::uint32_t ssrc() const { return ssrc_; }
    std::uint32_t lost() const;  ///< Of all streams so far; never negative.
    Micros jitter() const;

    /// Whether anything came since the last report.
    bool heard_since_report() const { return received_ != received_at_report_; }
    /// What RTCP says of it, since the block before.
    ReportBlock report(Instant now);

private:
    Place begin(const RtpHeader& header);
    std::int64_t lost_now() const;

    std::uint32_t stream_ = 0;
    std::uint32_t ssrc_ = 0;
    std::int64_t first_ = 0;
    std::int64_t highest_ = 0;
    std::optional<std::uint16_t> wild_;  // what would follow the last wild packet
    std::int64_t received_ = 0;
    std::int64_t lost_before_ = 0;  // by earlier streams

    std::int64_t expected_at_report_ = 0;
    std::int64_t received_at_report_ = 0;

    std::uint32_t clock_ = 8000;
    std::optional<std::uint32_t> transit_;
    double jitter_ = 0;  // in units of clock_

    std::uint32_t last_sender_report_ = 0;
    Instant sender_report_at_;
};

}  // namespace holdfast::media
