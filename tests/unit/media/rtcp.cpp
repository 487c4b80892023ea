#include "media/rtcp.hpp"

#include "base/random.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>
#include <vector>

using namespace holdfast;
using namespace holdfast::media;

namespace {
using Octets = std::vector<std::uint8_t>;

const SenderInfo info{
    .sent_at = 0x1234'5678'9abc'def0, .rtp_timestamp = 77, .packets = 1000, .octets = 160'000};
const ReportBlock block{.ssrc = 0xcafe,
                        .fraction_lost = 25,
                        .cumulative_lost = -3,
                        .highest_sequence = 0x0001'ffff,
                        .jitter = 40,
                        .last_sender_report = 0x5678'9abc,
                        .since_last_report = 65'536};

Octets printed(const SentRtcp& packet) {
    Octets room(512);
    room.resize(print_rtcp(packet, room));
    return room;
}
std::optional<RtcpFault> fault_of(const Octets& octets) {
    const auto packet = parse_rtcp(octets);
    return packet ? std::nullopt : std::optional{packet.error()};
}
}  // namespace

TEST_CASE("rtcp: a sender report with everything reads back", "[media][rtcp]") {
    const auto octets =
        printed({.ssrc = 9, .info = info, .block = block, .cname = "abc", .bye = true});
    const auto packet = parse_rtcp(octets);
    REQUIRE(packet);
    CHECK(packet->sender == 9);
    CHECK(packet->info == info);
    REQUIRE(packet->blocks.size() == 1);
    CHECK(packet->blocks[0] == block);
    CHECK(packet->bye);
}

TEST_CASE("rtcp: a receiver report is one without sender information", "[media][rtcp]") {
    const auto octets = printed({.ssrc = 9, .info = {}, .block = {}, .cname = "x", .bye = false});
    CHECK(octets[1] == 201);
    const auto packet = parse_rtcp(octets);
    REQUIRE(packet);
    CHECK_FALSE(packet->info);
    CHECK(packet->blocks.empty());
    CHECK_FALSE(packet->bye);
}

// RFC 3550 6.5: the items of a chunk end with at least one zero octet and fill up whole words.
TEST_CASE("rtcp: the description fills whole words", "[media][rtcp]") {
    for (std::size_t length = 0; length < 9; ++length) {
        const std::string cname(length, 'n');
        const auto octets =
            printed({.ssrc = 9, .info = {}, .block = {}, .cname = cname, .bye = false});
        CAPTURE(length);
        REQUIRE(octets.size() % 4 == 0);
        CHECK(octets.back() == 0);
        CHECK_FALSE(fault_of(octets));
        CHECK(octets[8 + 1] == 202);
        CHECK(octets[8 + 9] == length);
        CHECK(octets.size() == 8 + 8 + 4 * ((length + 2) / 4 + 1));
    }
}

TEST_CASE("rtcp: no room, nothing written", "[media][rtcp]") {
    const SentRtcp packet{.ssrc = 9, .info = info, .block = block, .cname = "abc", .bye = true};
    const auto size = printed(packet).size();
    Octets room(size - 1);
    CHECK(print_rtcp(packet, room) == 0);
}

// RFC 3550 A.2: what a compound packet must keep.
TEST_CASE("rtcp: what is wrong has a name", "[media][rtcp]") {
    const auto good =
        printed({.ssrc = 9, .info = info, .block = block, .cname = "abc", .bye = true});
    auto changed = [&](std::size_t index, std::uint8_t value) {
        auto octets = good;
        octets[index] = value;
        return octets;
    };
    CHECK(fault_of({0x80, 201, 0, 1}) == RtcpFault::too_short);
    CHECK(fault_of(changed(0, 0x41)) == RtcpFault::other_version);
    CHECK(fault_of(changed(1, 202)) == RtcpFault::not_a_report);
    CHECK(fault_of(changed(0, 0x82)) == RtcpFault::length_wrong);  // two blocks promised
    CHECK(fault_of(changed(0, 0xa1)) == RtcpFault::padding_wrong);
    CHECK(fault_of(changed(3, 200)) == RtcpFault::length_wrong);
    auto cut = good;
    cut.pop_back();
    CHECK(fault_of(cut) == RtcpFault::length_wrong);
}

TEST_CASE("rtcp: padding at the end is no part of it", "[media][rtcp]") {
    Octets octets{0xa0, 201, 0, 2, 0, 0, 0, 9, 0, 0, 0, 4};
    CHECK_FALSE(fault_of(octets));
    octets[0] = 0xa1;  // a block that is not there, the padding is no block
    CHECK(fault_of(octets) == RtcpFault::length_wrong);
    octets = {0xa0, 201, 0, 2, 0, 0, 0, 9, 0, 0, 0, 12};
    CHECK(fault_of(octets) == RtcpFault::padding_wrong);
}

TEST_CASE("rtcp: more blocks than between two make sense are passed over", "[media][rtcp]") {
    Octets one{0x9f, 201, 0, 1 + 31 * 6, 0, 0, 0, 9};
    one.resize(8 + 31 * 24);
    Octets two = one;
    two.insert(two.end(), one.begin(), one.end());
    const auto packet = parse_rtcp(two);
    REQUIRE(packet);
    CHECK(packet->blocks.size() == 31);
}

TEST_CASE("rtcp: damaged octets are read or refused, without harm", "[media][rtcp]") {
    const auto good =
        printed({.ssrc = 9, .info = info, .block = block, .cname = "abc", .bye = true});
    Random random = Random::from(3);
    for (int i = 0; i < 20'000; ++i) {
        auto octets = good;
        for (auto n = 1 + random.below(4); n > 0; --n)
            octets[random.below(static_cast<std::uint32_t>(octets.size()))] =
                static_cast<std::uint8_t>(random.below(256));
        octets.resize(random.below(static_cast<std::uint32_t>(octets.size() + 1)));
        static_cast<void>(parse_rtcp(octets));
    }
}
