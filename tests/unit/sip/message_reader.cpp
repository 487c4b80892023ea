// Reading messages: faults, limits, and what is tolerated.
#include "base/limits.hpp"
#include "sip/message.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using namespace holdfast::sip;

namespace {

const std::string via = "Via: SIP/2.0/UDP 192.0.2.21;branch=z9hG4bK1\r\n";
const std::string rest =
    "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n";
const std::string start = "OPTIONS sip:c@d SIP/2.0\r\n";

/// A good request with fields of the test's making in it.
std::string with(std::string_view fields, std::string_view body = "") {
    return start + via + rest + std::string{fields} + "\r\n" + std::string{body};
}

std::optional<Fault> fault_of(std::string_view bytes) {
    Message m;
    const auto read = m.read(bytes);
    return read ? std::nullopt : std::optional{read.error()};
}

std::string repeated(std::string_view text, std::size_t n) {
    std::string out;
    for (std::size_t i = 0; i < n; ++i)
        out += text;
    return out;
}

}  // namespace

TEST_CASE("reading: start lines", "[sip]") {
    struct Case {
        std::string_view line;
        std::optional<Fault> fault;
    };
    const auto c = GENERATE(Case{"OPTIONS sip:c@d SIP/2.0", {}},
                            Case{"OPTIONS sip:c@d sip/2.0", {}},
                            Case{"OPTIONS tel:+1 SIP/2.0", {}},
                            Case{"OPTIONS sip:c@d SIP/2.1", Fault::bad_version},
                            Case{"OPTIONS sip:c@d SIP/", Fault::bad_version},
                            Case{"OPTIONS sip:c@d HTTP/1.1", Fault::not_sip},
                            Case{"OPTIONS sip:c@d", Fault::bad_start_line},
                            Case{"OPTIONS", Fault::bad_start_line},
                            Case{" ", Fault::bad_start_line},
                            Case{" OPTIONS sip:c@d SIP/2.0", Fault::bad_method},
                            Case{"OPT<>IONS sip:c@d SIP/2.0", Fault::bad_method},
                            Case{"OPTIONS  sip:c@d SIP/2.0", Fault::bad_request_uri},
                            Case{"OPTIONS  SIP/2.0", Fault::bad_request_uri},
                            Case{"OPTIONS sip:c@d  SIP/2.0", Fault::bad_request_uri},
                            Case{"OPTIONS sip:c@d SIP/2.0 ", Fault::bad_request_uri},
                            Case{"OPTIONS <sip:c@d> SIP/2.0", Fault::bad_request_uri},
                            Case{"OPTIONS sip:c@d?a=b SIP/2.0", Fault::bad_request_uri},
                            Case{"OPTIONS http://d SIP/2.0", Fault::unsupported_scheme});
    CAPTURE(c.line);
    CHECK(fault_of(std::string{c.line} + "\r\n" + via + rest + "\r\n") == c.fault);
}

TEST_CASE("reading: status lines", "[sip]") {
    struct Case {
        std::string_view line;
        std::optional<Fault> fault;
    };
    const auto c = GENERATE(Case{"SIP/2.0 200 OK", {}},
                            Case{"SIP/2.0 100 ", {}},
                            Case{"SIP/2.0 699", {}},
                            Case{"SIP/3.0 200 OK", Fault::bad_version},
                            Case{"SIP/2.0 099 OK", Fault::bad_status_line},
                            Case{"SIP/2.0 700 OK", Fault::bad_status_line},
                            Case{"SIP/2.0 20 OK", Fault::bad_status_line},
                            Case{"SIP/2.0 2000 OK", Fault::bad_status_line},
                            Case{"SIP/2.0 20x OK", Fault::bad_status_line},
                            Case{"SIP/2.0  200 OK", Fault::bad_status_line},
                            Case{"SIP/2.0", Fault::bad_status_line},
                            Case{"SIP/2.0 200OK", Fault::bad_status_line});
    CAPTURE(c.line);
    CHECK(fault_of(std::string{c.line} + "\r\n" + via + rest + "\r\n") == c.fault);
}

