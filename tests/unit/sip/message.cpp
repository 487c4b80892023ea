// Message: what can be asked of one that was read.
#include "sip/message.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace holdfast;
using namespace holdfast::sip;

namespace {

const std::string invite =
    "INVITE sip:acd@192.0.2.10:5060 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.21:5060;branch=z9hG4bKhold1;rport\r\n"
    "v: SIP/2.0/TCP a;branch=2 , SIP/2.0/TLS b;branch=3\r\n"
    "Max-Forwards: 70\r\n"
    "From: \"Ann\" <sip:2101@acd.example.net>;tag=ph42\r\n"
    "To: <sip:q-support@acd.example.net>;tag=acd77\r\n"
    "Call-ID: call-8812@acd.example.net\r\n"
    "CSeq: 11 INVITE\r\n"
    "Contact: <sip:2101@192.0.2.21:5060>\r\n"
    "Supported: replaces,,\r\n"
    "Require:\r\n"
    "k: timer\r\n"
    "Accept: application/sdp;level=1, text/plain\r\n"
    "Date: Sat, 13 Nov 2010 23:29:00 GMT\r\n"
    "X-Thing: a, b\r\n"
    "Content-Type: application / SDP ; charset=utf-8\r\n"
    "Content-Length: 4\r\n"
    "\r\n"
    "v=0\n";

std::vector<std::string> all(const Message& m, Header name) {
    std::vector<std::string> out;
    for (const auto value : m.values(name))
        out.emplace_back(value);
    return out;
}

using Values = std::vector<std::string>;

}  // namespace

TEST_CASE("message: a request", "[sip]") {
    Message m;
    REQUIRE(m.read(invite));
    CHECK(m.is_request());
    CHECK(m.started());
    CHECK(m.answerable());
    CHECK(m.method() == Method::invite);
    CHECK(m.request_uri_text() == "sip:acd@192.0.2.10:5060");
    CHECK(m.request_uri().port == 5060);
    CHECK(m.status() == 0);
    CHECK(m.via().branch == "z9hG4bKhold1");
    CHECK(m.via_count() == 3);
    CHECK(m.from().display == "Ann");
    CHECK(m.from_tag() == "ph42");
    CHECK(m.to_tag() == "acd77");
    CHECK(m.call_id() == "call-8812@acd.example.net");
    CHECK(m.cseq().number == 11);
    CHECK(m.max_forwards() == 70u);
    CHECK(m.body() == "v=0\n");
    CHECK(m.bytes() == invite);
    CHECK(m.fields().size() == 16);
}

TEST_CASE("message: values of several fields of one name, in order", "[sip]") {
    Message m;
    REQUIRE(m.read(invite));
    CHECK(all(m, Header::via).size() == 3);
    CHECK(all(m, Header::via)[2] == "SIP/2.0/TLS b;branch=3");
    CHECK(all(m, Header::supported) == Values{"replaces", "timer"});
    CHECK(all(m, Header::require).empty());
    CHECK(all(m, Header::route).empty());
    // Commas of these headers are no separators.
    CHECK(all(m, Header::date) == Values{"Sat, 13 Nov 2010 23:29:00 GMT"});
    CHECK(all(m, Header::unknown) == Values{"a, b"});
}

TEST_CASE("message: questions about fields", "[sip]") {
    Message m;
    REQUIRE(m.read(invite));
    CHECK(m.first(Header::supported) == "replaces,,");
    CHECK(m.has(Header::require));
    CHECK_FALSE(m.has(Header::route));
    CHECK(m.lists(Header::supported, "TIMER"));
    CHECK_FALSE(m.lists(Header::supported, "time"));
    CHECK_FALSE(m.lists(Header::supported, ""));
    CHECK_FALSE(m.lists(Header::allow, "INVITE"));
    CHECK(m.lists(Header::accept, "application/sdp"));
    CHECK(m.body_is("application/sdp"));
    CHECK_FALSE(m.body_is("application/sd"));
    CHECK_FALSE(m.body_is("text/sdp"));
}

TEST_CASE("message: a response", "[sip]") {
    Message m;
    REQUIRE(
        m.read("sip/2.0 486 Busy Here \r\nVia: SIP/2.0/UDP a;branch=1\r\nf: <sip:a@b>;tag=1\r\n"
               "t: <sip:c@d>\r\ni: 1\r\nCSeq: 3 BYE\r\n\r\nbody"));
    CHECK_FALSE(m.is_request());
    CHECK_FALSE(m.answerable());
    CHECK(m.status() == 486);
    CHECK(m.reason_phrase() == "Busy Here");
    CHECK(m.method() == Method::bye);
    CHECK(m.method_text() == "BYE");
    CHECK(m.to_tag().empty());
    CHECK_FALSE(m.max_forwards());
    CHECK(m.body() == "body");
}

TEST_CASE("message: read again, nothing of the one before is left", "[sip]") {
    Message m;
    REQUIRE(m.read(invite));
    CHECK(m.read("").error() == Fault::empty);
    CHECK(m.fields().empty());
    CHECK_FALSE(m.started());
    CHECK_FALSE(m.has(Header::via));
    CHECK(m.call_id().empty());
    CHECK(m.from_tag().empty());
    CHECK(m.body().empty());
    CHECK(m.via_count() == 0);
}
