// sip/session_record.hpp: what of an INVITE session must survive the daemon's death. Plain fields,
// so that base/codec.hpp can write it into the live-state journal. Passwords are not among them.
#pragma once
#include "base/ids.hpp"
#include "base/time.hpp"
#include "sip/dialog.hpp"
#include "sip/hop.hpp"
#include "sip/orders.hpp"
#include "sip/provisional_machines.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::sip {

/// A response of ours that waits until the one before it was acknowledged.
struct HeldResponse {
    int status = 0;  ///< 0: none waits.
    std::string sdp;
    std::vector<ExtraHeader> extra;
};

/// Our provisional responses that must arrive (RFC 3262).
struct AssuredRecord {
    std::uint8_t state = 0;  ///< assured::State
    std::uint32_t rseq = 0;  ///< Of the last one; 0: none yet.
    bool has_sdp = false;    ///< It carries a description.
    int status = 0;          ///< Of the last one.
    HeldResponse held;
};

/// One fork of our INVITE that sent provisional responses which must arrive (RFC 3262 4).
struct HeardFork {
    std::string tag;
    heard::State state{};
    std::uint32_t rseq = 0;
    /// Its answer, which closes the first exchange, and what it has offered since by UPDATE.
    std::string sdp;
    std::string answered;    ///< Our answer to that UPDATE; empty: our offer still holds.
    std::uint32_t cseq = 0;  ///< Of its last request.
};

/// The INVITE under way, ours or the peer's; no `cseq` where there is none.
struct InviteRecord {
    std::uint32_t cseq = 0;
    // Ours.
    std::string branch;
    std::string request;  ///< Whole: CANCEL and ACK are made from it.
    std::string tls_name;
    bool heard = false;                ///< A provisional response came.
    std::string early_tag, early_sdp;  ///< Of the last one with SDP.
    std::vector<HeardFork> forks;
    // The peer's.
    Hop source, reply;
    std::string key, merged;  ///< What repetitions are known by.
    std::string head;         ///< What every response repeats.
    bool in_dialog = false;
    bool rfc2543 = false;
    int status = 0;  ///< Of `response`, the last one sent: a 2xx awaits its ACK.
    std::string response;
    AssuredRecord assured;
};

/// RFC 4028, as agreed.
struct RefreshTerms {
    std::uint32_t interval_s = 0;  ///< 0: the session has no timer.
    std::uint32_t min_se_s = 0;    ///< The largest that a 422 asked for.
    bool by_us = false;
    Instant due = never;      ///< Our next refresh.
    Instant expires = never;  ///< The end, unless somebody refreshes.
};

struct SessionRecord {
    SessionId session;
    std::uint8_t life = 0, exchange = 0;  ///< States of session_machines.hpp.
    Hop hop;                              ///< Where requests in the dialog go.
    std::string tls_name;
    bool fixed_hop = false;  ///< Whatever the peer's Contact says.
    IpAddress peer;          ///< Where it speaks from.
    Dialog dialog;
    InviteRecord invite;
    std::string local_sdp, remote_sdp;
    std::string open_offer;    ///< Of ours, sent and unanswered.
    std::string wanted_offer;  ///< Of ours, waiting for its turn.
    std::vector<ExtraHeader> wanted_extra;
    bool answer_owed = false;       ///< Our 2xx carried an offer; the ACK brings the answer.
    bool first_unacked = false;     ///< The 2xx to the first INVITE awaits its ACK.
    std::uint64_t sdp_version = 0;  ///< Of the o= line of `local_sdp`.
    std::uint64_t peer_allows = 0;  ///< Bits of Set<Method>.
    bool peer_has_timer = false;    ///< Its Supported lists "timer".
    RefreshTerms refresh;
    std::uint8_t cause = 0;  ///< EndCause, while it ends.
    bool timed_out = false;  ///< Our INVITE is cancelled for it only rang.
    bool announced = false;  ///< Its end was told.
    std::string reason;      ///< For the BYE or CANCEL.
};

}  // namespace holdfast::sip
