// sip/writer.hpp: prints messages. What comes from a peer or a person cannot break out of its
// field: CR and LF become blanks, quotes and backslashes are escaped.
#pragma once
#include "sip/header.hpp"
#include "sip/message.hpp"
#include "sip/method.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::sip {

/// `"Ann \"A.\" Lee" <sip:ann@example.net>` as text for a From, To or Contact; empty displays are
/// left out.
std::string name_addr(std::string_view display, std::string_view uri, std::string_view tag = {});

/// Appends one message to a string. Order of calls: start line, fields, then `finish`.
class Writer {
public:
    explicit Writer(std::string& out) : out_{out} {}

    Writer& request(Method method, std::string_view uri);
    Writer& request(std::string_view method, std::string_view uri);
    /// With the standard reason phrase where `reason` is empty.
    Writer& response(int status, std::string_view reason = {});
    Writer& field(Header name, std::string_view value);
    Writer& field(Header name, std::uint32_t value);
    Writer& field(std::string_view name, std::string_view value);
    /// As the peer wrote it, folds undone.
    Writer& copy(const HeaderField& field);
    /// Every field of that name of `from`, in order.
    Writer& copy_all(const Message& from, Header name);
    /// Content-Type where there is a body, Content-Length, the empty line, the body.
    void finish(std::string_view content_type = {}, std::string_view body = {});

private:
    std::string& out_;
};

/// The standard phrase of a status (RFC 3261 21), "Busy Here".
std::string_view reason_phrase(int status);

}  // namespace holdfast::sip
