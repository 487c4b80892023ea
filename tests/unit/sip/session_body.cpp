// Bodies that must be refused; digits in INFO; the o= line.
#include "sip/session_body.hpp"

#include "sip/dtmf_info.hpp"
#include "unit/sip/agent.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

namespace {

std::string with_type(std::string_view type, std::string_view text, std::string_view extra = {}) {
    Peer peer;
    auto message = peer.request("INVITE", extra, text);
    return message.replace(message.find("application/sdp"), 15, type);
}

bool foreign(const std::string& bytes) {
    Message message;
    REQUIRE(message.read(bytes));
    return has_foreign_body(message);
}

}  // namespace

TEST_CASE("other bodies must be refused unless they are optional (RFC 3261 8.2.3)", "[sip][body]") {
    CHECK(foreign(with_type("text/plain", "x")));
    CHECK(foreign(with_type("multipart/mixed;boundary=b", "--b\r\n\r\nx\r\n--b--\r\n")));
    CHECK_FALSE(foreign(with_type("application/sdp", "v=0\r\n")));
    CHECK_FALSE(
        foreign(with_type("text/plain", "x", "Content-Disposition: render;handling=optional\r\n")));
    CHECK(
        foreign(with_type("text/plain", "x", "Content-Disposition: render;handling=required\r\n")));
    CHECK(foreign(with_type("text/plain", "x", "Content-Disposition: render\r\n")));
}

TEST_CASE("digits of INFO", "[sip][dtmf]") {
    CHECK(parse_dtmf_relay("Signal=5\r\nDuration=160\r\n")->digit == '5');
    CHECK(parse_dtmf_relay("Duration= 250\nSignal= *\n")->digit == '*');
    CHECK(parse_dtmf_relay("Duration= 250\nSignal= *\n")->duration_ms == 250);
    CHECK(parse_dtmf_relay("signal=11")->digit == '#');
    CHECK(parse_dtmf_relay("signal=10")->digit == '*');
    CHECK(parse_dtmf_relay("Signal=a")->digit == 'A');
    CHECK(parse_dtmf_relay("Signal=5\r\nDuration=99999999\r\n")->duration_ms == 160);
    CHECK_FALSE(parse_dtmf_relay("Signal=12\r\n"));
    CHECK_FALSE(parse_dtmf_relay("Signal=\r\n"));
    CHECK_FALSE(parse_dtmf_relay(""));
    CHECK(parse_dtmf(" 9\r\n")->digit == '9');
    CHECK_FALSE(parse_dtmf("99"));
}

TEST_CASE("the o= line and its version (RFC 3264 8)", "[sip][sdp]") {
    CHECK(origin_of(sdp(3)) == "- 7 3 IN IP4 192.0.2.21");
    CHECK(origin_of("v=0\no=- 1 2 IN IP4 h\n") == "- 1 2 IN IP4 h");
    CHECK(origin_of("v=0\r\ns=o=1\r\n").empty());
    CHECK(origin_version(sdp(3)) == 3);
    CHECK(origin_version("") == 0);
    CHECK(with_origin_version(sdp(3), 4) == sdp(4));
    CHECK(with_origin_version("", 4).empty());
}
