// sip/user_agent.hpp: the SIP side of the engine in one object: transactions (RFC 3261 17, 6026),
// dialogs (12), INVITE sessions with offer and answer, re-INVITE, UPDATE, session timers, digest as
// client. Bytes and time go in; transmissions, events and changed records come out. It opens no
// socket, reads no clock, and decides nothing about calls.
#pragma once
#include "base/deadlines.hpp"
#include "base/random.hpp"
#include "sip/events.hpp"
#include "sip/hop.hpp"
#include "sip/orders.hpp"
#include "sip/session_record.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::sip {

class UserAgent {
public:
    UserAgent(UserAgentSettings settings, Deadlines& deadlines, Random& random);
    ~UserAgent();

    // ---- Inputs. After each, drain `next_event`, then take `transmissions`. --------------------

    /// One whole message. `bytes` must stay until the events are drained. Malformed messages are
    /// refused or dropped here and counted. `from` names the flow or listener it came by.
    void take(std::string_view bytes, const Hop& from, Instant received_at, Instant now);
    /// A deadline of ours ran out (owners transaction and session).
    void deadline(const DeadlineKey& key, Instant now);
    /// What was to go to `hop` could not be sent: its client transactions fail at once (8.1.3.1).
    void transmission_failed(const Hop& hop, Instant now);
    /// The flow is gone: sessions bound to it wait for the phone's new flow (see `rebind`).
    void flow_closed(FlowId flow, Instant now);

    // ---- Outputs. -----------------------------------------------------------------------------

    /// The next thing that happened, in order; nothing when drained. Views in it last until the
    /// next input.
    std::optional<Event> next_event();
    /// What must be sent, in order. Taking empties it.
    std::vector<Transmit> transmissions();
    /// Sessions whose record changed since the last call, in the order they first changed.
    std::vector<SessionId> changed_records();

    // ---- Orders about INVITE sessions. Wrong orders for a session's state are our own fault. ----

    SessionId invite(const InviteOrder& order, Instant now);
    /// 180, or 183 with `sdp`. Repeated every minute until final (13.3.1.1). Only for an arrived
    /// INVITE.
    void progress(SessionId session, int status, std::string_view sdp, Instant now);
    /// 200 with `sdp`: our answer where the INVITE had an offer, else our offer. Retransmitted
    /// until ACK.
    void answer(SessionId session,
                std::string_view sdp,
                std::span<const ExtraHeader> extra,
                Instant now);
    /// A final refusal of an arrived INVITE. The session is over.
    void refuse(SessionId session, int status, std::span<const ExtraHeader> extra, Instant now);
    /// Ends a session in whatever state it is: CANCEL (as soon as a provisional allows, 9.1), BYE,
    /// or 603/487 for an INVITE not yet answered. A 200 that crosses our CANCEL gets ACK and BYE
    /// and comes as SessionEnded, never as SessionAnswered. `reason` is a Reason value (RFC 3326).
    void end(SessionId session, std::string_view reason, Instant now);
    /// re-INVITE with a new offer; queued where one is under way; a 491 is repeated after 14.1's
    /// wait.
    void offer(SessionId session, std::string_view sdp, Instant now);
    /// The answer to OfferArrived (or our offer where that had none): 200.
    void accept_offer(SessionId session, std::string_view sdp, Instant now);
    void refuse_offer(SessionId session, int status, Instant now);
    /// An in-dialog request without a body of offers: INFO, NOTIFY, MESSAGE.
    void request_in_dialog(SessionId session,
                           Method method,
                           std::span<const ExtraHeader> extra,
                           std::string_view content_type,
                           std::string_view body,
                           Instant now);
    /// The phone's dialogs now go by `hop` (it reconnected, or registered from elsewhere).
    void rebind(SessionId session, const Hop& hop, Instant now);

    // ---- Other requests. ----------------------------------------------------------------------

    RequestId request(const RequestOrder& order, Instant now);
    void respond(TransactionId transaction,
                 int status,
                 std::span<const ExtraHeader> extra,
                 std::string_view content_type,
                 std::string_view body,
                 Instant now);

    // ---- Live state. --------------------------------------------------------------------------

    /// The state of one session that must survive us; nothing where it is over.
    std::optional<SessionRecord> record(SessionId session) const;
    /// Takes a session up again after a restart: CSeq jumps by 1000, SDP version by 1, the INVITE
    /// under way keeps its branch and goes on in Proceeding.
    void restore(const SessionRecord& record, Instant now);

    struct Counts {
        std::size_t sessions = 0, client_transactions = 0, server_transactions = 0;
    };
    Counts counts() const;
    /// How many messages were refused or dropped, by fault.
    std::span<const std::uint64_t> faults() const;
    const UserAgentSettings& settings() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace holdfast::sip
