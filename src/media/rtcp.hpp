// media/rtcp.hpp: compound RTCP packets (RFC 3550 6) as values, in and out.
#pragma once
#include "base/bounded_vector.hpp"
#include "media/bytes.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

namespace holdfast::media {

/// Seconds since 1900 in 32.32 fixed point.
using NtpTime = std::uint64_t;

/// The middle 32 bits, which reports carry back and forth: units of 1/65536 s.
constexpr std::uint32_t middle_of(NtpTime time) {
    return static_cast<std::uint32_t>(time >> 16);
}

struct SenderInfo {
    NtpTime sent_at = 0;
    std::uint32_t rtp_timestamp = 0;  ///< Of the same moment.
    std::uint32_t packets = 0;
    std::uint32_t octets = 0;  ///< Of payload.
    friend bool operator==(const SenderInfo&, const SenderInfo&) = default;
};

struct ReportBlock {
    std::uint32_t ssrc = 0;
    std::uint8_t fraction_lost = 0;    ///< In 1/256, since the report before.
    std::int32_t cumulative_lost = 0;  ///< 24 bits with sign; duplicates make it negative.
    std::uint32_t highest_sequence = 0;
    std::uint32_t jitter = 0;              ///< In units of the RTP clock.
    std::uint32_t last_sender_report = 0;  ///< Middle of its NTP time; 0: none yet.
    std::uint32_t since_last_report = 0;   ///< In 1/65536 s.
    friend bool operator==(const ReportBlock&, const ReportBlock&) = default;
};

/// What of a received compound packet matters to a session of two.
struct ReceivedRtcp {
    std::uint32_t sender = 0;
    std::optional<SenderInfo> info;
    BoundedVector<ReportBlock, 31> blocks;  ///< The first 31; more has no meaning between two.
    bool bye = false;
};

enum class RtcpFault : std::uint8_t {
    too_short,
    other_version,
    not_a_report,   ///< The first packet is neither SR nor RR.
    padding_wrong,  ///< On another packet than the last, or of a wrong count.
    length_wrong
};

/// Checks the compound as RFC 3550 A.2 asks; passes over SDES, APP and what it does not know.
std::expected<ReceivedRtcp, RtcpFault> parse_rtcp(Bytes bytes);

/// What goes out: SR or RR, then SDES with the CNAME, then BYE at the end.
struct SentRtcp {
    std::uint32_t ssrc = 0;
    std::optional<SenderInfo> info;    ///< SR where there is one, RR where not.
    std::optional<ReportBlock> block;  ///< Of the one we hear.
    std::string_view cname;            ///< Up to 255 octets.
    bool bye = false;
};

/// Returns the octets written, or 0 where `room` is too small.
std::size_t print_rtcp(const SentRtcp& packet, ByteRoom room);

}  // namespace holdfast::media
