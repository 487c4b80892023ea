// Reads a message in one pass (RFC 3261 7, 25.1).
#include "base/ascii.hpp"
#include "sip/grammar.hpp"
#include "sip/lines.hpp"
#include "sip/message.hpp"
#include "sip/via.hpp"

namespace holdfast::sip {
namespace {

/// NUL may stand in a quoted pair only (RFC 3261 25.1, RFC 4475 3.1.1.2). Elsewhere it would hide
/// what is behind it from whoever keeps texts as C does.
bool has_bare_nul(std::string_view text) {
    for (auto at = text.find('\0'); at != text.npos; at = text.find('\0', at + 1))
        if (at == 0 || text[at - 1] != '\\') return true;
    return false;
}

}  // namespace

/// Notes the first fault and goes on, so that a message can be refused by a proper response.
class MessageReader {
public:
    explicit MessageReader(Message& message) : m_{message}, p_{message.parts_} {}

    std::optional<Fault> read(std::string_view bytes);

private:
    void note(Fault fault) {
        if (!fault_) fault_ = fault;
    }
    bool read_start_line();
    void read_status_line(std::string_view line);
    void read_request_line(std::string_view line);
    void read_request_uri(std::string_view text);
    void read_version(std::string_view version);
    void read_fields();
    bool add_field(const Line& line);
    void read_value(const HeaderField& field);
    void read_vias(std::string_view list);
    void read_name_addrs(std::string_view list, std::size_t& count, std::size_t most, Fault bad);
    void read_from(std::string_view text);
    void read_to(std::string_view text);
    void read_cseq(std::string_view text);
    void read_content_type(std::string_view text);
    void check_whole();
    void cut_body();

