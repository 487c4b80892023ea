// sip/message.hpp: one SIP message as views into the bytes that came. Nothing is copied; the bytes
// must outlive the message. Reading is one pass, linear in the length.
#pragma once
#include "base/bounded_vector.hpp"
#include "base/limits.hpp"
#include "sip/header.hpp"
#include "sip/method.hpp"
#include "sip/values.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

namespace holdfast::sip {

/// The comma-parted values of all fields of one name, in message order. Splits outside quotes and
/// angle brackets; empty values are passed over. Use:
/// `for (std::string_view value : message.values(Header::contact))`.
class ValueRange {
public:
    class Iterator;
    ValueRange(std::span<const HeaderField> fields, Header name) : fields_{fields}, name_{name} {}
    Iterator begin() const;
    Iterator end() const;

private:
    std::span<const HeaderField> fields_;
    Header name_;
};

class ValueRange::Iterator {
public:
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    Iterator(std::span<const HeaderField> fields, Header name);
    std::string_view operator*() const { return value_; }
    Iterator& operator++();
    Iterator operator++(int);
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.at_ == b.at_; }

private:
    std::span<const HeaderField> fields_;  // behind the one whose values are being given
    std::string_view rest_, value_;
    const char* at_ = nullptr;  // where the value stands; null at the end
    Header name_ = Header::unknown;
};

class Message {
public:
    /// Reads a whole datagram or framed message. On a fault what could be read is there, and
    /// `answerable` tells whether a response can be formed from it. Checks start line, limits, the
    /// mandatory headers of requests and responses (RFC 3261 8.1.1), that CSeq and request method
    /// agree, single headers, Content-Length against the bytes (UDP: a surplus is dropped, RFC 3261
    /// 18.3), Max-Forwards' form, and that every Via, Route, Record-Route and Contact parses.
    /// The fault is the first in message order; reading goes on behind it. Lines end with CR LF
    /// only: see sip/lines.hpp.
    std::expected<void, Fault> read(std::string_view bytes);

    bool is_request() const { return parts_.status == 0; }
    /// The start line was read: is_request, method and status mean something.
    bool started() const { return parts_.started; }
    /// A response can be formed and sent: this is a request other than ACK whose topmost Via told
    /// where to. Headers that the response repeats may be malformed or missing (RFC 4475 3.3.1).
    bool answerable() const { return parts_.answerable; }

    Method method() const { return parts_.method; }  ///< A response's method is its CSeq's.
    std::string_view method_text() const { return parts_.method_text; }
    std::string_view request_uri_text() const { return parts_.request_uri_text; }
    const Uri& request_uri() const { return parts_.request_uri; }
    int status() const { return parts_.status; }  ///< 100..699; 0 for a request.
    std::string_view reason_phrase() const { return parts_.reason_phrase; }

    const Via& via() const { return parts_.via; }  ///< The topmost.
    const NameAddr& from() const { return parts_.from; }
    const NameAddr& to() const { return parts_.to; }
    std::string_view from_tag() const { return parts_.from_tag; }  ///< Empty where absent.
    std::string_view to_tag() const { return parts_.to_tag; }
    std::string_view call_id() const { return parts_.call_id; }
    const CSeq& cseq() const { return parts_.cseq; }
    std::size_t via_count() const { return parts_.via_count; }
    std::optional<std::uint32_t> max_forwards() const { return parts_.max_forwards; }
    std::string_view body() const { return parts_.body; }
    std::string_view bytes() const { return parts_.bytes; }

    std::span<const HeaderField> fields() const { return {fields_.data(), fields_.size()}; }
    /// The value of the first field of that name.
    std::optional<std::string_view> first(Header name) const;
    bool has(Header name) const { return first(name).has_value(); }
    ValueRange values(Header name) const { return {fields(), name}; }
    /// Whether a list header (Supported, Require, Allow...) names `token`, case ignored.
    bool lists(Header name, std::string_view token) const;
    /// Whether the body is of that media type ("application/sdp"), parameters aside.
    bool body_is(std::string_view media_type) const;

private:
    friend class MessageReader;
    struct Parts {
        std::string_view bytes, method_text, request_uri_text, reason_phrase, from_tag, to_tag,
            call_id, body;
        Method method = Method::unknown;
        int status = 0;
        bool started = false;
        bool answerable = false;
        std::size_t via_count = 0;
        Uri request_uri;
        Via via;
        NameAddr from, to;
        CSeq cseq;
        std::optional<std::uint32_t> max_forwards;
        // Place of the first field of each name, from 1; 0 where there is none.
        std::array<std::uint8_t, header_count + 1> first{};
    };
    Parts parts_;
    BoundedVector<HeaderField, limits::headers> fields_;
};

}  // namespace holdfast::sip
