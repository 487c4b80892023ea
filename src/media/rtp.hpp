// media/rtp.hpp: one RTP packet (RFC 3550 5.1) as a value, in and out.
#pragma once
#include "media/bytes.hpp"

#include <cstdint>
#include <expected>

namespace holdfast::media {

struct RtpHeader {
    std::uint8_t payload_type = 0;  ///< 0..127
    bool marker = false;
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t ssrc = 0;
    friend bool operator==(const RtpHeader&, const RtpHeader&) = default;
};

struct RtpPacket {
    RtpHeader header;
    Bytes payload;  ///< Without contributing sources, extension and padding; points into the input.
};

enum class RtpFault : std::uint8_t {
    too_short,
    other_version,
    sources_cut,    ///< Fewer octets than the CSRC count promises.
    extension_cut,  ///< A header extension that ends beyond the packet.
    padding_wrong   ///< A padding count of zero, or more than there is.
};

inline constexpr std::size_t rtp_header_bytes = 12;

std::expected<RtpPacket, RtpFault> parse_rtp(Bytes bytes);

/// Whether the packet is RTCP by its second octet, wherever it arrived (RFC 5761 4): types 192 to
/// 223, which as RTP would be payload types 64 to 95 with the marker bit.
bool is_rtcp(Bytes bytes);

/// Writes header and payload; returns the octets written, or 0 where `room` is too small.
std::size_t print_rtp(const RtpHeader& header, Bytes payload, ByteRoom room);

}  // namespace holdfast::media
