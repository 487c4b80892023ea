// sip/dialog.hpp: dialogs (RFC 3261 12): made by an INVITE, refreshed by its kind, and what a
// request within one looks like.
#pragma once
#include "sip/message.hpp"
#include "sip/writer.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::sip {

struct Dialog {
    std::string call_id, local_tag, remote_tag;
    std::string local_party, remote_party;  ///< From and To values of our requests, with tags.
    std::string remote_target;              ///< The peer's Contact URI.
    std::vector<std::string> route_set;     ///< Route values, the next one first.
    std::uint32_t local_cseq = 0;           ///< Of our last request.
    std::uint32_t remote_cseq = 0;          ///< Of the peer's last one; 0: none yet.
    bool is_caller = false;                 ///< We sent the INVITE.
    std::string contact;                    ///< Our Contact value.
};

/// 12.1.1: the dialog that our response to `invite` makes. `invite` has a Contact.
void open_as_callee(Dialog& dialog, const Message& invite, std::string_view local_tag);

/// 12.1.2: what a response with a To tag says about the peer of our INVITE.
void open_as_caller(Dialog& dialog, const Message& response);

/// 12.2.1.2 and 12.2.2: a re-INVITE or UPDATE, or its 2xx, moves the remote target.
void refresh_target(Dialog& dialog, const Message& message);

/// Whether a request with a To tag is within this dialog (12.2.2).
bool is_within(const Dialog& dialog, const Message& request);

/// 12.2.2: CSeq numbers of a peer rise. Remembers the number of a request that is in order.
bool in_order(Dialog& dialog, std::uint32_t cseq);

/// The URI that says where requests go next: the first route, else the remote target.
std::string_view next_hop_uri(const Dialog& dialog);

/// 12.2.1.1: appends the start of a request within the dialog, loose and strict routes obeyed:
/// request line, Via, Route, Max-Forwards, From, To, Call-ID, CSeq.
Writer begin_request(std::string& out,
                     const Dialog& dialog,
                     Method method,
                     std::string_view via,
                     std::uint32_t cseq);

}  // namespace holdfast::sip
