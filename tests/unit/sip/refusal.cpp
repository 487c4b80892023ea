// Refusals of messages that could not be read.
#include "sip/refusal.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast::sip;

namespace {

std::string refused(std::string_view bytes) {
    Message m;
    const auto read = m.read(bytes);
    REQUIRE_FALSE(read);
    std::string out;
    print_refusal(out, m, refusal_for(m, read.error()), "us", "Holdfast");
    return out;
}

}  // namespace

// RFC 3261 8.2.6.2: From, Call-ID, CSeq and all Vias as they came; a tag in To where there is none.
TEST_CASE("refusal: what a response repeats", "[sip]") {
    CHECK(refused("OPTIONS sip:c@d SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=1\r\n"
                  "Via: SIP/2.0/UDP b\r\nf: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\n"
                  "CSeq: x OPTIONS\r\nContact: <sip:a@b>\r\n\r\n") ==
          "SIP/2.0 400 Bad CSeq Header\r\nVia: SIP/2.0/UDP a;branch=1\r\nVia: SIP/2.0/UDP b\r\n"
          "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=us\r\nCall-ID: 1\r\nCSeq: x OPTIONS\r\n"
          "Server: Holdfast\r\nContent-Length: 0\r\n\r\n");
    CHECK(refused("OPTIONS sip:c@d SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nTo: <sip:c@d>;tag=2\r\n\r\n") ==
          "SIP/2.0 400 Missing From Header\r\nVia: SIP/2.0/UDP a\r\nTo: <sip:c@d>;tag=2\r\n"
          "Server: Holdfast\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("refusal: silence", "[sip]") {
    CHECK(refused("").empty());
    CHECK(refused("hello\r\n\r\n").empty());
    CHECK(refused("OPTIONS sip:c@d SIP/2.0\r\nTo: <sip:c@d>\r\n\r\n").empty());
    CHECK(refused("ACK sip:c@d SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n\r\n").empty());
    CHECK(refused("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\n\r\n").empty());
}
