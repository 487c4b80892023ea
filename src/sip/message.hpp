// sip/message.hpp: one SIP message as views into the bytes that came. Nothing is copied; the bytes
// must outlive the message. Reading is one pass, linear in the length.
#pragma once
#include "base/bounded_vector.hpp"
#include "base/limits.hpp"
#include "sip/header.hpp"
#include "sip/method.hpp"
#include "sip/values.hpp"

#include <expected>
#include <optional>
#include <span>
#include <string_view>

namespace holdfast::sip {

/// The comma-parted values of all fields of one name, in message order. Splits outside quotes and
/// angle brackets. Use: `for (std::string_view value : message.values(Header::contact))`.
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

class Message {
public:
    /// Reads a whole datagram or framed message. On a fault what could be read is there, and
    /// `answerable` tells whether a response can be formed from it. Checks start line, limits, the
    /// mandatory headers of requests and responses (RFC 3261 8.1.1), that CSeq and request method
    /// agree, single headers, Content-Length against the bytes (UDP: a surplus is dropped, RFC 3261
    /// 18.3), Max-Forwards' form, and that every Via, Route, Record-Route and Contact parses.
    std::expected<void, Fault> read(std::string_view bytes);

    bool is_request() const { return status_ == 0; }
    /// The start line was read: is_request, method and status mean something.
    bool started() const { return started_; }
    /// Via, From, To, Call-ID and CSeq were read.
    bool answerable() const { return answerable_; }

    Method method() const { return method_; }  ///< A response's method is its CSeq's.
    std::string_view method_text() const { return method_text_; }
    std::string_view request_uri_text() const { return request_uri_text_; }
    const Uri& request_uri() const { return request_uri_; }
    int status() const { return status_; }  ///< 100..699; 0 for a request.
    std::string_view reason_phrase() const { return reason_phrase_; }

    const Via& via() const { return via_; }  ///< The topmost.
    const NameAddr& from() const { return from_; }
    const NameAddr& to() const { return to_; }
    std::string_view from_tag() const { return from_tag_; }  ///< Empty where absent.
    std::string_view to_tag() const { return to_tag_; }
    std::string_view call_id() const { return call_id_; }
    const CSeq& cseq() const { return cseq_; }
    std::optional<std::uint32_t> max_forwards() const { return max_forwards_; }
    std::string_view body() const { return body_; }
    std::string_view bytes() const { return bytes_; }

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
    std::string_view bytes_, method_text_, request_uri_text_, reason_phrase_, from_tag_, to_tag_,
        call_id_, body_;
    Method method_ = Method::unknown;
    int status_ = 0;
    bool started_ = false;
    bool answerable_ = false;
    Uri request_uri_;
    Via via_;
    NameAddr from_, to_;
    CSeq cseq_;
    std::optional<std::uint32_t> max_forwards_;
    BoundedVector<HeaderField, limits::headers> fields_;
};

}  // namespace holdfast::sip
