#include "media/rtcp_session.hpp"

#include <algorithm>
#include <string_view>

namespace holdfast::media {
namespace {

constexpr double udp_and_ip_bytes = 28;
constexpr double first_guess_bytes = 76 + udp_and_ip_bytes;  // SR with one block and our CNAME
// Longer is not a round trip but a peer that invents times.
constexpr Micros most_round_trip = 30s;

BoundedText<16> random_cname(Random& random) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    BoundedText<16> name;
    for (std::size_t i = 0; i < 16; ++i)
        name.append(alphabet.substr(random.below(64), 1));
    return name;
}

}  // namespace

RtcpSession::RtcpSession(Random& random, const NtpClock& ntp)
    : random_{random}, ntp_{ntp}, cname_{random_cname(random)}, average_bytes_{first_guess_bytes} {}

Micros RtcpSession::interval(const OutStream& out) {
    const bool we_sent = out.packets() > packets_at_second_last_;
    return rtcp_interval({.members = peer_seen_ ? 2 : 1,
                          .senders = (we_sent ? 1 : 0) + (peer_sends_ ? 1 : 0),
                          .we_sent = we_sent,
                          .average_bytes = average_bytes_,
                          .initial = sent_reports_ == 0},
                         random_.unit());
}

void RtcpSession::start(Instant now) {
    if (due_ != never) return;
    last_ = now;
    due_ = now + rtcp_interval({.average_bytes = average_bytes_, .initial = true}, random_.unit());
}

bool RtcpSession::expired(Instant now, const OutStream& out) {
    // RFC 3550 6.3.6: the interval is drawn anew when it has passed, and waited for if it is
    // longer.
    const Instant again = last_ + interval(out);
    if (again > now) {
        due_ = again;
        return false;
    }
    last_ = now;
    due_ = now + interval(out);
    return true;
}

void RtcpSession::count(std::size_t bytes) {
    // RFC 3550 6.3.3: a sixteenth of each packet, sent or received.
    average_bytes_ += (static_cast<double>(bytes) + udp_and_ip_bytes - average_bytes_) / 16;
}

void RtcpSession::take(const ReceivedRtcp& packet,
                       std::size_t bytes,
                       const OutStream& out,
                       Reception& in,
                       Instant at) {
    count(bytes);
    peer_seen_ = !packet.bye;
    peer_sends_ = packet.info.has_value();
    if (packet.info && packet.sender == in.ssrc()) in.take(*packet.info, at);
    for (const ReportBlock& block : packet.blocks)
        if (block.ssrc == out.ssrc()) take(block, at);
}

void RtcpSession::take(const ReportBlock& block, Instant at) {
    remote_.lost = static_cast<std::uint32_t>(std::max(block.cumulative_lost, 0));
    if (block.last_sender_report == 0) return;
    // RFC 3550 6.4.1: arrival less the echoed time less the peer's delay, in 1/65536 s modulo 2^32.
    const std::uint32_t units =
        middle_of(ntp_.at(at)) - block.last_sender_report - block.since_last_report;
    const Micros round_trip = from_ntp_units(units);
    if (round_trip <= most_round_trip) remote_.round_trip = round_trip;
}

std::size_t RtcpSession::print(
    const OutStream& out, Reception& in, bool bye, Instant now, ByteRoom room) {
    SentRtcp packet{
        .ssrc = out.ssrc(), .info = {}, .block = {}, .cname = cname_.view(), .bye = bye};
    // RFC 3550 6.4: a sender report by who sent since the last two reports.
    if (out.packets() > packets_at_second_last_) packet.info = out.info(ntp_.at(now), now);
    if (in.heard_since_report()) packet.block = in.report(now);
    packets_at_second_last_ = packets_at_last_;
    packets_at_last_ = out.packets();
    ++sent_reports_;
    const std::size_t size = print_rtcp(packet, room);
    count(size);
    return size;
}

}  // namespace holdfast::media
