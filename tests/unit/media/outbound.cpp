#include "media/outbound.hpp"

#include "outbound_line.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;

TEST_CASE("outbound: music from its own packets, every 20 ms", "[media][outbound]") {
    Line line;
    line.hear_source(tone_source());
    line.run(t0 + 1s);
    const auto packets = line.rtp();
    REQUIRE(packets.size() >= 49);
    check_one_stream(packets);
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const auto packet = packets[i].rtp();
        CHECK(packets[i].to == at(1, 4000));
        CHECK(packet.header.payload_type == 8);
        CHECK(packet.header.marker == (i == 0));
        CHECK(packet.header.timestamp == packets[0].rtp().header.timestamp + 160 * i);
        CHECK(packet.payload.size() == 160);
    }
    CHECK(line.out.played() == packets.size());
}

TEST_CASE("outbound: packet times of 10 to 60 ms", "[media][outbound]") {
    for (std::uint16_t ptime = 10; ptime <= 60; ptime = static_cast<std::uint16_t>(ptime + 10)) {
        auto order = party({4}, at(1, 4000));
        order.ptime_ms = ptime;
        Line line{order};
        line.hear_source(tone_source());
        line.run(t0 + 1200ms);
        const auto packets = line.rtp();
        CAPTURE(ptime);
        CHECK(packets.size() >= 1200u / ptime - 1);
        CHECK(packets.size() <= 1200u / ptime + 1);
        for (const auto& packet : packets)
            CHECK(packet.rtp().payload.size() == ptime * 8u);
        CHECK(packets[2].rtp().header.timestamp - packets[1].rtp().header.timestamp == ptime * 8u);
    }
}

TEST_CASE("outbound: an announcement ends, is reported, and then nothing is sent",
          "[media][outbound]") {
    Line line;
    line.hear_source(tone_source(100), false);
    const Instant first = line.out.tick_due();
    line.run(t0 + 1s);
    CHECK(line.rtp().size() == 5);
    const auto ended = line.wire.all<PlayEnded>();
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].media == MediaId{4});
    CHECK(ended[0].source == SourceId{1});
    CHECK(ended[0].at == first + 100ms);
    CHECK(line.out.tick_due() == never);
}

TEST_CASE("outbound: music heard again goes on; an announcement begins anew", "[media][outbound]") {
    const auto source = tone_source(200);
    Line line;
    line.hear_source(source, true);
    line.run(t0 + 100ms);
    line.hear_source(source, true);
    line.run(t0 + 200ms);
    int markers = 0;
    for (const auto& packet : line.rtp())
        markers += packet.rtp().header.marker ? 1 : 0;
    CHECK(markers == 1);

    line.hear_source(source, false);
    line.run(t0 + 300ms);
    line.hear_source(source, false);
    line.wire.clear();
    line.run(t0 + 1s);
    CHECK(line.rtp().size() == 10);
}

TEST_CASE("outbound: what it is to hear waits for its source", "[media][outbound]") {
    Line line;
    line.hear_source(nullptr);
    line.run(t0 + 1s);
    CHECK(line.rtp().empty());
    line.out.source_ready({2}, tone_source(), line.now);
    CHECK(line.out.tick_due() == never);
    line.out.source_ready({1}, tone_source(), line.now);
    line.run(t0 + 2s);
    CHECK(line.rtp().size() >= 49);
}

TEST_CASE("outbound: relayed packets go on as they come", "[media][outbound]") {
    Line line;
    CHECK_FALSE(line.relay());  // it hears nothing
    line.hear_endpoint(9);
    CHECK(line.out.hears() == MediaId{9});
    for (int i = 0; i < 10; ++i)
        CHECK(line.relay());
    const auto packets = line.rtp();
    check_one_stream(packets);
    CHECK(packets.size() == 10);
    CHECK(packets[0].rtp().header.marker);
    CHECK_FALSE(packets[1].rtp().header.marker);
    CHECK(packets[9].rtp().payload[0] == 0x33);
    CHECK(line.out.tick_due() == never);
}

TEST_CASE("outbound: for a party without any codec, packets are counted, not sent",
          "[media][outbound]") {
    auto order = party({4}, at(1, 4000));
    order.codecs.clear();
    Line line{order};
    line.hear_endpoint(9);
    CHECK_FALSE(line.relay(Codec::g722));
    CHECK(line.rtp().empty());
    CHECK(line.out.unmatched() == 1);
}

// One SSRC, continuous sequence, timestamps that advance with time, a marker at each switch.
TEST_CASE("outbound: relay, music, relay, nothing, relay are one stream", "[media][outbound]") {
    Line line;
    line.hear_endpoint(9);
    for (int i = 0; i < 10; ++i)
        line.relay();
    line.hear_source(tone_source());
    line.run(line.now + 1s);
    line.hear_endpoint(9);
    line.hear_endpoint(9);  // said twice, switched once
    for (int i = 0; i < 10; ++i)
        line.relay();
    line.hear_nothing();
    line.run(line.now + 3s);
    CHECK_FALSE(line.relay());
    line.hear_endpoint(9);
    line.relay();
    line.relay();

    const auto packets = line.rtp();
    check_one_stream(packets);
    std::vector<std::size_t> markers;
    for (std::size_t i = 0; i < packets.size(); ++i)
        if (packets[i].rtp().header.marker) markers.push_back(i);
    REQUIRE(markers.size() == 4);
    CHECK(markers[0] == 0);
    CHECK(markers[1] == 10);
    CHECK(markers[3] == packets.size() - 2);
    // From the first packet to the last 20 ms * (10 + 10 + 1) and the pauses have gone by.
    const auto passed = packets.back().rtp().header.timestamp - first_timestamp;
    const auto expected = (line.now - 20ms - t0) / 1ms * 8;
    CHECK(std::abs(static_cast<std::int64_t>(passed) - expected) <= 160);
}

