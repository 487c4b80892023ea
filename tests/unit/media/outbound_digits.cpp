#include "media/outbound.hpp"
#include "outbound_line.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;

// RFC 4733 2.5.1: one timestamp for the event, the marker on its first packet, the end three times;
// then the audio goes on behind it with a marker.
TEST_CASE("outbound: a digit interrupts what is heard", "[media][outbound][digits]") {
    Line line;
    line.hear_endpoint(9);
    line.relay();
    REQUIRE(line.out.send_digit({{4}, '7', 100}, line.now));
    line.run(line.now + 20ms);
    const Instant until = line.now + 300ms;
    while (line.out.tick_due() != never && line.now < until) {
        CHECK_FALSE(line.relay());
        line.run(line.now);
    }
    line.relay();
    const auto packets = line.rtp();
    check_one_stream(packets);
    REQUIRE(packets.size() == 1 + 7 + 1);
    const auto begun = packets[1].rtp().header;
    CHECK(begun.marker);
    CHECK(begun.payload_type == 101);
    for (std::size_t i = 1; i <= 7; ++i) {
        const auto packet = packets[i].rtp();
        const auto event = parse_event(packet.payload);
        REQUIRE(event);
        CHECK(event->code == 7);
        CHECK(event->ended == (i >= 5));
        CHECK(packet.header.timestamp == begun.timestamp);
        CHECK(packet.header.marker == (i == 1));
    }
    const auto after = packets[8].rtp().header;
    CHECK(after.marker);
    CHECK(after.timestamp >= begun.timestamp + 800);
}

TEST_CASE("outbound: digits wait for each other, and not without end",
          "[media][outbound][digits]") {
    Line line;
    for (std::size_t i = 0; i < limits::digits_waiting; ++i)
        REQUIRE(line.out.send_digit({{4}, '1', 40}, line.now));
    CHECK_FALSE(line.out.send_digit({{4}, '1', 40}, line.now));
    line.run(t0 + 10s);
    std::size_t begun = 0;
    for (const auto& packet : line.rtp())
        begun += packet.rtp().header.marker ? 1 : 0;
    CHECK(begun == limits::digits_waiting);
    CHECK(line.out.tick_due() == never);
}

TEST_CASE("outbound: digits in-band where the party has no events", "[media][outbound][digits]") {
    auto order = party({4}, at(1, 4000));
    order.telephone_event = 0;
    Line line{order};
    REQUIRE(line.out.send_digit({{4}, '5', 100}, line.now));
    line.run(t0 + 1s);
    const auto packets = line.rtp();
    check_one_stream(packets);
    REQUIRE(packets.size() == 10);  // 40 ms, 100, 60
    test::Sound sound;
    const auto decoder = facts_of(Codec::pcma).make_decoder();
    for (const auto& packet : packets) {
        std::array<std::int16_t, most_decoded> samples{};
        const auto count = decoder->decode(packet.rtp().payload, samples);
        sound.insert(sound.end(), samples.begin(), samples.begin() + static_cast<long>(count));
    }
    CHECK(test::strength(std::span{sound}.subspan(320, 800), 770, 8000) > 8000);
}

TEST_CASE("outbound: a relayed event gets the hearer's payload type", "[media][outbound][digits]") {
    auto order = party({4}, at(1, 4000));
    order.telephone_event = 96;
    Line line{order};
    line.hear_endpoint(9);
    line.relay();
    const auto payload = print_event({5, false, 10, 160});
    Heard heard;
    heard.packet.header = {.payload_type = 101,
                           .marker = true,
                           .sequence = static_cast<std::uint16_t>(line.number),
                           .timestamp = line.incoming,
                           .ssrc = 5};
    heard.packet.payload = payload;
    heard.place = {.belongs = true, .stream = 1, .number = line.number};
    CHECK(line.out.relay(heard, line.now));
    const auto packets = line.rtp();
    REQUIRE(packets.size() == 2);
    const auto packet = packets[1].rtp();
    CHECK(packet.header.payload_type == 96);
    CHECK(packet.header.marker);
    CHECK(packet.header.timestamp == first_timestamp + 160);
    CHECK(parse_event(packet.payload) == parse_event(payload));

    auto without = order;
    without.telephone_event = 0;
    line.configure(without);
    ++heard.place.number;
    CHECK_FALSE(line.out.relay(heard, line.now));
    CHECK(line.out.unmatched() == 1);
}

TEST_CASE("outbound: an event in another clock is told in the hearer's", "[media][outbound]") {
    auto order = party({4}, at(1, 4000));
    order.codecs = {{111, Codec::opus}};
    order.telephone_event_hertz = 48'000;
    Line line{order};
    line.hear_endpoint(9);
    line.relay(Codec::opus);
    const auto payload = print_event({5, false, 10, 160});  // 20 ms at 8,000 Hz
    Heard heard;
    heard.packet.payload = payload;
    heard.place = {.belongs = true, .stream = 1, .number = line.number};
    CHECK(line.out.relay(heard, line.now));
    const auto packets = line.rtp();
    CHECK(parse_event(packets.back().rtp().payload)->duration == 960);
}
