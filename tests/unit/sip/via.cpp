// Via (RFC 3261 20.42).
#include "sip/via.hpp"

#include <catch2/catch.hpp>

using namespace holdfast::sip;

TEST_CASE("via: its parts", "[sip]") {
    const auto via = parse_via(
        "SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1;rport=5071;received=192.0.2.9;maddr=[::1];x");
    REQUIRE(via);
    CHECK(via->transport == "UDP");
    CHECK(via->host == "192.0.2.1");
    CHECK(via->port == 5070);
    CHECK(via->branch == "z9hG4bK1");
    CHECK(via->rport == "5071");
    CHECK(via->received == "192.0.2.9");
    CHECK(via->maddr == "::1");
    CHECK(find_parameter(via->parameters, "x") == "");
}

TEST_CASE("via: blanks and folds where the grammar has them", "[sip]") {
    const auto via = parse_via(" SIP / 2.0 /\r\n TLS\t[2001:db8::1] : 5061 ; rport ; branch = b ");
    REQUIRE(via);
    CHECK(via->transport == "TLS");
    CHECK(via->host == "2001:db8::1");
    CHECK(via->port == 5061);
    CHECK(via->rport == "");
    CHECK(via->branch == "b");
}

TEST_CASE("via: what is none", "[sip]") {
    const auto text = GENERATE("",
                               "SIP/2.0/UDP",
                               "SIP/2.0 a",
                               "SIP/2.0/UDP ",
                               "SIP/2.0/UDP;branch=1",
                               "SIP/2.0/UDP a:",
                               "SIP/2.0/UDP a:65536",
                               "SIP/2.0/UDP a b",
                               "SIP/2.0/UDP a;",
                               "SIP/2.0/UDP a;;branch=1",
                               "SIP/2.0/UDP a;branch",
                               "SIP/2.0/UDP a;branch=",
                               "SIP/2.0/UDP a;branch=\"1\"",
                               "SIP/2.0/UDP a;branch=1;branch=2",
                               "SIP/2.0/UDP a;rport=x",
                               "SIP/2.0/UDP a;rport=65536",
                               "SIP/2.0/UDP [::1;branch=1",
                               "SIP/2.0/UDP 2001:db8::1");
    CAPTURE(text);
    CHECK(parse_via(text).error() == Fault::bad_via);
}

// RFC 4475 3.1.2.1: a Via with stray separators still tells where the 400 belongs.
TEST_CASE("via: a malformed one may still be routable", "[sip]") {
    const auto reading = read_via("SIP/2.0/UDP 192.0.2.15;;");
    CHECK(reading.fault == Fault::bad_via);
    CHECK(reading.routable);
    CHECK(reading.via.host == "192.0.2.15");
    CHECK_FALSE(read_via("SIP/2.0/UDP ;;").routable);
}