// RFC 3261 8.1.1: what every message must have; 20.22: the range of Max-Forwards.
TEST_CASE("reading: mandatory and malformed headers", "[sip]") {
    struct Case {
        std::string_view without, instead;
        Fault fault;
    };
    const auto c = GENERATE(
        Case{"Via: SIP/2.0/UDP 192.0.2.21;branch=z9hG4bK1\r\n", "", Fault::no_via},
        Case{"Via: SIP/2.0/UDP 192.0.2.21;branch=z9hG4bK1\r\n", "Via:\r\n", Fault::bad_via},
        Case{"From: <sip:a@b>;tag=1\r\n", "", Fault::no_from},
        Case{"From: <sip:a@b>;tag=1\r\n", "From: x\r\n", Fault::bad_from},
        Case{"To: <sip:c@d>\r\n", "", Fault::no_to},
        Case{"To: <sip:c@d>\r\n", "To: <sip:c@d>;tag=\r\n", Fault::bad_to},
        Case{"Call-ID: 1\r\n", "", Fault::no_call_id},
        Case{"Call-ID: 1\r\n", "Call-ID:\r\n", Fault::bad_call_id},
        Case{"Call-ID: 1\r\n", "Call-ID: a b\r\n", Fault::bad_call_id},
        Case{"Call-ID: 1\r\n", "Call-ID: a@b@c\r\n", Fault::bad_call_id},
        Case{"CSeq: 1 OPTIONS\r\n", "", Fault::no_cseq},
        Case{"CSeq: 1 OPTIONS\r\n", "CSeq: OPTIONS\r\n", Fault::bad_cseq},
        Case{"CSeq: 1 OPTIONS\r\n", "CSeq: 1 INVITE\r\n", Fault::cseq_method_differs});
    CAPTURE(c.without, c.instead);
    auto text = with("");
    text.replace(text.find(c.without), c.without.size(), c.instead);
    CHECK(fault_of(text) == c.fault);
}

TEST_CASE("reading: other headers", "[sip]") {
    struct Case {
        std::string_view field;
        std::optional<Fault> fault;
    };
    const auto c = GENERATE(Case{"Max-Forwards: 0255\r\n", {}},
                            Case{"Max-Forwards: 256\r\n", Fault::bad_max_forwards},
                            Case{"Max-Forwards: -1\r\n", Fault::bad_max_forwards},
                            Case{"Max-Forwards:\r\n", Fault::bad_max_forwards},
                            Case{"Contact: *\r\n", {}},
                            Case{"Contact: <sip:a@b>, sip:c@d;q=1\r\n", {}},
                            Case{"Contact: <sip:a@b>,\r\n", Fault::bad_contact},
                            Case{"Contact: ,<sip:a@b>\r\n", Fault::bad_contact},
                            Case{"Contact:\r\n", Fault::bad_contact},
                            Case{"Route: <sip:a@b>x\r\n", Fault::bad_route},
                            Case{"Record-Route: <a>\r\n", Fault::bad_route},
                            Case{"Content-Type: a\r\n", Fault::bad_content_type},
                            Case{"Content-Type: a/b c\r\n", Fault::bad_content_type},
                            Case{"To: <sip:c@d>\r\n", Fault::repeated_header},
                            Case{"Call-ID: 1\r\n", Fault::repeated_header},
                            Case{"i: 1\r\n", Fault::repeated_header},
                            Case{"Subject: 1\r\nSubject: 2\r\n", {}},
                            Case{"Q:\r\n", {}},
                            Case{"Q\r\n", Fault::bad_header_line},
                            Case{": x\r\n", Fault::bad_header_line},
                            Case{"Q Y: z\r\n", Fault::bad_header_line},
                            Case{"Q: \\a\r\n", {}});
    CAPTURE(c.field);
    CHECK(fault_of(with(c.field)) == c.fault);
}

// NUL stands in quoted pairs only (RFC 3261 25.1); elsewhere it would hide what is behind it.
TEST_CASE("reading: NUL", "[sip]") {
    using namespace std::string_view_literals;
    CHECK(fault_of(with("Q: a\0b\r\n"sv)) == Fault::bad_value);
    CHECK(fault_of(with("Q: \"a\\\0b\"\r\n"sv)) == std::nullopt);
    CHECK(fault_of("OPTIONS sip:c@d\0 SIP/2.0\r\n\r\n"sv) == Fault::bad_start_line);
    CHECK(fault_of(with("Content-Length: 3\r\n", "a\0b"sv)) == std::nullopt);
}

// RFC 3261 18.3 on datagrams: what is behind Content-Length is dropped, what is short is refused.
TEST_CASE("reading: the body and its length", "[sip]") {
    const auto body_of = [](std::string_view bytes) {
        Message m;
        REQUIRE(m.read(bytes));
        return std::string{m.body()};
    };
    CHECK(body_of(with("", "abc")) == "abc");
    CHECK(body_of(with("Content-Length: 2\r\n", "abc")) == "ab");
    CHECK(body_of(with("l: 003\r\n", "abc")) == "abc");
    CHECK(body_of(with("Content-Length: 0\r\n", "abc")).empty());
    CHECK(fault_of(with("Content-Length: 4\r\n", "abc")) == Fault::body_cut_short);
    CHECK(fault_of(with("Content-Length: 1\r\nContent-Length: 1\r\n", "a")) ==
          Fault::repeated_header);
    for (const auto* const length : {"", "-1", "+1", "1 1", "0x1", "4294967297", "1.0"}) {
        CAPTURE(length);
        CHECK(fault_of(with("Content-Length: " + std::string{length} + "\r\n", "a")) ==
              Fault::bad_content_length);
    }
}