    Message& m_;
    Message::Parts& p_;
    std::string_view rest_;
    std::optional<Fault> fault_;
    std::optional<std::uint32_t> content_length_;
    bool routable_ = false;
    std::size_t contacts_ = 0;
    std::size_t routes_ = 0;
    std::size_t record_routes_ = 0;
};

std::expected<void, Fault> Message::read(std::string_view bytes) {
    parts_ = {};
    fields_.clear();
    const auto fault = MessageReader{*this}.read(bytes);
    if (fault) return std::unexpected{*fault};
    return {};
}

std::optional<Fault> MessageReader::read(std::string_view bytes) {
    // RFC 3261 7.5: CR LF before the start line are passed over.
    while (bytes.starts_with("\r\n"))
        bytes.remove_prefix(2);
    if (bytes.empty()) return Fault::empty;
    if (bytes.size() > limits::message_bytes) {
        note(Fault::message_too_long);
        bytes = bytes.substr(0, limits::message_bytes);
    }
    p_.bytes = rest_ = bytes;
    if (!read_start_line()) return fault_;
    read_fields();
    check_whole();
    p_.answerable = m_.is_request() && p_.method != Method::ack && routable_;
    return fault_;
}

bool MessageReader::read_start_line() {
    const auto line = take_line(rest_);
    if (!line.clean) note(line.ended ? Fault::bad_line_end : Fault::headers_cut_short);
    if (has_bare_nul(line.text))
        note(Fault::bad_start_line);
    else if (starts_with_nocase(line.text, "SIP/"))
        read_status_line(line.text);
    else
        read_request_line(line.text);
    return p_.started;
}

/// SIP-Version SP Status-Code SP Reason-Phrase. The phrase may be empty (RFC 4475 3.1.1.13).
void MessageReader::read_status_line(std::string_view line) {
    grammar::Cursor at{line};
    const auto version = at.until(' ');
    const auto code = at.take(grammar::digit);
    const auto status = code.size() == 3 ? grammar::number(code, 699) : std::nullopt;
    if (!version || !status || *status < 100 || !(at.done() || at.eat(' ')))
        return note(Fault::bad_status_line);
    p_.status = static_cast<int>(*status);
    p_.reason_phrase = grammar::trimmed(at.rest());
    p_.started = true;
    read_version(*version);
}

/// Method SP Request-URI SP SIP-Version. What stands between the first blank and the last is the
/// URI: where more blanks are in it, the request can still be refused (RFC 4475 3.1.2.9, 3.1.2.10).
void MessageReader::read_request_line(std::string_view line) {
    const auto first = line.find(' ');
    const auto end = line.find_last_not_of(" \t");
    const auto last = end == line.npos ? line.npos : line.rfind(' ', end);
    if (first == line.npos || last == line.npos || last <= first)
        return note(Fault::bad_start_line);
    const auto version = line.substr(last + 1, end - last);
    if (!starts_with_nocase(version, "SIP/")) return note(Fault::not_sip);
    p_.started = true;
    p_.method_text = line.substr(0, first);
    p_.method = method_of(p_.method_text);
    p_.request_uri_text = line.substr(first + 1, last - first - 1);
    if (!grammar::all(p_.method_text, grammar::token)) note(Fault::bad_method);
    read_version(version);
    if (end + 1 != line.size()) note(Fault::bad_request_uri);
    read_request_uri(p_.request_uri_text);
}

void MessageReader::read_version(std::string_view version) {
    if (!equal_nocase(version, "SIP/2.0")) note(Fault::bad_version);
}

void MessageReader::read_request_uri(std::string_view text) {
    if (text.size() > limits::request_uri_bytes) return note(Fault::request_uri_too_long);
    const auto uri = parse_uri(text);
    if (!uri)
        return note(uri.error() == Fault::too_many_parameters ? uri.error()
                                                              : Fault::bad_request_uri);
    p_.request_uri = *uri;
    if (uri->scheme == Uri::Scheme::other) note(Fault::unsupported_scheme);
    // RFC 3261 19.1.1: no headers in a Request-URI. They could only be meant to smuggle some in.
    if (!uri->headers.empty()) note(Fault::bad_request_uri);
}

void MessageReader::read_fields() {
    for (;;) {
        const auto line = take_field(rest_);
        if (!line.ended) return note(Fault::headers_cut_short);
        if (!line.clean) note(Fault::bad_line_end);
        if (line.text.empty()) return;
        if (!add_field(line)) return;
    }
}

/// False where the section is not to be read further.
bool MessageReader::add_field(const Line& line) {
    if (line.text.size() > limits::header_bytes) {
        note(Fault::header_too_long);
        return true;
    }
    const auto [name, value] = split_field(line.text);
    if (name.empty()) {
        note(Fault::bad_header_line);
        return true;
    }
    if (has_bare_nul(value)) note(Fault::bad_value);
    const HeaderField field{header_of(name), name, value};
    auto& place = p_.first[static_cast<std::size_t>(field.name)];
    if (place != 0 && is_single(field.name)) {
        note(Fault::repeated_header);
        return true;
    }
    if (!m_.fields_.push_back(field)) {
        note(Fault::too_many_headers);
        return false;
    }
    if (place == 0) place = static_cast<std::uint8_t>(m_.fields_.size());
    read_value(field);
    return true;
}

// What is not read here is read by who needs it.
// NOLINTNEXTLINE(readability-function-size)
void MessageReader::read_value(const HeaderField& field) {
    const auto value = field.value;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wswitch-enum"
    switch (field.name) {
        case Header::via:
            return read_vias(value);
        case Header::from:
            return read_from(value);
        case Header::to:
            return read_to(value);
        case Header::cseq:
            return read_cseq(value);
        case Header::call_id: {
            p_.call_id = value;
            const auto host = value.find('@');
            if (!grammar::all(value.substr(0, host), grammar::word) ||
                (host != value.npos && !grammar::all(value.substr(host + 1), grammar::word)))
                note(Fault::bad_call_id);
            return;
        }
        case Header::max_forwards:
            // RFC 3261 20.22: 0 to 255.
            p_.max_forwards = grammar::number(value, 255);
            if (!p_.max_forwards) note(Fault::bad_max_forwards);
            return;
        case Header::content_length:
            content_length_ = grammar::number(value, 0x7fff'ffff);
            if (!content_length_) note(Fault::bad_content_length);
            return;
        case Header::content_type:
            return read_content_type(value);
        case Header::contact:
            if (value != "*")
                read_name_addrs(value, contacts_, limits::contacts_in_message, Fault::bad_contact);
            return;
        case Header::route:
            return read_name_addrs(value, routes_, limits::routes, Fault::bad_route);
        case Header::record_route:
            return read_name_addrs(value, record_routes_, limits::routes, Fault::bad_route);
        default:
            return;
    }
#pragma GCC diagnostic pop
}

void MessageReader::read_vias(std::string_view list) {
    do {
        if (++p_.via_count > limits::vias) return note(Fault::too_many_vias);
        const auto reading = read_via(grammar::next_value(list));
        if (p_.via_count == 1) {
            p_.via = reading.via;
            routable_ = reading.routable;
        }
        if (reading.fault) note(*reading.fault);
    } while (list.data() != nullptr);
}

void MessageReader::read_name_addrs(std::string_view list,
                                    std::size_t& count,
                                    std::size_t most,
                                    Fault bad) {
    do {
        if (++count > most) return note(Fault::too_many_values);
        const auto value = parse_name_addr(grammar::next_value(list));
        if (!value) note(value.error() == Fault::too_many_parameters ? value.error() : bad);
    } while (list.data() != nullptr);
}

void MessageReader::read_from(std::string_view text) {
    const auto value = parse_name_addr(text);
    if (!value) return note(Fault::bad_from);
    p_.from = *value;
    p_.from_tag = value->tag().value_or(std::string_view{});
}

void MessageReader::read_to(std::string_view text) {
    const auto value = parse_name_addr(text);
    if (!value) return note(Fault::bad_to);
    p_.to = *value;
    p_.to_tag = value->tag().value_or(std::string_view{});
}

void MessageReader::read_cseq(std::string_view text) {
    const auto value = parse_cseq(text);
    if (!value) return note(Fault::bad_cseq);
    p_.cseq = *value;
    if (!m_.is_request()) {
        p_.method = value->method;
        p_.method_text = value->method_text;
    } else if (value->method_text != p_.method_text) {
        note(Fault::cseq_method_differs);
    }
}

/// type SLASH subtype, then parameters (20.15).
void MessageReader::read_content_type(std::string_view text) {
    grammar::Cursor at{text};
    const bool type = !at.take(grammar::token).empty();
    const bool slash = at.eat_spaced('/');
    const bool subtype = !at.take(grammar::token).empty();
    at.skip_blanks();
    if (!type || !slash || !subtype || !(at.done() || at.sees(';'))) note(Fault::bad_content_type);
}

/// RFC 3261 8.1.1: what every request and response has. Max-Forwards is not insisted on: elements
/// of RFC 2543 did not know it (16.3).
void MessageReader::check_whole() {
    struct Wanted {
        Header header;
        Fault fault;
    };
    static constexpr Wanted wanted[] = {{Header::via, Fault::no_via},
                                        {Header::from, Fault::no_from},
                                        {Header::to, Fault::no_to},
                                        {Header::call_id, Fault::no_call_id},
                                        {Header::cseq, Fault::no_cseq}};
    for (const auto& [header, fault] : wanted)
        if (!m_.has(header)) note(fault);
    cut_body();
}

void MessageReader::cut_body() {
    p_.body = rest_;
    if (!content_length_) return;
    // RFC 3261 18.3: a datagram's surplus is dropped; one that is short is refused.
    if (*content_length_ > rest_.size()) return note(Fault::body_cut_short);
    p_.body = rest_.substr(0, *content_length_);
}

}  // namespace holdfast::sip
