// sip/session_record.hpp: what of an INVITE session must survive the daemon's death. Plain fields,
// so that base/codec.hpp can write it into the live-state journal.
#pragma once
#include "base/ids.hpp"
#include "base/time.hpp"
#include "sip/hop.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::sip {

/// Filled in by whoever needs a field; order and meaning are the user agent's own affair.
struct DialogRecord {
    std::string call_id, local_tag, remote_tag;
    std::string local_party, remote_party;  ///< From/To values without tags.
    std::string remote_target;              ///< The peer's Contact URI.
    std::vector<std::string> route_set;
    std::uint32_t local_cseq = 0, remote_cseq = 0;
    bool is_caller = false;  ///< We sent the INVITE.
    std::string contact;     ///< Our Contact value.
};

struct InviteRecord {
    std::string branch;  ///< Ours, or the peer's for an arrived INVITE.
    std::uint32_t cseq = 0;
    std::string request_uri;
    std::vector<std::string> vias, record_routes;  ///< Of an arrived INVITE, to answer it.
    std::string to, from;
    std::string final_response;  ///< A 2xx that still awaits its ACK.
};

struct SessionRecord {
    SessionId session;
    std::uint8_t state = 0;
    Hop hop;
    DialogRecord dialog;
    InviteRecord invite;
    std::string local_sdp, remote_sdp;
    std::uint64_t sdp_version = 0;
    bool peer_allows_update = false;
    bool peer_supports_timer = false;
    std::uint32_t session_expires_s = 0;
    bool we_refresh = false;
    Instant refresh_at = never;
    std::vector<std::string> extra;  ///< Reserved for what the user agent learns to keep.
};

}  // namespace holdfast::sip
