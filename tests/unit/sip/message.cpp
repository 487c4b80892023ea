// Message: reading, mandatory headers, limits.
#include "sip/message.hpp"

#include <catch2/catch.hpp>

using namespace holdfast::sip;

TEST_CASE("smoke", "[sip]") {
    Message m;
    const std::string text =
        "INVITE sip:2101@192.0.2.10:5060 SIP/2.0\r\n"
        "Via: SIP/2.0/UDP 192.0.2.21:5060;branch=z9hG4bKhold1;rport\r\n"
        "Max-Forwards: 70\r\nFrom: <sip:2101@acd.example.net>;tag=ph42\r\n"
        "To: \"Support\" <sip:q-support@acd.example.net>;tag=acd77\r\n"
        "Call-ID: call-8812@acd.example.net\r\nCSeq: 11 INVITE\r\n"
        "Contact: <sip:2101@192.0.2.21:5060>\r\nSupported: replaces, timer\r\n"
        "Content-Length: 0\r\n\r\n";
    REQUIRE(m.read(text));
    CHECK(m.from_tag() == "ph42");
    CHECK(m.lists(Header::supported, "TIMER"));
    CHECK(m.via().branch == "z9hG4bKhold1");
}