TEST_CASE("outbound: switching many times does not run away from time", "[media][outbound]") {
    Line line;
    const auto source = tone_source();
    for (int i = 0; i < 200; ++i) {
        line.hear_source(source);
        line.run(line.now + 47ms);
        line.hear_endpoint(9);
        line.relay();
        line.relay();
    }
    const auto packets = line.rtp();
    check_one_stream(packets);
    const auto passed = packets.back().rtp().header.timestamp - packets[0].rtp().header.timestamp;
    const auto expected = (line.now - 20ms - t0) / 1ms * 8;
    CHECK(std::abs(static_cast<std::int64_t>(passed) - expected) <= 400);
}

TEST_CASE("outbound: a stalled process leaves a gap, not a burst", "[media][outbound]") {
    Line line;
    line.hear_source(tone_source());
    line.run(t0 + 100ms);
    const auto before = line.rtp().size();
    line.now = line.out.tick_due() + 205ms;
    CHECK(line.out.tick(line.now).late);
    REQUIRE(line.rtp().size() == before + 1);
    const auto packets = line.rtp();
    CHECK(packets[before].rtp().header.sequence ==
          static_cast<std::uint16_t>(packets[before - 1].rtp().header.sequence + 1));
    CHECK(packets[before].rtp().header.timestamp - packets[before - 1].rtp().header.timestamp ==
          11 * 160);
    CHECK(line.out.tick_due() > line.now);
}

TEST_CASE("outbound: nothing without a target, but announcements take their time",
          "[media][outbound]") {
    Line line;
    line.out.set_target({});
    line.hear_source(tone_source(100), false);
    line.run(t0 + 1s);
    CHECK(line.rtp().empty());
    CHECK(line.wire.all<PlayEnded>().size() == 1);
    line.hear_endpoint(9);
    CHECK_FALSE(line.relay());
    CHECK(line.out.send_digit({{4}, '1', 100}, line.now));
    line.run(line.now + 1s);
    CHECK(line.rtp().empty());
    CHECK(line.out.tick_due() == never);
}

TEST_CASE("outbound: sound that begins late begins with a marker", "[media][outbound]") {
    Line line;
    line.out.set_target({});
    line.hear_source(tone_source());
    line.run(t0 + 500ms);
    line.out.set_target(at(1, 4000));
    line.run(t0 + 600ms);
    REQUIRE(line.rtp().size() == 5);
    CHECK(line.rtp()[0].rtp().header.marker);
}

TEST_CASE("outbound: before it is configured nothing plays", "[media][outbound]") {
    FakeWire wire;
    Outbound out{MediaId{4}, 0, OutStream{1, 1, 1}, wire};
    out.hear({{4}, HearSource{{1}, false}}, tone_source(), t0);
    CHECK(out.tick_due() == never);
    out.configure(party({4}, at(1, 4000)), t0);
    CHECK(out.tick_due() != never);
}

// RFC 7160: one SSRC should keep one clock, so what is made here keeps that of the relay before.
TEST_CASE("outbound: the first codec, unless its clock is another", "[media][outbound]") {
    auto order = party({4}, at(1, 4000));
    order.codecs = {{111, Codec::opus}, {8, Codec::pcma}};
    {
        Line line{order};
        line.hear_source(tone_source());
        line.run(t0 + 100ms);
        CHECK(line.rtp()[0].rtp().header.payload_type == 111);
        CHECK(line.rtp()[2].rtp().header.timestamp - line.rtp()[1].rtp().header.timestamp == 960);
    }
    Line line{order};
    line.hear_endpoint(9);
    line.relay(Codec::pcma);
    line.hear_source(tone_source());
    line.run(line.now + 100ms);
    CHECK(line.rtp().back().rtp().header.payload_type == 8);
}

TEST_CASE("outbound: another codec in mid-music goes on in the same stream", "[media][outbound]") {
    Line line;
    line.hear_source(tone_source());
    line.run(t0 + 100ms);
    auto order = party({4}, at(1, 4000));
    order.codecs = {{0, Codec::pcmu}};
    order.ptime_ms = 30;
    line.configure(order);
    line.run(t0 + 400ms);
    const auto packets = line.rtp();
    check_one_stream(packets);
    CHECK(packets.back().rtp().header.payload_type == 0);
    CHECK(packets.back().rtp().payload.size() == 240);
}

TEST_CASE("outbound: no codec at all", "[media][outbound]") {
    auto order = party({4}, at(1, 4000));
    order.codecs.clear();
    order.telephone_event = 0;
    Line line{order};
    line.hear_source(tone_source(100), false);
    REQUIRE(line.out.send_digit({{4}, '1', 100}, line.now));
    line.run(t0 + 1s);
    CHECK(line.rtp().empty());
    CHECK(line.wire.all<PlayEnded>().size() == 1);
}
