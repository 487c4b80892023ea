// sip/header.hpp: header field names, long and compact, in one table.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace holdfast::sip {

enum class Header : std::uint8_t {
    via,
    from,
    to,
    call_id,
    cseq,
    contact,
    max_forwards,
    route,
    record_route,
    path,
    content_length,
    content_type,
    content_encoding,
    content_disposition,
    content_language,
    mime_version,
    expires,
    min_expires,
    require,
    proxy_require,
    supported,
    unsupported,
    allow,
    accept,
    accept_encoding,
    accept_language,
    authorization,
    proxy_authorization,
    www_authenticate,
    proxy_authenticate,
    authentication_info,
    retry_after,
    reason,
    warning,
    date,
    timestamp,
    user_agent,
    server,
    subject,
    organization,
    priority,
    in_reply_to,
    error_info,
    reply_to,
    p_asserted_identity,
    p_preferred_identity,
    remote_party_id,
    privacy,
    diversion,
    history_info,
    session_expires,
    min_se,
    rseq,
    rack,
    event,
    allow_events,
    subscription_state,
    sip_etag,
    sip_if_match,
    refer_to,
    referred_by,
    replaces,
    join,
    target_dialog,
    refer_sub,
    alert_info,
    call_info,
    answer_mode,
    priv_answer_mode,
    user_to_user,
    session_id,
    identity,
    service_route,
    flow_timer,
    unknown
};
inline constexpr std::size_t header_count = static_cast<std::size_t>(Header::unknown);

/// The long form as we print it: "Call-ID".
std::string_view text_of(Header header);

/// From either form, whatever the case (RFC 3261 7.3.1, 7.3.3); else `unknown`.
Header header_of(std::string_view name);

/// Whether one field may carry several values parted by commas (RFC 3261 7.3.1), so that commas
/// split it. False for From, Date, credentials and challenges, whose commas mean something else.
bool is_list(Header header);

/// Whether two of it make the message wrong (To, From, Call-ID, CSeq, Max-Forwards...).
bool is_single(Header header);

/// One header field as it stands in the message. A folded value keeps its CR LF and blanks.
struct HeaderField {
    Header name = Header::unknown;
    std::string_view spelled;
    std::string_view value;  ///< Without blanks at both ends.
};

}  // namespace holdfast::sip
