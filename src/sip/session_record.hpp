// sip/session_record.hpp: what of an INVITE session must survive the daemon's death. Plain fields,
// so that base/codec.hpp can write it into the live-state journal. Passwords are not among them.
#pragma once
#include "base/ids.hpp"
#include "base/time.hpp"
#include "sip/dialog.hpp"
#include "sip/hop.hpp"
#include "sip/method.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::sip {

/// The INVITE under way, ours or the peer's; empty where none is.
struct InviteRecord {
    std::uint32_t cseq = 0;
    std::string branch;          ///< Ours.
    std::string request;         ///< Ours, whole: CANCEL and ACK are made from it.
    bool heard = false;          ///< Ours was answered by a provisional response.
    std::string key, merged;     ///< The peer's: what its repetitions are known by.
    std::string head;            ///< The peer's: what every response repeats.
    bool in_dialog = false;      ///< The peer's: a re-INVITE.
    std::string final_response;  ///< The 2xx that awaits its ACK.
    Hop reply, source;           ///< Of the peer's.
};

/// RFC 4028, as agreed.
struct RefreshRecord {
    std::uint32_t interval_s = 0;  ///< 0: no session timer.
    std::uint32_t min_se_s = 0;
    bool by_us = false;
    Instant due = never, expires = never;
};

struct SessionRecord {
    SessionId session;
    std::uint8_t life = 0, exchange = 0;  ///< States of session_machines.hpp.
    Hop hop;                              ///< Where requests in the dialog go.
    bool fixed_hop = false;               ///< Whatever the peer's Contact says.
    IpAddress peer;                       ///< Where it speaks from.
    Dialog dialog;
    InviteRecord invite;
    int progress_status = 0;
    std::string progress_sdp;
    std::string local_sdp, remote_sdp;
    std::string wanted_offer;       ///< Of ours, under way or waiting.
    bool answer_owed = false;       ///< Our 2xx carried an offer, the ACK brings the answer.
    std::uint64_t sdp_version = 0;  ///< Of the o= line of `local_sdp`.
    std::vector<Method> peer_allows;
    bool peer_supports_timer = false;
    RefreshRecord refresh;
    std::uint8_t cause = 0;  ///< EndCause, while it ends.
    bool announced = false;  ///< Its end was told.
    std::string reason;      ///< For the BYE or CANCEL.
};

}  // namespace holdfast::sip
