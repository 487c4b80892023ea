// media/rtp_endpoint.hpp: the RTP and RTCP of one call leg: what comes in, what goes out, and where
// to.
#pragma once
#include "base/random.hpp"
#include "base/time.hpp"
#include "media/inbound.hpp"
#include "media/ntp.hpp"
#include "media/orders.hpp"
#include "media/outbound.hpp"
#include "media/rtcp_session.hpp"
#include "media/srtp.hpp"
#include "media/wire.hpp"

#include <array>
#include <memory>
#include <optional>

namespace holdfast::media {

/// Whose turn it is when one of an endpoint's deadlines has come.
enum class Deadline : std::uint8_t { tick, report, silence, digit };

class RtpEndpoint {
public:
    struct Name {
        MediaId media;
        std::uint16_t port = 0;
        Slot slot = 0;
    };
    /// `random` and `wire` outlive the endpoint.
    RtpEndpoint(const Name& name, Random& random, const NtpClock& ntp, Wire& wire);

    void configure(const Configure& order, Instant now);
    /// Says BYE.
    void close(Instant now);

    /// A datagram of the RTP port. Gives the packet where others may hear it.
    std::optional<Heard> take_rtp(const Endpoint& from, Bytes datagram, Instant received_at);
    void take_rtcp(const Endpoint& from, Bytes datagram, Instant received_at);

    Outbound& outbound() { return outbound_; }
    Inbound& inbound() { return inbound_; }
    void send_report(Instant now) { send_report(now, false); }

    Instant due(Deadline which) const;
    MediaId media() const { return name_.media; }
    std::uint16_t port() const { return name_.port; }
    Instant last_packet() const { return inbound_.last_packet(); }
    Statistics statistics() const;

private:
    void aim();
    void change_keys(const std::optional<SrtpKeys>& keys);
    std::optional<Bytes> opened(Channel channel, Bytes datagram);
    Endpoint rtp_target() const;
    Endpoint rtcp_target() const;
    bool expects_rtcp_from(const Endpoint& from) const;
    void send_report(Instant now, bool bye);

    Name name_;
    Wire& wire_;
    bool sends_ = false;
    bool keeps_digits_ = false;
    Endpoint remote_rtp_;
    Endpoint remote_rtcp_;
    Endpoint learned_rtcp_;  // where the locked party's RTCP comes from, behind NAT

    std::unique_ptr<Srtp> srtp_;  // none: plain RTP
    Inbound inbound_;
    Outbound outbound_;
    RtcpSession rtcp_;
};

}  // namespace holdfast::media
