// media/out_stream.hpp: the one RTP stream a party gets from us. Whatever it hears, the SSRC stays,
// the sequence numbers go on, and the timestamp advances with time.
#pragma once
#include "base/time.hpp"
#include "media/rtcp.hpp"
#include "media/rtp.hpp"

#include <cstdint>

namespace holdfast::media {

/// A run is what comes from one source, from one switch to the next.
class OutStream {
public:
    /// Start values are random (RFC 3550 5.1).
    OutStream(std::uint32_t ssrc, std::uint16_t first_sequence, std::uint32_t first_timestamp)
        : ssrc_{ssrc}, next_sequence_{first_sequence}, timestamp_{first_timestamp} {}

    /// The first packet of a run, with the marker bit. `at` is not before ends_at(): what was sent
    /// keeps its time. `clock` in Hz.
    RtpHeader begin(std::uint8_t payload_type, std::uint32_t clock, Instant at) const;
    /// The next packet of a run made here.
    RtpHeader next(std::uint8_t payload_type, Instant at) const;
    /// Another packet about the same moment, as RFC 4733 updates are.
    RtpHeader again(std::uint8_t payload_type) const;
    /// What went out: `at` is the moment that the timestamp names, `duration` what the packet
    /// covers from there.
    void sent(const RtpHeader& header,
              std::uint32_t clock,
              Instant at,
              Micros duration,
              std::size_t payload_bytes);

    /// The timestamp of `at`, where nothing else determines it.
    std::uint32_t timestamp_at(Instant at) const;
    std::uint32_t ssrc() const { return ssrc_; }
    std::uint32_t clock() const { return clock_; }
    /// The newest timestamp, and the moment that it names.
    std::uint32_t timestamp() const { return timestamp_; }
    Instant at() const { return at_; }
    bool started() const { return packets_ > 0; }
    /// When the sound of the last packet ends; the past where there is none.
    Instant ends_at() const { return started() ? at_ + duration_ : Instant::min(); }
    std::uint64_t packets() const { return packets_; }
    SenderInfo info(NtpTime ntp, Instant now) const;

private:
    std::uint32_t ssrc_;
    std::uint16_t next_sequence_;
    // The newest packet.
    std::uint32_t timestamp_;
    std::uint32_t clock_ = 8000;
    Instant at_;
    Micros duration_{};

    std::uint64_t packets_ = 0;
    std::uint64_t octets_ = 0;  // of payload
};

}  // namespace holdfast::media
