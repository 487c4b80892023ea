#include "sip/fault.hpp"

#include "base/enum_text.hpp"

#include <array>
#include <cstddef>

namespace holdfast::sip {
namespace {

struct Row {
    Fault fault;
    Refusal refusal;
};

constexpr Row rows[] = {
    // clang-format off
    {Fault::empty,                  {}},
    {Fault::not_sip,                {}},
    {Fault::bad_start_line,         {}},
    {Fault::bad_status_line,        {}},
    {Fault::no_via,                 {}},
    {Fault::bad_response,           {}},
    {Fault::bad_via,                {400, "Bad Via Header"}},
    {Fault::bad_version,            {505, "Version Not Supported"}},        // 21.5.6
    {Fault::bad_method,             {400, "Bad Method"}},
    {Fault::bad_request_uri,        {400, "Bad Request-URI"}},
    {Fault::request_uri_too_long,   {414, "Request-URI Too Long"}},         // 21.4.12
    {Fault::unsupported_scheme,     {416, "Unsupported URI Scheme"}},       // 21.4.14
    {Fault::bad_header_line,        {400, "Bad Header Line"}},
    {Fault::bad_line_end,           {400, "Bad Line End"}},
    {Fault::headers_cut_short,      {400, "Header Section Cut Short"}},
    {Fault::bad_from,               {400, "Bad From Header"}},
    {Fault::no_from,                {400, "Missing From Header"}},
    {Fault::bad_to,                 {400, "Bad To Header"}},
    {Fault::no_to,                  {400, "Missing To Header"}},
    {Fault::bad_call_id,            {400, "Bad Call-ID Header"}},
    {Fault::no_call_id,             {400, "Missing Call-ID Header"}},
    {Fault::bad_cseq,               {400, "Bad CSeq Header"}},
    {Fault::no_cseq,                {400, "Missing CSeq Header"}},
    {Fault::cseq_method_differs,    {400, "CSeq Method Differs From Request"}},
    {Fault::bad_contact,            {400, "Bad Contact Header"}},
    {Fault::bad_max_forwards,       {400, "Bad Max-Forwards Header"}},
    {Fault::bad_content_length,     {400, "Bad Content-Length Header"}},
    {Fault::body_cut_short,         {400, "Body Shorter Than Content-Length"}},  // 18.3
    {Fault::repeated_header,        {400, "Repeated Header"}},
    {Fault::bad_expires,            {400, "Bad Expires Header"}},
    {Fault::bad_route,              {400, "Bad Route Header"}},
    {Fault::bad_require,            {400, "Bad Require Header"}},
    {Fault::bad_uri,                {400, "Bad URI"}},
    {Fault::bad_value,              {400, "Bad Header Value"}},
    {Fault::bad_authorization,      {400, "Bad Authorization Header"}},
    {Fault::message_too_long,       {513, "Message Too Large"}},            // 21.5.7
    {Fault::header_too_long,        {400, "Header Field Too Long"}},
    {Fault::too_many_headers,       {400, "Too Many Header Fields"}},
    {Fault::too_many_vias,          {400, "Too Many Via Headers"}},
    {Fault::too_many_values,        {400, "Too Many Header Values"}},
    {Fault::too_many_parameters,    {400, "Too Many Parameters"}},
    {Fault::no_content_length,      {400, "Missing Content-Length Header"}},
    {Fault::bad_sdp,                {400, "Bad SDP"}},
    {Fault::too_many_sdp_lines,     {413, "Request Entity Too Large"}},     // 21.4.11
    {Fault::no_common_codec,        {488, "Not Acceptable Here"}},          // 21.4.26
    {Fault::no_audio,               {488, "Not Acceptable Here"}},
    {Fault::bad_content_type,       {400, "Bad Content-Type Header"}},
    {Fault::unsupported_media_type, {415, "Unsupported Media Type"}},       // 21.4.13
    {Fault::unsupported_encoding,   {415, "Unsupported Content-Encoding"}},
    // clang-format on
};

consteval bool in_order() {
    for (std::size_t i = 0; i < std::size(rows); ++i)
        if (static_cast<std::size_t>(rows[i].fault) != i) return false;
    return std::size(rows) == enum_count<Fault>;
}
static_assert(in_order(), "one row for each fault, in the enum's order");

}  // namespace

Refusal refusal_of(Fault fault) {
    return rows[static_cast<std::size_t>(fault)].refusal;
}

std::string_view name_of(Fault fault) {
    return text(fault);
}

}  // namespace holdfast::sip
