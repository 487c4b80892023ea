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

    // ---- Inputs. After each, and after orders, drain `next_event`, then take `transmissions`. ---

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

    /// Zero at the limit of sessions.
    SessionId invite(const InviteOrder& order, Instant now);
    // An order for a session that is over is forgotten: its end may have crossed the order.

    /// 180, or 183 with `sdp`. Repeated every minute until final (13.3.1.1). Only for an arrived
    /// INVITE.
    void progress(SessionId session,
                  int status,
                  std::string_view sdp,
                  Instant now,
                  std::span<const ExtraHeader> extra = {});
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
    /// SessionEnded comes when the peer has answered, or cannot any more: in 64 s at most. Until
    /// then the session has a record, so that a BYE survives us too.
    void end(SessionId session, std::string_view reason, Instant now);
    /// re-INVITE with a new offer; queued where one is under way; a 491 is repeated after 14.1's
    /// wait. `extra` for P-Asserted-Identity and the like: a changed caller ID with the same SDP.
    void offer(SessionId session,
               std::string_view sdp,
               Instant now,
               std::span<const ExtraHeader> extra = {});
    /// The answer to OfferArrived (or our offer where that had none): 200.
    void accept_offer(SessionId session,
                      std::string_view sdp,
                      Instant now,
                      std::span<const ExtraHeader> extra = {});
    void refuse_offer(SessionId session, int status, Instant now);
    /// An in-dialog request without a body of offers: INFO, NOTIFY, MESSAGE, UPDATE. Its answer
    /// comes as RequestAnswered. Zero where it cannot be sent now.
    RequestId request_in_dialog(SessionId session,
                                Method method,
                                std::span<const ExtraHeader> extra,
                                std::string_view content_type,
                                std::string_view body,
                                Instant now);
    /// Whose dialog that is, with the tags in either order (some phones swap those of Replaces,
    /// RFC 3891 3); zero where there is none.
    SessionId session_with(std::string_view call_id,
                           std::string_view tag,
                           std::string_view other_tag) const;
    /// What the peer's last Allow says.
    bool peer_allows(SessionId session, Method method) const;
    /// The phone's dialogs now go by `hop` (it reconnected, or registered from elsewhere).
    void rebind(SessionId session, const Hop& hop, Instant now, std::string_view tls_name = {});
    struct Unbound {
        SessionId session;
        Hop last;                   ///< Where its requests went.
        std::string remote_target;  ///< The peer's Contact URI.
    };
    /// Those whose connection is gone, or was never there in this life: they wait for `rebind`,
    /// some of them with nothing but a BYE.
    std::vector<Unbound> unbound() const;
    /// Addresses that may send requests in any dialog, such as those of a trunk that answers from
    /// several. A phone's dialog hears only the address it was made from, is sent to, or names as
    /// its Contact: others get 403 (a BYE whose tags were overheard).
    void trust(std::span<const IpAddress> sources);

    // ---- Other requests. ----------------------------------------------------------------------

    /// Zero at the limit.
    RequestId request(const RequestOrder& order, Instant now);
    /// To a request that was answered or given up already: nothing.
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
    /// under way keeps its branch; ours is sent again where no response had come. On TCP and TLS
    /// nothing is sent before `rebind`. `credentials` are not in the record. False where the record
    /// makes no sense or its id is taken.
    bool restore(const SessionRecord& record, Instant now, const Credentials& credentials = {});

    struct Counts {
        std::size_t sessions = 0, client_transactions = 0, server_transactions = 0;
    };
    Counts counts() const;
    /// How many messages were refused or dropped, by fault.
    std::span<const std::uint64_t> faults() const;
    /// How many readable messages were refused or dropped all the same, by Denial.
    std::span<const std::uint64_t> denied() const;
    const UserAgentSettings& settings() const;

private:
    std::unique_ptr<struct Core> core_;
};

}  // namespace holdfast::sip