TEST_CASE("reading: line ends", "[sip]") {
    CHECK(fault_of("\r\n\r\n" + with("")) == std::nullopt);  // RFC 3261 7.5
    CHECK(fault_of("\r\n\r\n") == Fault::empty);
    auto lf = with("");
    std::erase(lf, '\r');
    CHECK(fault_of(lf) == Fault::bad_line_end);
    CHECK(fault_of(with("Q: a\rY: b\r\n")) == Fault::bad_line_end);
    CHECK(fault_of(with("Q: a\nY: b\r\n")) == Fault::bad_line_end);
    const auto whole = with("");
    CHECK(fault_of(whole.substr(0, whole.size() - 1)) == Fault::headers_cut_short);
    CHECK(fault_of(whole.substr(0, whole.size() - 2)) == Fault::headers_cut_short);
    CHECK(fault_of(whole.substr(0, whole.size() - 3)) == Fault::headers_cut_short);
    // A line of blanks continues the line above it; it ends nothing.
    CHECK(fault_of(with("Q: a\r\n \r\nY: b\r\n")) == std::nullopt);
}

TEST_CASE("reading: a refused request can be answered where its Via says how", "[sip]") {
    const auto answerable = [](std::string_view bytes) {
        Message m;
        CHECK_FALSE(m.read(bytes));
        return m.answerable();
    };
    CHECK(answerable(start + via + "\r\n"));
    CHECK(answerable(start + "Q\r\n" + via + rest + "\r\n"));
    CHECK_FALSE(answerable(start + rest + "\r\n"));
    CHECK_FALSE(answerable(start + "Via: x\r\n" + rest + "\r\n"));
    CHECK_FALSE(answerable("SIP/2.0 200 OK\r\n" + via + "\r\n"));
    // RFC 3261 17.1.1.3: nothing answers an ACK.
    CHECK_FALSE(answerable("ACK sip:c@d SIP/2.0\r\n" + via + "\r\n"));
}

TEST_CASE("reading: limits, at them and one over", "[sip]") {
    SECTION("the message") {
        const auto empty = with("").size();
        CHECK(fault_of(with("", std::string(limits::message_bytes - empty, 'x'))) == std::nullopt);
        Message m;
        const auto long_one = with("", std::string(limits::message_bytes - empty + 1, 'x'));
        CHECK(m.read(long_one).error() == Fault::message_too_long);
        CHECK(m.answerable());
    }
    SECTION("one header field") {
        const std::string at(limits::header_bytes - 3, 'x');
        CHECK(fault_of(with("Q: " + at + "\r\n")) == std::nullopt);
        CHECK(fault_of(with("Q: " + at + "x\r\n")) == Fault::header_too_long);
        // Folds count too.
        CHECK(fault_of(with("Q:" + repeated("\r\n y", limits::header_bytes / 4) + "\r\n")) ==
              Fault::header_too_long);
    }
    SECTION("header fields") {
        CHECK(fault_of(with(repeated("Q: y\r\n", limits::headers - 5))) == std::nullopt);
        CHECK(fault_of(with(repeated("Q: y\r\n", limits::headers - 4))) == Fault::too_many_headers);
    }
    SECTION("Vias, on lines of their own or on one") {
        const std::string list = "SIP/2.0/UDP a" + repeated(",SIP/2.0/UDP a", limits::vias - 2);
        CHECK(fault_of(with(repeated("v: SIP/2.0/UDP a\r\n", limits::vias - 1))) == std::nullopt);
        CHECK(fault_of(with(repeated("v: SIP/2.0/UDP a\r\n", limits::vias))) ==
              Fault::too_many_vias);
        CHECK(fault_of(with("v: " + list + "\r\n")) == std::nullopt);
        CHECK(fault_of(with("v: " + list + ",SIP/2.0/UDP a\r\n")) == Fault::too_many_vias);
    }
    SECTION("Contacts and Routes") {
        for (const auto* const name : {"Contact: ", "Route: ", "Record-Route: "}) {
            CAPTURE(name);
            const auto line = std::string{name} + "<sip:a@b>\r\n";
            static_assert(limits::contacts_in_message == limits::routes);
            CHECK(fault_of(with(repeated(line, limits::routes))) == std::nullopt);
            CHECK(fault_of(with(repeated(line, limits::routes + 1))) == Fault::too_many_values);
        }
    }
    SECTION("the Request-URI") {
        const std::string at = "sip:" + std::string(limits::request_uri_bytes - 6, 'u') + "@h";
        CHECK(fault_of("OPTIONS " + at + " SIP/2.0\r\n" + via + rest + "\r\n") == std::nullopt);
        CHECK(fault_of("OPTIONS " + at + "h SIP/2.0\r\n" + via + rest + "\r\n") ==
              Fault::request_uri_too_long);
    }
    SECTION("parameters of one value") {
        const auto p = repeated(";p=1", limits::parameters);
        CHECK(fault_of(with("Contact: <sip:a@b>" + p + "\r\n")) == std::nullopt);
        CHECK(fault_of(with("Contact: <sip:a@b>" + p + ";p=1\r\n")) == Fault::too_many_parameters);
    }
}
