// sip/fault.hpp: what can be wrong with what a peer sent, and the answer each fault gets.
#pragma once
#include <cstdint>
#include <string_view>

namespace holdfast::sip {

enum class Fault : std::uint8_t {
    // The message cannot be read as SIP at all, or is a response: silence, counted.
    empty,
    not_sip,
    bad_start_line,
    bad_status_line,
    no_via,
    bad_response,
    // It can be answered, where its topmost Via tells how.
    bad_via,
    bad_version,
    bad_method,
    bad_request_uri,
    request_uri_too_long,
    unsupported_scheme,
    bad_header_line,
    bad_line_end,  // CR or LF alone: others might see other lines than we do
    headers_cut_short,
    bad_from,
    no_from,
    bad_to,
    no_to,
    bad_call_id,
    no_call_id,
    bad_cseq,
    no_cseq,
    cseq_method_differs,
    bad_contact,
    bad_max_forwards,
    bad_content_length,
    body_cut_short,
    repeated_header,
    bad_expires,
    bad_route,
    bad_require,
    bad_uri,
    bad_value,
    bad_authorization,
    message_too_long,
    header_too_long,
    too_many_headers,
    too_many_vias,
    too_many_values,
    too_many_parameters,
    no_content_length,  // on a stream (RFC 3261 18.3)
    bad_sdp,
    too_many_sdp_lines,
    no_common_codec,
    no_audio,
    bad_content_type,
    unsupported_media_type,
    unsupported_encoding,
};

/// The response a fault leads to. Status 0 is silence.
struct Refusal {
    std::uint16_t status = 0;
    std::string_view reason;  ///< Reason phrase: says what was wrong, e.g. "Bad CSeq Header".
};

/// RFC 3261 21.4, 21.5 and 8.2; RFC 4475 names the cases.
Refusal refusal_of(Fault fault);

/// Name of a fault for counters and logs, "cseq_method_differs".
std::string_view name_of(Fault fault);

}  // namespace holdfast::sip
