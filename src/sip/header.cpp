#include "sip/header.hpp"

#include "base/ascii.hpp"

#include <array>
#include <cstddef>

namespace holdfast::sip {
namespace {

/// How a header may repeat. `list`: commas part its values. `single`: two of it contradict each
/// other and make the message wrong. `text`: commas mean nothing, and a second one does no harm.
enum class Shape : std::uint8_t { text, list, single };

struct HeaderRow {
    Header header;
    std::string_view name;
    char compact;  // RFC 3261 7.3.3 and the registry; 0: none
    Shape shape;
};

constexpr HeaderRow header_rows[] = {
    // clang-format off
    {Header::via,                  "Via",                  'v', Shape::list},
    {Header::from,                 "From",                 'f', Shape::single},
    {Header::to,                   "To",                   't', Shape::single},
    {Header::call_id,              "Call-ID",              'i', Shape::single},
    {Header::cseq,                 "CSeq",                  0,  Shape::single},
    {Header::contact,              "Contact",              'm', Shape::list},
    {Header::max_forwards,         "Max-Forwards",          0,  Shape::single},
    {Header::route,                "Route",                 0,  Shape::list},
    {Header::record_route,         "Record-Route",          0,  Shape::list},
    {Header::path,                 "Path",                  0,  Shape::list},
    {Header::content_length,       "Content-Length",       'l', Shape::single},
    {Header::content_type,         "Content-Type",         'c', Shape::single},
    {Header::content_encoding,     "Content-Encoding",     'e', Shape::list},
    {Header::content_disposition,  "Content-Disposition",   0,  Shape::text},
    {Header::content_language,     "Content-Language",      0,  Shape::list},
    {Header::mime_version,         "MIME-Version",          0,  Shape::text},
    {Header::expires,              "Expires",               0,  Shape::single},
    {Header::min_expires,          "Min-Expires",           0,  Shape::single},
    {Header::require,              "Require",               0,  Shape::list},
    {Header::proxy_require,        "Proxy-Require",         0,  Shape::list},
    {Header::supported,            "Supported",            'k', Shape::list},
    {Header::unsupported,          "Unsupported",           0,  Shape::list},
    {Header::allow,                "Allow",                 0,  Shape::list},
    {Header::accept,               "Accept",                0,  Shape::list},
    {Header::accept_encoding,      "Accept-Encoding",       0,  Shape::list},
    {Header::accept_language,      "Accept-Language",       0,  Shape::list},
    {Header::authorization,        "Authorization",         0,  Shape::text},
    {Header::proxy_authorization,  "Proxy-Authorization",   0,  Shape::text},
    {Header::www_authenticate,     "WWW-Authenticate",      0,  Shape::text},
    {Header::proxy_authenticate,   "Proxy-Authenticate",    0,  Shape::text},
    {Header::authentication_info,  "Authentication-Info",   0,  Shape::text},
    {Header::retry_after,          "Retry-After",           0,  Shape::text},
    {Header::reason,               "Reason",                0,  Shape::list},
    {Header::warning,              "Warning",               0,  Shape::list},
    {Header::date,                 "Date",                  0,  Shape::text},
    {Header::timestamp,            "Timestamp",             0,  Shape::text},
    {Header::user_agent,           "User-Agent",            0,  Shape::text},
    {Header::server,               "Server",                0,  Shape::text},
    {Header::subject,              "Subject",              's', Shape::text},
    {Header::organization,         "Organization",          0,  Shape::text},
    {Header::priority,             "Priority",              0,  Shape::text},
    {Header::in_reply_to,          "In-Reply-To",           0,  Shape::list},
    {Header::error_info,           "Error-Info",            0,  Shape::list},
    {Header::reply_to,             "Reply-To",              0,  Shape::text},
    {Header::p_asserted_identity,  "P-Asserted-Identity",   0,  Shape::list},
    {Header::p_preferred_identity, "P-Preferred-Identity",  0,  Shape::list},
    {Header::remote_party_id,      "Remote-Party-ID",       0,  Shape::list},
    {Header::privacy,              "Privacy",               0,  Shape::text},
    {Header::diversion,            "Diversion",             0,  Shape::list},
    {Header::history_info,         "History-Info",          0,  Shape::list},
    {Header::session_expires,      "Session-Expires",      'x', Shape::single},
    {Header::min_se,               "Min-SE",                0,  Shape::single},
    {Header::rseq,                 "RSeq",                  0,  Shape::single},
    {Header::rack,                 "RAck",                  0,  Shape::single},
    {Header::event,                "Event",                'o', Shape::single},
    {Header::allow_events,         "Allow-Events",         'u', Shape::list},
    {Header::subscription_state,   "Subscription-State",    0,  Shape::single},
    {Header::sip_etag,             "SIP-ETag",              0,  Shape::single},
    {Header::sip_if_match,         "SIP-If-Match",          0,  Shape::single},
    {Header::refer_to,             "Refer-To",             'r', Shape::single},
    {Header::referred_by,          "Referred-By",          'b', Shape::single},
    {Header::replaces,             "Replaces",              0,  Shape::single},
    {Header::join,                 "Join",                  0,  Shape::single},
    {Header::target_dialog,        "Target-Dialog",         0,  Shape::single},
    {Header::refer_sub,            "Refer-Sub",             0,  Shape::single},
    {Header::alert_info,           "Alert-Info",            0,  Shape::list},
    {Header::call_info,            "Call-Info",             0,  Shape::list},
    {Header::answer_mode,          "Answer-Mode",           0,  Shape::text},
    {Header::priv_answer_mode,     "Priv-Answer-Mode",      0,  Shape::text},
    {Header::user_to_user,         "User-to-User",          0,  Shape::list},
    {Header::session_id,           "Session-ID",            0,  Shape::text},
    {Header::identity,             "Identity",             'y', Shape::text},
    {Header::service_route,        "Service-Route",         0,  Shape::list},
    {Header::flow_timer,           "Flow-Timer",            0,  Shape::text},
    // clang-format on
};

consteval bool headers_in_order() {
    for (std::size_t i = 0; i < std::size(header_rows); ++i)
        if (static_cast<std::size_t>(header_rows[i].header) != i) return false;
    return std::size(header_rows) == header_count;
}
static_assert(headers_in_order(), "one row for each header, in the enum's order");

constexpr std::size_t slots = 512;
constexpr std::uint8_t no_row = 0xff;

/// First, middle and last letter and the length tell all names apart; case is folded by a bit.
constexpr std::uint32_t fingerprint(std::string_view name) {
    const auto letter = [name](std::size_t at) {
        return static_cast<std::uint32_t>(static_cast<std::uint8_t>(name[at]) | 0x20u);
    };
    return letter(0) | letter(name.size() / 2) << 8 | letter(name.size() - 1) << 16 |
           static_cast<std::uint32_t>(name.size()) << 24;
}

constexpr std::size_t slot_of(std::uint32_t print, std::uint32_t multiplier) {
    return (print * multiplier) >> 23;
}

struct Index {
    std::uint32_t multiplier = 0;
    std::array<std::uint8_t, slots> row{};
};

/// A multiplier under which no two names share a slot, found by the compiler.
consteval Index make_index() {
    Index index;
    for (std::uint32_t multiplier = 0x9e3779b1;; multiplier = multiplier * 1664525 + 1013904223) {
        index.multiplier = multiplier | 1;
        index.row.fill(no_row);
        bool clash = false;
        for (std::size_t i = 0; i < std::size(header_rows) && !clash; ++i) {
            auto& row = index.row[slot_of(fingerprint(header_rows[i].name), index.multiplier)];
            clash = row != no_row;
            row = static_cast<std::uint8_t>(i);
        }
        if (!clash) return index;
    }
}
constexpr Index by_name = make_index();

consteval std::array<Header, 256> make_compact() {
    std::array<Header, 256> headers{};
    headers.fill(Header::unknown);
    for (const auto& row : header_rows) {
        if (row.compact == 0) continue;
        const auto small = static_cast<std::uint8_t>(row.compact);
        headers[small] = row.header;
        headers[small & ~0x20u] = row.header;
    }
    return headers;
}
constexpr auto by_letter = make_compact();

}  // namespace

std::string_view text_of(Header header) {
    return header == Header::unknown ? "" : header_rows[static_cast<std::size_t>(header)].name;
}

Header header_of(std::string_view name) {
    if (name.size() < 2)
        return name.empty() ? Header::unknown : by_letter[static_cast<std::uint8_t>(name[0])];
    const auto row = by_name.row[slot_of(fingerprint(name), by_name.multiplier)];
    if (row == no_row) return Header::unknown;
    // Nearly everybody writes the names as we do.
    const auto& found = header_rows[row];
    return found.name == name || equal_nocase(found.name, name) ? found.header : Header::unknown;
}

bool is_list(Header header) {
    return header != Header::unknown &&
           header_rows[static_cast<std::size_t>(header)].shape == Shape::list;
}

bool is_single(Header header) {
    return header != Header::unknown &&
           header_rows[static_cast<std::size_t>(header)].shape == Shape::single;
}

}  // namespace holdfast::sip
