// Parts of multipart bodies (RFC 2046 5.1).
#include "sip/body.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast::sip;

namespace {

std::string message(std::string_view type, std::string_view body) {
    std::string out =
        "INVITE sip:c@d SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n"
        "Call-ID: 1\r\nCSeq: 1 INVITE\r\n";
    if (!type.empty()) out.append("Content-Type: ").append(type).append("\r\n");
    return out.append("\r\n").append(body);
}

std::string sdp_in(std::string_view type, std::string_view body) {
    const auto bytes = message(type, body);
    Message m;
    REQUIRE(m.read(bytes));
    return std::string{find_body(m, "application/sdp")};
}

constexpr std::string_view mixed =
    "preamble\r\n--b1\r\nContent-Type: application/isup;version=x\r\n\r\n\x01\x02\r\n"
    "--b1 \r\nContent-Disposition: session\r\nc: application/SDP\r\n\r\nv=0\r\no=-\r\n\r\n"
    "--b1--\r\nepilogue";

}  // namespace

TEST_CASE("body: the body itself, or none", "[sip]") {
    CHECK(sdp_in("application/sdp;x=y", "v=0\r\n") == "v=0\r\n");
    CHECK(sdp_in("text/plain", "v=0\r\n").empty());
    CHECK(sdp_in("", "v=0\r\n").empty());
}

TEST_CASE("body: a part among others", "[sip]") {
    CHECK(sdp_in("multipart/mixed;boundary=b1", mixed) == "v=0\r\no=-\r\n");
    CHECK(sdp_in("Multipart/Mixed ; charset=x; Boundary=\"b1\"", mixed) == "v=0\r\no=-\r\n");
    // A line that only begins like the boundary is none.
    CHECK(sdp_in("multipart/mixed;boundary=b", mixed).empty());
    CHECK(sdp_in("multipart/mixed", mixed).empty());
    CHECK(sdp_in("multipart/mixed;boundary=\"\"", mixed).empty());
    CHECK(sdp_in("multipart/mixed;boundary=b1", "").empty());
    // No end: what came may be half of it.
    CHECK(sdp_in("multipart/mixed;boundary=b1",
                 "--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n")
              .empty());
}

TEST_CASE("body: multipart within multipart, twice at most", "[sip]") {
    const std::string sdp = "--c\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--c--";
    const std::string inner =
        "--b\r\nContent-Type: multipart/x;boundary=c\r\n\r\n" + sdp + "\r\n--b--";
    const std::string outer =
        "--a\r\nContent-Type: multipart/x;boundary=b\r\n\r\n" + inner + "\r\n--a--";
    CHECK(sdp_in("multipart/x;boundary=c", sdp) == "v=0");
    CHECK(sdp_in("multipart/x;boundary=b", inner) == "v=0");
    CHECK(sdp_in("multipart/x;boundary=a", outer).empty());
}
