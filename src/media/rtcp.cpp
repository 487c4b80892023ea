#include "media/rtcp.hpp"

#include <algorithm>

namespace holdfast::media {
namespace {

constexpr std::uint8_t sender_report = 200;
constexpr std::uint8_t receiver_report = 201;
constexpr std::uint8_t source_description = 202;
constexpr std::uint8_t goodbye = 203;
constexpr std::uint8_t cname_item = 1;

constexpr std::size_t head_bytes = 8;  // common header and the sender's SSRC
constexpr std::size_t info_bytes = 20;
constexpr std::size_t block_bytes = 24;

/// The cumulative count has 24 bits and a sign (RFC 3550 6.4.1).
std::int32_t signed24(std::uint32_t bits) {
    bits &= 0xff'ffff;
    const auto value = static_cast<std::int32_t>(bits);
    return (bits & 0x80'0000) != 0 ? value - 0x100'0000 : value;
}

SenderInfo info_at(const std::uint8_t* at) {
    return {.sent_at = std::uint64_t{get32(at)} << 32 | get32(at + 4),
            .rtp_timestamp = get32(at + 8),
            .packets = get32(at + 12),
            .octets = get32(at + 16)};
}

ReportBlock block_at(const std::uint8_t* at) {
    return {.ssrc = get32(at),
            .fraction_lost = at[4],
            .cumulative_lost = signed24(get32(at + 4)),
            .highest_sequence = get32(at + 8),
            .jitter = get32(at + 12),
            .last_sender_report = get32(at + 16),
            .since_last_report = get32(at + 20)};
}

bool read_report(Bytes packet, ReceivedRtcp& out) {
    const bool sends = packet[1] == sender_report;
    const std::size_t blocks = packet[0] & 0x1f;
    std::size_t at = head_bytes + (sends ? info_bytes : 0);
    if (packet.size() < at + blocks * block_bytes) return false;
    out.sender = get32(packet.data() + 4);
    if (sends) out.info = info_at(packet.data() + head_bytes);
    for (std::size_t i = 0; i < blocks; ++i, at += block_bytes)
        if (!out.blocks.push_back(block_at(packet.data() + at))) break;
    return true;
}

/// Takes the next packet of a compound off `bytes`, without its padding.
std::expected<Bytes, RtcpFault> next_packet(Bytes& bytes) {
    if (bytes.size() < 4) return std::unexpected{RtcpFault::length_wrong};
    if (bytes[0] >> 6 != 2) return std::unexpected{RtcpFault::other_version};
    const std::size_t size = 4 + std::size_t{4} * get16(bytes.data() + 2);
    if (size > bytes.size()) return std::unexpected{RtcpFault::length_wrong};
    const Bytes packet = bytes.first(size);
    bytes = bytes.subspan(size);
    if ((packet[0] & 0x20) == 0) return packet;
    // RFC 3550 6.4.1: only the last packet of a compound is padded, in whole words.
    const std::size_t padding = packet.back();
    if (!bytes.empty() || padding == 0 || padding % 4 != 0 || padding > size - 4)
        return std::unexpected{RtcpFault::padding_wrong};
    return packet.first(size - padding);
}

/// Appends words to a buffer that is large enough, which print_rtcp checks first.
class Words {
public:
    explicit Words(std::uint8_t* at) : begin_{at}, at_{at} {}
    void head(std::size_t count, std::uint8_t type, std::size_t words_after) {
        at_[0] = static_cast<std::uint8_t>(2 << 6 | count);
        at_[1] = type;
        put16(at_ + 2, static_cast<std::uint16_t>(words_after));
        at_ += 4;
    }
    void word(std::uint32_t value) {
        put32(at_, value);
        at_ += 4;
    }
    void octet(std::size_t value) { *at_++ = static_cast<std::uint8_t>(value); }
    void text(std::string_view text) { at_ = std::copy(text.begin(), text.end(), at_); }
    std::size_t size() const { return static_cast<std::size_t>(at_ - begin_); }

private:
    std::uint8_t* begin_;
    std::uint8_t* at_;
};

void print_info(const SenderInfo& info, Words& out) {
    out.word(static_cast<std::uint32_t>(info.sent_at >> 32));
    out.word(static_cast<std::uint32_t>(info.sent_at));
    out.word(info.rtp_timestamp);
    out.word(info.packets);
    out.word(info.octets);
}

void print_block(const ReportBlock& block, Words& out) {
    const auto lost = std::clamp(block.cumulative_lost, -0x80'0000, 0x7f'ffff);
    out.word(block.ssrc);
    out.word(std::uint32_t{block.fraction_lost} << 24 |
             (static_cast<std::uint32_t>(lost) & 0xff'ffff));
    out.word(block.highest_sequence);
    out.word(block.jitter);
    out.word(block.last_sender_report);
    out.word(block.since_last_report);
}

/// One chunk with one item; RFC 3550 6.5: the item list ends with one to four zero octets, up to
/// the next word.
std::size_t description_words(std::string_view cname) {
    return 1 + (2 + cname.size()) / 4 + 1;
}

}  // namespace

std::expected<ReceivedRtcp, RtcpFault> parse_rtcp(Bytes bytes) {
    ReceivedRtcp out;
    bool first = true;
    if (bytes.size() < head_bytes) return std::unexpected{RtcpFault::too_short};
    while (!bytes.empty()) {
        const auto packet = next_packet(bytes);
        if (!packet) return std::unexpected{packet.error()};
        const auto type = (*packet)[1];
        const bool reports = type == sender_report || type == receiver_report;
        if (first && !reports) return std::unexpected{RtcpFault::not_a_report};
        if (reports && !read_report(*packet, out)) return std::unexpected{RtcpFault::length_wrong};
        if (type == goodbye) out.bye = true;
        first = false;
    }
    return out;
}

std::size_t print_rtcp(const SentRtcp& packet, ByteRoom room) {
    const std::size_t report_words =
        1 + (packet.info ? info_bytes / 4 : 0) + (packet.block ? block_bytes / 4 : 0);
    const std::size_t words = 1 + report_words + 1 + description_words(packet.cname) +  //
                              (packet.bye ? 2 : 0);
    if (packet.cname.size() > 255 || room.size() < 4 * words) return 0;

    Words out{room.data()};
    out.head(packet.block ? 1 : 0, packet.info ? sender_report : receiver_report, report_words);
    out.word(packet.ssrc);
    if (packet.info) print_info(*packet.info, out);
    if (packet.block) print_block(*packet.block, out);

    out.head(1, source_description, description_words(packet.cname));
    out.word(packet.ssrc);
    out.octet(cname_item);
    out.octet(packet.cname.size());
    out.text(packet.cname);
    do {
        out.octet(0);
    } while (out.size() % 4 != 0);

    if (packet.bye) {
        out.head(1, goodbye, 1);
        out.word(packet.ssrc);
    }
    return out.size();
}

}  // namespace holdfast::media
