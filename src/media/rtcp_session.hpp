// media/rtcp_session.hpp: the RTCP of one endpoint: when to report, what, and what the peer
// reports.
#pragma once
#include "base/bounded_vector.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "media/ntp.hpp"
#include "media/out_stream.hpp"
#include "media/reception.hpp"
#include "media/rtcp.hpp"
#include "media/rtcp_interval.hpp"

#include <cstdint>

namespace holdfast::media {

/// What the peer's reports say of the stream it gets.
struct RemoteView {
    std::uint32_t lost = 0;
    Micros round_trip{};  ///< Zero while unknown.
};

class RtcpSession {
public:
    /// `random` outlives the session. The CNAME is made of it (RFC 7022 4.2): it says nothing of
    /// the machine and links no two calls.
    RtcpSession(Random& random, const NtpClock& ntp);

    void start(Instant now);
    /// `never` before start().
    Instant due() const { return due_; }
    /// Whether a report is to be sent at `now`, not before due(); moves due().
    bool expired(Instant now, const OutStream& out);

    /// A compound packet of `bytes` that came at `at`. A BYE ends no call: signalling does.
    void take(const ReceivedRtcp& packet,
              std::size_t bytes,
              const OutStream& out,
              Reception& in,
              Instant at);
    /// Writes the report that is due, with BYE at the end where we leave.
    std::size_t print(const OutStream& out, Reception& in, bool bye, Instant now, ByteRoom room);
    /// RFC 3550 6.3.7: who never sent anything says no BYE either.
    bool may_say_bye(const OutStream& out) const { return out.started() || sent_reports_ > 0; }

    const RemoteView& remote() const { return remote_; }

private:
    Micros interval(const OutStream& out);
    void count(std::size_t bytes);
    void take(const ReportBlock& block, Instant at);

    Random& random_;
    NtpClock ntp_;
    BoundedText<16> cname_;

    Instant due_ = never;
    Instant last_;  // the report before, or the start
    std::uint64_t sent_reports_ = 0;
    double average_bytes_;
    bool peer_seen_ = false;
    bool peer_sends_ = false;
    /// RTP packets we had sent at the last two reports.
    std::uint64_t packets_at_last_ = 0;
    std::uint64_t packets_at_second_last_ = 0;
    RemoteView remote_;
};

}  // namespace holdfast::media
