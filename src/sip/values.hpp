// sip/values.hpp: the values of header fields as structs of views.
#pragma once
#include "base/address.hpp"
#include "sip/fault.hpp"
#include "sip/method.hpp"
#include "sip/uri.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::sip {

enum class Transport : std::uint8_t { udp, tcp, tls };
std::string_view text_of(Transport transport);  ///< "UDP", as in a Via.

/// From, To, Contact, Route, Refer-To, P-Asserted-Identity...: `"Name" <uri>;params` or
/// `uri;params`.
struct NameAddr {
    std::string_view display;  ///< Quotes taken off, backslash escapes kept.
    bool quoted = false;
    Uri uri;
    std::string_view parameters;  ///< Of the header field, without the first ';'.

    std::optional<std::string_view> tag() const { return find_parameter(parameters, "tag"); }
};
/// Reads one value. `uri` without angle brackets ends at the first ';' or '?' (RFC 3261 20).
std::expected<NameAddr, Fault> parse_name_addr(std::string_view text);

/// The display name with its escapes undone, cut at 64 bytes, control characters and bidirectional
/// marks removed, invalid UTF-8 replaced: safe to store and show.
std::string clean_display(std::string_view display);

struct Via {
    std::string_view transport;  ///< "UDP", "TCP", "TLS", or what the peer wrote.
    std::string_view host;       ///< sent-by without brackets.
    std::uint16_t port = 0;
    std::string_view parameters;
    std::string_view branch;  ///< Empty where absent.
    std::optional<std::string_view> received;
    std::optional<std::string_view> rport;  ///< Empty where asked for, a number where filled in.
    std::optional<std::string_view> maddr;
};
std::expected<Via, Fault> parse_via(std::string_view text);

struct CSeq {
    std::uint32_t number = 0;  ///< Below 2^31 (RFC 3261 8.1.1.5).
    Method method = Method::unknown;
    std::string_view method_text;
};
std::expected<CSeq, Fault> parse_cseq(std::string_view text);

/// A decimal number alone, at most `most`; nothing else around it but blanks.
std::expected<std::uint32_t, Fault> parse_number(std::string_view text, std::uint32_t most);

/// Retry-After (RFC 3261 20.33): seconds; a comment in parentheses and parameters may follow.
std::expected<std::uint32_t, Fault> parse_retry_after(std::string_view text);

/// Session-Expires (RFC 4028 4).
struct SessionExpires {
    std::uint32_t seconds = 0;
    enum class Refresher : std::uint8_t { none, uac, uas } refresher = Refresher::none;
};
std::expected<SessionExpires, Fault> parse_session_expires(std::string_view text);

/// Replaces (RFC 3891): call-id;to-tag=;from-tag=[;early-only].
struct Replaces {
    std::string_view call_id, to_tag, from_tag;
    bool early_only = false;
};
std::expected<Replaces, Fault> parse_replaces(std::string_view text);

/// Target-Dialog (RFC 4538 7): call-id;local-tag=;remote-tag=, as its sender sees them.
struct TargetDialog {
    std::string_view call_id, local_tag, remote_tag;
};
std::expected<TargetDialog, Fault> parse_target_dialog(std::string_view text);

/// RAck (RFC 3262 7.2).
struct RAck {
    std::uint32_t rseq = 0;
    CSeq cseq;
};
std::expected<RAck, Fault> parse_rack(std::string_view text);

/// One Reason value (RFC 3326): protocol and cause; cause 0 where absent.
struct Reason {
    std::string_view protocol;
    std::uint16_t cause = 0;
    std::string_view text;
};
std::expected<Reason, Fault> parse_reason(std::string_view text);

/// Digest credentials or challenge (RFC 7616 3.3, 3.4): quotes taken off.
struct Digest {
    std::string_view realm, nonce, uri, username, response, algorithm, cnonce, opaque, qop, nc;
    std::string_view domain;
    bool stale = false;
};
/// Reads `Digest name=value, ...`. Another scheme is `bad_authorization`.
std::expected<Digest, Fault> parse_digest(std::string_view text);

}  // namespace holdfast::sip
