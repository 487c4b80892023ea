#include "media/rtp.hpp"

#include <algorithm>

namespace holdfast::media {

std::expected<RtpPacket, RtpFault> parse_rtp(Bytes bytes) {
    if (bytes.size() < rtp_header_bytes) return std::unexpected{RtpFault::too_short};
    const auto* const octets = bytes.data();
    if (octets[0] >> 6 != 2) return std::unexpected{RtpFault::other_version};

    RtpPacket packet;
    packet.header = {.payload_type = static_cast<std::uint8_t>(octets[1] & 0x7f),
                     .marker = (octets[1] & 0x80) != 0,
                     .sequence = get16(octets + 2),
                     .timestamp = get32(octets + 4),
                     .ssrc = get32(octets + 8)};

    Bytes rest = bytes.subspan(rtp_header_bytes);
    const std::size_t sources = std::size_t{4} * (octets[0] & 0x0f);
    if (rest.size() < sources) return std::unexpected{RtpFault::sources_cut};
    rest = rest.subspan(sources);

    if ((octets[0] & 0x10) != 0) {  // RFC 3550 5.3.1: its length is in words, its head not counted
        if (rest.size() < 4) return std::unexpected{RtpFault::extension_cut};
        const std::size_t extension = 4 + 4u * get16(rest.data() + 2);
        if (rest.size() < extension) return std::unexpected{RtpFault::extension_cut};
        rest = rest.subspan(extension);
    }
    if ((octets[0] & 0x20) != 0) {  // RFC 3550 5.1: the last octet counts the padding and itself
        if (rest.empty() || rest.back() == 0 || rest.back() > rest.size())
            return std::unexpected{RtpFault::padding_wrong};
        rest = rest.first(rest.size() - rest.back());
    }
    packet.payload = rest;
    return packet;
}

bool is_rtcp(Bytes bytes) {
    return bytes.size() >= 4 && bytes[1] >= 192 && bytes[1] <= 223;
}

std::size_t print_rtp(const RtpHeader& header, Bytes payload, ByteRoom room) {
    const std::size_t size = rtp_header_bytes + payload.size();
    if (room.size() < size) return 0;
    auto* const octets = room.data();
    octets[0] = 2 << 6;
    octets[1] = static_cast<std::uint8_t>((header.marker ? 0x80 : 0) | header.payload_type);
    put16(octets + 2, header.sequence);
    put32(octets + 4, header.timestamp);
    put32(octets + 8, header.ssrc);
    std::copy(payload.begin(), payload.end(), octets + rtp_header_bytes);
    return size;
}

}  // namespace holdfast::media
