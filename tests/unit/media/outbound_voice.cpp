#include "outbound_line.hpp"
#include "talker.hpp"

using namespace holdfast;
using namespace holdfast::media;
using holdfast::test::Sound;
using holdfast::test::strength;

namespace {

/// Who hears, in A-law, somebody who speaks G.722.
struct Call : Line {
    Talker talker{Codec::g722, 440};
    Instant began = t0;

    Call() { hear_endpoint(7); }
    void talk(Micros span) {
        const Instant until = now + span;
        for (Instant next = now; next < until; next += 1ms) {
            run(next);
            talker.deliver(next - began, [&](const Heard& heard) { out.relay(heard, next); });
        }
        now = until;
    }
    /// One packet of a digit that began at `timestamp`, `duration` in units of 8,000 Hz.
    void event(std::uint32_t timestamp, std::uint16_t duration, bool ended) {
        const auto payload = print_event({5, ended, 10, duration});
        Heard heard;
        heard.packet.header.timestamp = timestamp;
        heard.packet.payload = payload;
        heard.place = {.belongs = true, .stream = 1, .number = number++};
        out.relay(heard, now);
        run(now + 20ms);
    }
    Sound sound() const {
        const auto decoder = facts_of(Codec::pcma).make_voice();
        Sound all;
        for (const auto& packet : rtp()) {
            if (packet.rtp().header.payload_type != 8) continue;
            std::array<std::int16_t, most_voice> samples;
            const auto made = decoder->decode(packet.rtp().payload, samples);
            all.insert(all.end(), samples.begin(), samples.begin() + static_cast<long>(made));
        }
        return all;
    }
};

}  // namespace

TEST_CASE("outbound: a codec that the hearer lacks is heard all the same", "[media][outbound]") {
    Call call;
    call.talk(1s);
    const auto packets = call.rtp();
    REQUIRE(packets.size() > 45);
    check_one_stream(packets);
    CHECK(packets[0].rtp().header.marker);
    for (std::size_t i = 1; i < packets.size(); ++i) {
        CHECK_FALSE(packets[i].rtp().header.marker);
        CHECK(packets[i].rtp().header.payload_type == 8);
        CHECK(packets[i].rtp().header.timestamp - packets[i - 1].rtp().header.timestamp == 160);
    }
    const Sound sound = call.sound();
    CHECK(strength(std::span{sound}.last(4000), 440, 8000) > 9000);
    CHECK(call.out.unmatched() == 0);
}

TEST_CASE("outbound: from transcoding to passing on and back, one stream", "[media][outbound]") {
    Call call;
    call.talk(200ms);
    call.number = 2000;
    CHECK(call.relay(Codec::pcma));
    CHECK(call.relay(Codec::pcma));
    CHECK(call.rtp().back().rtp().payload[0] == 0x33);
    CHECK(call.out.tick_due() == never);
    call.talk(200ms);
    check_one_stream(call.rtp());
    CHECK(call.rtp().back().rtp().payload[0] != 0x33);
}

TEST_CASE("outbound: who falls silent is sent no silence", "[media][outbound]") {
    Call call;
    call.talk(200ms);
    call.run(call.now + 1s);
    CHECK(call.out.tick_due() == never);
    const auto count = call.rtp().size();
    CHECK(count < 25);
    call.talker.pause_until(call.now - call.began);
    call.talk(200ms);
    const auto packets = call.rtp();
    check_one_stream(packets);
    CHECK(packets[count].rtp().header.marker);  // RFC 3551 4.1: a talkspurt begins
}

// RFC 4733 2.5.1.1: all packets of one event have the timestamp of its beginning.
TEST_CASE("outbound: a digit passes between transcoded packets", "[media][outbound]") {
    Call call;
    call.talk(200ms);
    const auto before = call.rtp().size();
    for (int i = 1; i <= 5; ++i)
        call.event(9000, static_cast<std::uint16_t>(160 * i), i >= 3);
    call.talk(300ms);
    const auto packets = call.rtp();
    check_one_stream(packets);
    std::size_t events = 0;
    for (std::size_t i = before; i < packets.size(); ++i) {
        if (packets[i].rtp().header.payload_type != 101) continue;
        ++events;
        CHECK(packets[i].rtp().header.marker == (events == 1));
        CHECK(packets[i].rtp().header.timestamp == packets[before].rtp().header.timestamp);
    }
    CHECK(events == 5);
    CHECK(packets.back().rtp().header.payload_type == 8);
}

TEST_CASE("outbound: a digit of ours interrupts what is transcoded", "[media][outbound]") {
    Call call;
    call.talk(200ms);
    REQUIRE(call.out.send_digit({{4}, '1', 100}, call.now));
    call.talk(500ms);
    const auto packets = call.rtp();
    check_one_stream(packets);
    CHECK(std::ranges::count_if(packets, [](const auto& packet) {
              return packet.rtp().header.payload_type == 101;
          }) >= 5);
    CHECK(packets.back().rtp().header.payload_type == 8);
}
