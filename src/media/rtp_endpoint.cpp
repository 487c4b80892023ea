#include "media/rtp_endpoint.hpp"

namespace holdfast::media {
namespace {

OutStream random_stream(Random& random) {
    const std::uint32_t ssrc = random.u32();
    const auto sequence = static_cast<std::uint16_t>(random.u32());
    return {ssrc, sequence, random.u32()};
}

bool is_nowhere(const Endpoint& endpoint) {
    return !endpoint.address || endpoint.address.unspecified() || endpoint.port == 0;
}

}  // namespace

RtpEndpoint::RtpEndpoint(const Name& name, Random& random, const NtpClock& ntp, Wire& wire)
    : name_{name},
      wire_{wire},
      inbound_{name.media, wire},
      outbound_{name.media, name.slot, random_stream(random), wire},
      rtcp_{random, ntp},
      voice_{name.media, wire} {}

void RtpEndpoint::configure(const Configure& order, Instant now) {
    sends_ = order.sends;
    keeps_digits_ = order.keeps_digits;
    if (remote_rtcp_ != order.remote_rtcp) learned_rtcp_ = {};
    remote_rtp_ = order.remote_rtp;
    remote_rtcp_ = order.remote_rtcp;
    change_keys(order.srtp);
    inbound_.configure(order, now);
    aim();
    outbound_.configure(order, now);
    rtcp_.start(now);
    voice_.configure({.voice = order.reports_voice && order.receives, .mute = order.reports_mute},
                     now);
}

void RtpEndpoint::change_keys(const std::optional<SrtpKeys>& keys) {
    if (!keys)
        srtp_.reset();
    else if (srtp_)
        srtp_->change(*keys);
    else
        srtp_ = std::make_unique<Srtp>(*keys);
    outbound_.protect_with(srtp_.get());
}

/// In the clear; none, and counted, where it is not the party's.
std::optional<Bytes> RtpEndpoint::opened(Channel channel, Bytes datagram) {
    if (!srtp_) return datagram;
    const auto plain = srtp_->open(channel, datagram);
    if (!plain) inbound_.count_unauthentic();
    return plain;
}

void RtpEndpoint::close(Instant now) {
    if (rtcp_.may_say_bye(outbound_.stream())) send_report(now, true);
}

std::optional<Heard> RtpEndpoint::take_rtp(const Endpoint& from,
                                           Bytes datagram,
                                           Instant received_at) {
    // RFC 5761: both on one port, whether or not that was agreed on. A payload type of 64 to 95
    // that was agreed on in spite of its section 4 is RTP all the same.
    if (is_rtcp(datagram) && !inbound_.knows(datagram[1])) {
        take_rtcp(from, datagram, received_at);
        return std::nullopt;
    }
    const auto plain = opened(Channel::rtp, datagram);
    if (!plain) return std::nullopt;
    const bool was_locked = inbound_.lock().locked();
    auto heard = inbound_.take(from, *plain, received_at);
    if (inbound_.lock().locked() != was_locked) aim();
    if (inbound_.has_comfort_noise()) voice_.take_comfort_noise(received_at);
    if (heard && !heard->codec && (keeps_digits_ || inbound_.hides(*heard))) return std::nullopt;
    return heard;
}

bool RtpEndpoint::expects_rtcp_from(const Endpoint& from) const {
    if (from == remote_rtcp_) return true;
    return inbound_.lock().locked() && from.address == inbound_.lock().source().address;
}

void RtpEndpoint::take_rtcp(const Endpoint& from, Bytes datagram, Instant received_at) {
    if (!expects_rtcp_from(from)) {
        inbound_.count_foreign();
        return;
    }
    const auto plain = opened(Channel::rtcp, datagram);
    if (!plain) return;
    const auto packet = parse_rtcp(*plain);
    if (!packet) {
        inbound_.count_malformed();
        return;
    }
    if (from != remote_rtcp_ && inbound_.lock().source() != remote_rtp_) learned_rtcp_ = from;
    rtcp_.take(*packet, datagram.size(), outbound_.stream(), inbound_.reception(), received_at);
}

Endpoint RtpEndpoint::rtp_target() const {
    // A zero address means "send nothing", also to a party that was heard from elsewhere.
    if (!sends_ || is_nowhere(remote_rtp_)) return {};
    const Endpoint& heard_from = inbound_.lock().source();
    return heard_from.port != 0 ? heard_from : remote_rtp_;
}

Endpoint RtpEndpoint::rtcp_target() const {
    if (!sends_ || is_nowhere(remote_rtcp_)) return {};
    return learned_rtcp_.port != 0 ? learned_rtcp_ : remote_rtcp_;
}

void RtpEndpoint::aim() {
    outbound_.set_target(rtp_target());
}

void RtpEndpoint::send_report(Instant now, bool bye) {
    if (!bye && !rtcp_.expired(now, outbound_.stream())) return;
    const Endpoint to = rtcp_target();
    if (to.port == 0) return;
    std::array<std::uint8_t, 256 + srtp_trailer_bytes> packet;
    std::size_t size = rtcp_.print(
        outbound_.stream(), inbound_.reception(), bye, now, ByteRoom{packet}.first(256));
    if (srtp_) size = srtp_->protect(Channel::rtcp, packet, size);
    if (size == 0) return;
    // RFC 5761: a party that takes both on one port gets both from one port.
    const Channel channel = to == rtp_target() ? Channel::rtp : Channel::rtcp;
    wire_.send(name_.slot, channel, to, Bytes{packet}.first(size));
}

Instant RtpEndpoint::due(Deadline which) const {
    switch (which) {
        case Deadline::tick:
            return outbound_.tick_due();
        case Deadline::report:
            return rtcp_.due();
        case Deadline::silence:
            return inbound_.silence_due();
        case Deadline::digit:
            return inbound_.digit_due();
        case Deadline::voice:
            return voice_.due();
    }
    return never;
}

Statistics RtpEndpoint::statistics() const {
    Statistics all = inbound_.statistics();
    all.packets_out = outbound_.stream().packets();
    all.bytes_out = outbound_.bytes_out();
    all.unmatched_codec = outbound_.unmatched();
    all.remote_lost = rtcp_.remote().lost;
    all.round_trip_us = static_cast<std::uint32_t>(rtcp_.remote().round_trip.count());
    return all;
}

}  // namespace holdfast::media
