#include "media/rtp_endpoint.hpp"

#include "calls.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;

namespace {
constexpr Instant t0 = start_of_test;
const NtpClock ntp{{.at = t0, .wall = WallInstant{1'700'000'000s}}};

struct Line {
    FakeWire wire;
    Random random = Random::from(4);
    RtpEndpoint endpoint{{{4}, 20'000, 0}, random, ntp, wire};
    Phone phone{.from = at(1, 4000)};
    Instant now = t0;

    explicit Line(const Configure& order = party({4}, at(1, 4000))) {
        endpoint.configure(order, now);
    }
    void talk(int packets) {
        for (int i = 0; i < packets; ++i) {
            endpoint.take_rtp(phone.from, phone.sound(), now);
            now += 20ms;
        }
    }
    /// Where music goes.
    std::optional<Endpoint> target() {
        wire.clear();
        endpoint.outbound().hear({{4}, HearSource{{1}, true}}, tone_source(), now);
        now = endpoint.due(Deadline::tick);
        endpoint.outbound().tick(now);
        endpoint.outbound().hear({{4}, HearNothing{}}, nullptr, now);
        const auto packets = wire.rtp_of(0);
        return packets.empty() ? std::nullopt : std::optional{packets[0].to};
    }
    /// Where the next report goes, and from which socket.
    std::optional<SentPacket> report() {
        wire.clear();
        for (int i = 0; i < 10 && wire.sent.empty(); ++i) {
            now = endpoint.due(Deadline::report);
            endpoint.send_report(now);
        }
        return wire.sent.empty() ? std::nullopt : std::optional{wire.sent[0]};
    }
};

std::vector<std::uint8_t> peer_report(bool bye = false) {
    std::vector<std::uint8_t> room(256);
    const ReportBlock block{.ssrc = 1, .cumulative_lost = 3};
    room.resize(print_rtcp(
        {.ssrc = 0x5050, .info = SenderInfo{}, .block = block, .cname = "phone", .bye = bye},
        room));
    return room;
}
}  // namespace

TEST_CASE("endpoint: sends where it was told", "[media][endpoint]") {
    Line line;
    CHECK(line.target() == at(1, 4000));
    const auto report = line.report();
    REQUIRE(report);
    CHECK(report->to == at(1, 4001));
    CHECK(report->channel == Channel::rtcp);
    CHECK(parse_rtcp(report->bytes));
}

// Never to a zero address, never while it does not want to hear anything.
TEST_CASE("endpoint: sends nothing where nothing is to be sent", "[media][endpoint]") {
    auto order = party({4}, at(1, 4000));
    order.signalling_source = IpAddress::v4(192, 0, 2, 9);
    SECTION("not to a party that asked for silence") {
        order.sends = false;
    }
    SECTION("not to 0.0.0.0") {
        order.remote_rtp.address = order.remote_rtcp.address = IpAddress::v4(0, 0, 0, 0);
    }
    SECTION("not to ::") {
        order.remote_rtp.address = order.remote_rtcp.address = IpAddress{IpAddress::Family::v6, {}};
    }
    SECTION("not to no address") {
        order.remote_rtp = order.remote_rtcp = {};
    }
    SECTION("not to port 0") {
        order.remote_rtp.port = order.remote_rtcp.port = 0;
    }
    Line line{order};
    CHECK_FALSE(line.target());
    CHECK_FALSE(line.report());
    line.phone.from = at(9, 5000);  // heard from elsewhere, which changes nothing
    line.talk(10);
    CHECK_FALSE(line.target());
    CHECK_FALSE(line.report());
    line.wire.clear();
    line.endpoint.close(line.now);
    CHECK(line.wire.sent.empty());
}

TEST_CASE("endpoint: RTCP alone may have nowhere to go", "[media][endpoint]") {
    auto order = party({4}, at(1, 4000));
    order.remote_rtcp = {};
    Line line{order};
    CHECK(line.target() == at(1, 4000));
    CHECK_FALSE(line.report());
}

TEST_CASE("endpoint: behind NAT it sends to where it hears", "[media][endpoint]") {
    auto order = party({4}, at(1, 4000));
    order.signalling_source = IpAddress::v4(192, 0, 2, 9);
    Line line{order};
    line.phone.from = at(9, 62'000);
    line.talk(3);
    CHECK(line.target() == at(1, 4000));
    line.talk(1);
    CHECK(line.target() == at(9, 62'000));

    // Its RTCP has another mapping, which is learned from its reports.
    CHECK(line.report()->to == at(1, 4001));
    line.endpoint.take_rtcp(at(9, 62'777), peer_report(), line.now);
    CHECK(line.report()->to == at(9, 62'777));

    // The same terms again: no packet goes astray meanwhile.
    line.endpoint.configure(order, line.now);
    CHECK(line.target() == at(9, 62'000));
    CHECK(line.report()->to == at(9, 62'777));
    // Other terms: all is forgotten.
    line.endpoint.configure(party({4}, at(2, 4000)), line.now);
    CHECK(line.target() == at(2, 4000));
    CHECK(line.report()->to == at(2, 4001));
}

TEST_CASE("endpoint: RTCP counts from the party only", "[media][endpoint]") {
    Line line;
    line.endpoint.take_rtcp(at(66, 4001), peer_report(), line.now);
    CHECK(line.endpoint.statistics().foreign_packets == 1);
    line.endpoint.take_rtcp(at(1, 4001), {}, line.now);
    CHECK(line.endpoint.statistics().malformed == 1);
    line.talk(5);
    // The party's own host may send RTCP from any port, but cannot bend ours away.
    line.endpoint.take_rtcp(at(1, 9), peer_report(), line.now);
    CHECK(line.endpoint.statistics().foreign_packets == 1);
    CHECK(line.report()->to == at(1, 4001));
}

TEST_CASE("endpoint: an RTCP BYE ends nothing", "[media][endpoint]") {
    Line line;
    line.talk(5);
    line.wire.clear();
    line.endpoint.take_rtcp(at(1, 4001), peer_report(true), line.now);
    CHECK(line.wire.reports.empty());
    line.talk(1);
    CHECK(line.endpoint.statistics().packets_in == 6);
    CHECK(line.target() == at(1, 4000));
}

// RFC 5761: RTCP may share the RTP port.
TEST_CASE("endpoint: both on one port", "[media][endpoint]") {
    auto order = party({4}, at(1, 4000));
    order.remote_rtcp = order.remote_rtp;
    Line line{order};
    CHECK_FALSE(line.endpoint.take_rtp(at(1, 4000), peer_report(), line.now));
    CHECK(line.endpoint.statistics().malformed == 0);
    CHECK(line.endpoint.statistics().packets_in == 0);
    const auto report = line.report();
    REQUIRE(report);
    CHECK(report->channel == Channel::rtp);
    CHECK(report->to == at(1, 4000));
}

TEST_CASE("endpoint: a payload type that looks like RTCP with its marker is RTP where agreed on",
          "[media][endpoint]") {
    auto order = party({4}, at(1, 4000));
    order.codecs = {{72, Codec::pcma}};
    Line line{order};
    line.phone.payload_type = 72;
    const std::vector<std::uint8_t> sound(160, 0xd5);
    CHECK(line.endpoint.take_rtp(at(1, 4000), line.phone.packet(sound, true), line.now));
}

TEST_CASE("endpoint: says BYE when it goes, if it ever spoke", "[media][endpoint]") {
    Line quiet;
    quiet.endpoint.close(quiet.now);
    CHECK(quiet.wire.sent.empty());
    Line line;
    CHECK(line.target());
    line.wire.clear();
    line.endpoint.close(line.now);
    REQUIRE(line.wire.sent.size() == 1);
    CHECK(parse_rtcp(line.wire.sent[0].bytes)->bye);
    CHECK(line.wire.sent[0].to == at(1, 4001));
}

TEST_CASE("endpoint: statistics are of both directions", "[media][endpoint]") {
    Line line;
    line.talk(5);
    CHECK(line.target());
    const auto statistics = line.endpoint.statistics();
    CHECK(statistics.packets_in == 5);
    CHECK(statistics.packets_out == 1);
    CHECK(statistics.bytes_out == 172);
    CHECK(line.endpoint.last_packet() == t0 + 80ms);
}
