// sip/events.hpp: what the user agent tells the engine. Pointers and views last until the next
// input; what must last longer is copied by who keeps it.
#pragma once
#include "base/ids.hpp"
#include "base/time.hpp"
#include "sip/denial.hpp"
#include "sip/fault.hpp"
#include "sip/hop.hpp"
#include "sip/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace holdfast::sip {

using TransactionId = Id<struct TransactionTag>;  ///< A request of a peer that awaits our response.
using RequestId = Id<struct RequestTag>;          ///< A request of ours outside INVITE sessions.

/// A new INVITE outside any dialog; 100 was sent. Authenticate it, then progress, answer or refuse.
/// Merged requests (482), loops and unknown Require (420) never get here.
struct InviteArrived {
    SessionId session;
    const Message* message = nullptr;
    Hop from;
};
/// 180, 183... to our INVITE. `sdp` is empty where it had none. Forked phones show several to-tags.
struct SessionRang {
    SessionId session;
    int status = 0;
    std::string_view sdp;
    std::string_view to_tag;
};
/// 2xx to our INVITE; ACK was sent. Later 2xx of other forks are ended by ACK and BYE without an
/// event.
struct SessionAnswered {
    SessionId session;
    std::string_view sdp;
    const Message* message = nullptr;
};
/// Our INVITE failed for good: a final response, 408 for silence, 503 where it could not be sent.
/// The session is over.
struct SessionRefused {
    SessionId session;
    int status = 0;
    std::string_view reason;   ///< Reason phrase.
    std::uint16_t q850 = 0;    ///< From a Reason header, where there is one.
    std::string_view contact;  ///< Of a 3xx: that with the highest q, and of those the first.
};
/// ACK for our 2xx. `sdp` holds the answer where our 2xx carried the offer.
struct SessionAcked {
    SessionId session;
    std::string_view sdp;
};
/// re-INVITE or UPDATE of the peer with an offer, or a re-INVITE without (empty `sdp`):
/// accept_offer or refuse_offer in the same step. A refresh that repeats the last SDP comes too,
/// marked.
struct OfferArrived {
    SessionId session;
    std::string_view sdp;
    bool repeated = false;  ///< Same o= line as before: nothing changed (RFC 3264 8).
    const Message* message = nullptr;
};
/// The peer's answer to our re-INVITE.
struct OfferAnswered {
    SessionId session;
    std::string_view sdp;
};
/// Our re-INVITE was refused for good (not 491); the session goes on as before.
struct OfferRefused {
    SessionId session;
    int status = 0;
};
enum class EndCause : std::uint8_t {
    peer_bye,
    peer_cancel,
    ended_by_us,
    no_ack,
    session_expired,
    gone /* 481 or 408 in dialog */
};
/// The session is over; its id means nothing any more. Sent exactly once for every session that did
/// not end in SessionRefused or by our `refuse`.
struct SessionEnded {
    SessionId session;
    EndCause cause{};
    std::uint16_t q850 = 0;
    const Message* message = nullptr;  ///< The BYE or CANCEL, where there is one.
};
/// A digit by INFO (application/dtmf-relay or application/dtmf); 200 was sent.
struct DigitArrived {
    SessionId session;
    char digit = 0;
    std::uint16_t duration_ms = 0;
};
/// Any other request, in a dialog (session set) or outside: respond in the same step.
/// Authenticating it is the engine's. In-dialog requests we know nothing about were already
/// answered.
struct RequestArrived {
    TransactionId transaction;
    SessionId session;
    std::string_view local_tag;  ///< The To tag of our responses: the key of a dialog they make.
    const Message* message = nullptr;
    Hop from;
};
/// The final response to a request of ours; status 408 without a message where none came, 503 where
/// it could not be sent.
struct RequestAnswered {
    RequestId request;
    int status = 0;
    const Message* message = nullptr;
};
/// A message was refused or dropped: one line for the log and a count.
struct MessageRefused {
    std::variant<Fault, Denial> why;
    Hop from;
};

/// With each event goes the instant the kernel got the message that caused it, or now.
struct Event {
    Instant at;
    std::variant<InviteArrived,
                 SessionRang,
                 SessionAnswered,
                 SessionRefused,
                 SessionAcked,
                 OfferArrived,
                 OfferAnswered,
                 OfferRefused,
                 SessionEnded,
                 DigitArrived,
                 RequestArrived,
                 RequestAnswered,
                 MessageRefused>
        what;
};

}  // namespace holdfast::sip
