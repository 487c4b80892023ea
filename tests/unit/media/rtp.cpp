#include "media/rtp.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace holdfast::media;

namespace {
using Octets = std::vector<std::uint8_t>;
const Octets plain{0x80, 0x88, 0x12, 0x34, 0, 0, 1, 0, 0xde, 0xad, 0xbe, 0xef, 7, 8, 9};

Octets with(std::uint8_t first, const Octets& tail) {
    Octets out(plain.begin(), plain.begin() + 12);
    out[0] = first;
    out.insert(out.end(), tail.begin(), tail.end());
    return out;
}
Octets payload_of(const Octets& octets) {
    const auto packet = parse_rtp(octets);
    REQUIRE(packet);
    return {packet->payload.begin(), packet->payload.end()};
}
}  // namespace

// RFC 3550 5.1: the fixed header, in network order.
TEST_CASE("rtp: header and payload are read", "[media][rtp]") {
    const auto packet = parse_rtp(plain);
    REQUIRE(packet);
    CHECK(packet->header == RtpHeader{.payload_type = 8,
                                      .marker = true,
                                      .sequence = 0x1234,
                                      .timestamp = 256,
                                      .ssrc = 0xdeadbeef});
    CHECK(payload_of(plain) == Octets{7, 8, 9});
}

// RFC 3550 5.1 and 5.3.1: contributing sources and an extension stand before the payload, padding
// behind it, and none of them is payload.
TEST_CASE("rtp: what is not payload is left out", "[media][rtp]") {
    CHECK(payload_of(with(0x82, {1, 1, 1, 1, 2, 2, 2, 2, 7})) == Octets{7});
    CHECK(payload_of(with(0x90, {0xbe, 0xde, 0, 1, 5, 5, 5, 5, 7})) == Octets{7});
    CHECK(payload_of(with(0xa0, {7, 8, 0, 0, 3})) == Octets{7, 8});
    CHECK(payload_of(with(0xb1, {1, 1, 1, 1, 0, 0, 0, 0, 7, 9, 2})) == Octets{7});
    CHECK(payload_of(with(0xa0, {1})).empty());
}

TEST_CASE("rtp: what is wrong has a name", "[media][rtp]") {
    struct Case {
        Octets octets;
        RtpFault want;
    };
    const auto c = GENERATE(Case{{}, RtpFault::too_short},
                            Case{Octets(11, 0x80), RtpFault::too_short},
                            Case{with(0x40, {7}), RtpFault::other_version},
                            Case{with(0x8f, Octets(59)), RtpFault::sources_cut},
                            Case{with(0x90, {0, 0, 0}), RtpFault::extension_cut},
                            Case{with(0x90, {0, 0, 0, 2, 1, 1, 1, 1}), RtpFault::extension_cut},
                            Case{with(0xa0, {}), RtpFault::padding_wrong},
                            Case{with(0xa0, {0}), RtpFault::padding_wrong},
                            Case{with(0xa0, {7, 3}), RtpFault::padding_wrong});
    CAPTURE(c.octets);
    const auto packet = parse_rtp(c.octets);
    REQUIRE_FALSE(packet);
    CHECK(packet.error() == c.want);
}

TEST_CASE("rtp: what is printed reads back", "[media][rtp]") {
    const RtpHeader header{.payload_type = 101,
                           .marker = true,
                           .sequence = 0xfffe,
                           .timestamp = 0x8000'0001,
                           .ssrc = 0x0102'0304};
    Octets room(16);
    const Octets payload{1, 2, 3, 4};
    REQUIRE(print_rtp(header, payload, room) == 16);
    CHECK(parse_rtp(room)->header == header);
    CHECK(payload_of(room) == payload);
    CHECK(print_rtp(header, payload, std::span{room}.first(15)) == 0);
}

// RFC 5761 4: RTCP types 192 to 223 are what RTP would call payload types 64 to 95 with marker.
TEST_CASE("rtp: RTCP on the RTP port is told apart", "[media][rtp]") {
    CHECK(is_rtcp(Octets{0x80, 200, 0, 0}));
    CHECK(is_rtcp(Octets{0x80, 223, 0, 0}));
    CHECK_FALSE(is_rtcp(Octets{0x80, 224, 0, 0}));
    CHECK_FALSE(is_rtcp(Octets{0x80, 0x88, 0, 0}));
    CHECK_FALSE(is_rtcp(Octets{0x80, 200}));
}
