// Any bytes as a SIP message: reading them, all their values and their refusal does no harm, and a
// message that reads prints to one that reads the same.
#include "fuzz/fuzz.hpp"
#include "sip/body.hpp"
#include "sip/lines.hpp"
#include "sip/message.hpp"
#include "sip/refusal.hpp"
#include "sip/writer.hpp"

#include <string>
#include <string_view>

using namespace holdfast;
using namespace holdfast::sip;

namespace {

/// Every reader of values on every value, whatever header it stands in.
void read_value(std::string_view value) {
    if (const auto party = parse_name_addr(value)) {
        static_cast<void>(clean_display(party->display));
        static_cast<void>(party->tag());
        ensure(same_uri(party->uri, party->uri), "a URI is the same as itself");
        static_cast<void>(unescape(party->uri.user));
        static_cast<void>(party->uri.host_address());
    }
    static_cast<void>(parse_via(value));
    static_cast<void>(parse_cseq(value));
    static_cast<void>(parse_number(value, 1000));
    static_cast<void>(parse_retry_after(value));
    static_cast<void>(parse_session_expires(value));
    static_cast<void>(parse_replaces(value));
    static_cast<void>(parse_rack(value));
    static_cast<void>(parse_reason(value));
    static_cast<void>(parse_digest(value));
    static_cast<void>(parse_uri(value));
}

void read_values(const Message& m) {
    for (const auto& field : m.fields()) {
        std::size_t size = 0;
        for (const auto value : m.values(field.name))
            size += value.size();
        ensure(size <= m.bytes().size(), "values are within the message");
        read_value(field.value);
        std::string_view previous;
        for (const auto value : ValueRange{{&field, 1}, field.name}) {
            ensure(previous.empty() || value.data() >= previous.data() + previous.size(),
                   "values come in order");
            previous = value;
            read_value(value);
        }
    }
    static_cast<void>(m.lists(Header::require, "timer"));
    const auto part = find_body(m, "application/sdp");
    ensure(part.size() <= m.body().size() && (!m.body_is("application/sdp") || part == m.body()),
           "a part is within the body");
}

std::size_t fields_in(std::string_view text) {
    std::size_t n = 0;
    static_cast<void>(take_line(text));
    while (!take_field(text).text.empty())
        ++n;
    ensure(text.empty(), "nothing is behind a refusal");
    return n;
}

std::size_t count(const Message& m, Header name) {
    std::size_t n = 0;
    for (const auto& field : m.fields())
        n += field.name == name ? 1 : 0;
    return n;
}

void check_refusal(const Message& m, Fault fault) {
    std::string out;
    print_refusal(out, m, refusal_for(m, fault), "fuzz");
    if (out.empty()) return;
    std::size_t want = 1;  // Content-Length
    for (const auto name : {Header::via, Header::from, Header::to, Header::call_id, Header::cseq})
        want += count(m, name);
    ensure(fields_in(out) == want, "a refusal has no fields of the peer's making");
}

std::string print_again(const Message& m) {
    std::string out;
    Writer writer{out};
    if (m.is_request())
        writer.request(m.method_text(), m.request_uri_text());
    else
        writer.response(m.status(), m.reason_phrase());
    for (const auto& field : m.fields())
        if (field.name != Header::content_length && field.name != Header::content_type)
            writer.copy(field);
    writer.finish(m.first(Header::content_type).value_or("application/octet-stream"), m.body());
    return out;
}

void check_same(const Message& a, const Message& b) {
    ensure(a.method_text() == b.method_text() && a.status() == b.status(), "start line");
    ensure(a.request_uri_text() == b.request_uri_text(), "Request-URI");
    ensure(a.via_count() == b.via_count() && a.via().branch == b.via().branch, "Via");
    ensure(a.via().host == b.via().host && a.via().port == b.via().port, "sent-by");
    ensure(a.from_tag() == b.from_tag() && a.to_tag() == b.to_tag(), "tags");
    ensure(a.from().uri.text == b.from().uri.text, "From");
    ensure(clean_display(a.to().display) == clean_display(b.to().display), "display name");
    ensure(a.call_id() == b.call_id() && a.cseq().number == b.cseq().number, "Call-ID and CSeq");
    ensure(a.max_forwards() == b.max_forwards() && a.body() == b.body(), "body");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = fuzz::text_of(data, size);
    Message m;
    const auto read = m.read(bytes);
    read_values(m);
    if (!read) {
        check_refusal(m, read.error());
        return 0;
    }
    const auto again = print_again(m);
    if (again.size() > limits::message_bytes) return 0;
    Message second;
    const auto second_read = second.read(again);
    ensure(second_read.has_value(), "what we print can be read");
    check_same(m, second);
    return 0;
}
