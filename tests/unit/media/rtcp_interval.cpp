#include "media/rtcp_interval.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;

// RFC 3550 6.2, 6.3.1: at least 5 s, half of it before the first report, between half and one and a
// half of it by the draw, divided by e - 3/2.
TEST_CASE("rtcp interval: of a call between two", "[media][rtcp]") {
    const RtcpLoad call{
        .members = 2, .senders = 2, .we_sent = true, .average_bytes = 100, .initial = false};
    CHECK(rtcp_interval(call, 0.0) / 1ms == 2052);
    CHECK(rtcp_interval(call, 0.5) / 1ms == 4104);
    CHECK(rtcp_interval(call, 0.999999) / 1ms == 6156);
    RtcpLoad first = call;
    first.initial = true;
    CHECK(rtcp_interval(first, 0.5) / 1ms == 2052);
}

// RFC 3550 6.3.1: beyond the least interval it is size times members over bandwidth; where senders
// are no more than a quarter, receivers share three quarters of it.
TEST_CASE("rtcp interval: grows with load", "[media][rtcp]") {
    const RtcpLoad many{
        .members = 100, .senders = 50, .we_sent = true, .average_bytes = 100, .initial = false};
    CHECK(rtcp_interval(many, 0.5) / 1ms == 16'416);  // 100 * 100 / 500 s / 1.21828
    const RtcpLoad listeners{
        .members = 100, .senders = 10, .we_sent = false, .average_bytes = 100, .initial = false};
    CHECK(rtcp_interval(listeners, 0.5) / 1ms == 19'699);  // 90 * 100 / 375
    const RtcpLoad speakers{
        .members = 100, .senders = 10, .we_sent = true, .average_bytes = 100, .initial = false};
    CHECK(rtcp_interval(speakers, 0.5) / 1ms == 6566);  // 10 * 100 / 125
}
