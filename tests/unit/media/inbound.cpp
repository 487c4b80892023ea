#include "media/inbound.hpp"

#include "calls.hpp"
#include "media/digit_sender.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;

namespace {
constexpr Instant t0 = start_of_test;

struct Line {
    FakeWire wire;
    Inbound in{MediaId{4}, wire};
    Phone phone{.from = at(1, 4000)};
    Instant now = t0;

    explicit Line(Configure order = party({4}, at(1, 4000))) { in.configure(order, t0); }
    std::optional<Heard> take(const std::vector<std::uint8_t>& datagram) {
        auto heard = in.take(phone.from, datagram, now);
        now += 20ms;
        return heard;
    }
    void talk(int packets) {
        for (int i = 0; i < packets; ++i)
            take(phone.sound());
    }
    void digit(std::uint8_t code) {
        phone.payload_type = 101;
        const auto event = print_event({code, true, 10, 800});
        take(phone.packet({event.begin(), event.end()}, true));
        phone.timestamp += 800;
        phone.payload_type = 8;
    }
};
}  // namespace

TEST_CASE("inbound: what counts is given on with its codec and place", "[media][inbound]") {
    Line line;
    const auto datagram = line.phone.sound(0x11);
    const auto heard = line.take(datagram);
    REQUIRE(heard);
    CHECK(heard->codec == Codec::pcma);
    CHECK(heard->clock == 8000);
    CHECK(heard->received_at == t0);
    CHECK(heard->packet.payload.size() == 160);
    CHECK(heard->place.number == 500);
    CHECK(line.in.last_packet() == t0);
    CHECK(line.in.statistics().packets_in == 1);
    CHECK(line.in.statistics().bytes_in == 172);
}

TEST_CASE("inbound: the lock is reported once", "[media][inbound]") {
    Line line;
    line.talk(10);
    const auto locked = line.wire.all<SourceLocked>();
    REQUIRE(locked.size() == 1);
    CHECK(locked[0].media == MediaId{4});
    CHECK(locked[0].from == at(1, 4000));
    CHECK(locked[0].at == t0 + 60ms);
}

TEST_CASE("inbound: strangers, rubbish and unknown payloads are dropped and counted",
          "[media][inbound]") {
    Line line;
    line.phone.from = at(66, 4000);
    CHECK_FALSE(line.take(line.phone.sound()));
    line.phone.from = at(1, 4000);
    CHECK_FALSE(line.take({1, 2, 3}));
    line.phone.payload_type = 14;
    CHECK_FALSE(line.take(line.phone.sound()));
    line.phone.payload_type = 13;  // RFC 3389: comfort noise, which is nothing to be heard
    CHECK_FALSE(line.take(line.phone.sound()));
    const auto statistics = line.in.statistics();
    CHECK(statistics.foreign_packets == 1);
    CHECK(statistics.malformed == 1);
    CHECK(statistics.unknown_payload == 1);
    CHECK(statistics.packets_in == 2);
}

TEST_CASE("inbound: before it is configured nothing counts", "[media][inbound]") {
    FakeWire wire;
    Inbound in{MediaId{4}, wire};
    Phone phone{.from = at(1, 4000)};
    CHECK_FALSE(in.take(phone.from, phone.sound(), t0));
    CHECK(in.statistics().foreign_packets == 1);
}

TEST_CASE("inbound: what nobody wants is counted and not given on", "[media][inbound]") {
    auto order = party({4}, at(1, 4000));
    order.receives = false;
    order.silence_limit = 1s;
    Line line{order};
    CHECK_FALSE(line.take(line.phone.sound()));
    CHECK(line.in.statistics().packets_in == 1);
    CHECK(line.in.silence_due() == never);
    line.talk(5);
    line.digit(1);
    CHECK(line.wire.all<DigitHeard>().empty());
}

// A digit commands: only the proven source may give it.
TEST_CASE("inbound: digits only from the locked source", "[media][inbound]") {
    Line line;
    line.digit(3);
    CHECK(line.wire.all<DigitHeard>().empty());
    line.talk(5);
    line.digit(5);
    const auto heard = line.wire.all<DigitHeard>();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].digit == '5');
    CHECK(heard[0].duration_ms == 100);
    CHECK_FALSE(heard[0].inband);
    CHECK(heard[0].at == t0 + 120ms);
    line.phone.from = at(66, 4000);
    line.digit(6);
    CHECK(line.wire.all<DigitHeard>().size() == 1);
}

TEST_CASE("inbound: a digit whose end was lost is over after a while", "[media][inbound]") {
    Line line;
    line.talk(5);
    CHECK(line.in.digit_due() == never);
    line.phone.payload_type = 101;
    const auto event = print_event({9, false, 10, 320});
    line.take(line.phone.packet({event.begin(), event.end()}, true));
    const Instant due = line.in.digit_due();
    CHECK(due == t0 + 100ms + digit_end_patience);
    line.in.expire_digit(due);
    REQUIRE(line.wire.all<DigitHeard>().size() == 1);
    CHECK(line.wire.all<DigitHeard>()[0].digit == '9');
    CHECK(line.in.digit_due() == never);
}

TEST_CASE("inbound: a masked digit is told as one, and is relayed to nobody", "[media][inbound]") {
    Line line;
    line.talk(5);
    line.phone.payload_type = 101;
    const auto press = [&line](std::uint8_t code, bool ended) {
        const auto event = print_event({code, ended, 10, 400});
        const auto heard = line.take(line.phone.packet({event.begin(), event.end()}));
        REQUIRE(heard);
        return line.in.hides(*heard);
    };
    const auto digits = [&line] {
        std::string all;
        for (const auto& digit : line.wire.all<DigitHeard>())
            all += digit.digit;
        return all;
    };
    CHECK_FALSE(press(1, false));
    line.in.mask_digits(true, line.now);  // it runs still
    CHECK(press(1, true));
    line.phone.timestamp += 800;
    CHECK(press(2, true));
    line.phone.timestamp += 800;
    CHECK(press(3, false));
    CHECK(digits() == "??");
    line.in.mask_digits(false, line.now);  // likewise
    CHECK(press(3, true));
    line.phone.timestamp += 800;
    CHECK_FALSE(press(4, true));
    CHECK(digits() == "???4");
}

TEST_CASE("inbound: a digit is not lost with its stream", "[media][inbound]") {
    Line line;
    line.talk(5);
    line.phone.payload_type = 101;
    const auto event = print_event({9, false, 10, 320});
    line.take(line.phone.packet({event.begin(), event.end()}, true));
    line.phone.ssrc = 77;  // as phones do
    line.phone.timestamp = 5;
    line.digit(2);
    const auto heard = line.wire.all<DigitHeard>();
    REQUIRE(heard.size() == 2);
    CHECK(heard[0].digit == '9');
    CHECK(heard[1].digit == '2');
}

TEST_CASE("inbound: in-band digits where they are asked for", "[media][inbound]") {
    for (const bool asked : {false, true}) {
        auto order = party({4}, at(1, 4000));
        order.telephone_event = 0;
        order.detect_inband_digits = asked;
        Line line{order};
        line.talk(5);
        InbandDigit digit{'8', 100ms, Codec::pcma};
        while (!digit.over()) {
            std::vector<std::uint8_t> payload(160);
            digit.next(20ms, payload);
            line.take(line.phone.packet(payload));
        }
        const auto heard = line.wire.all<DigitHeard>();
        REQUIRE(heard.size() == (asked ? 1 : 0));
        if (asked) CHECK(heard[0].digit == '8');
        if (asked) CHECK(heard[0].inband);
    }
}

TEST_CASE("inbound: silence and its end", "[media][inbound]") {
    auto order = party({4}, at(1, 4000));
    order.silence_limit = 1s;
    Line line{order};
    CHECK(line.in.silence_due() == t0 + 1s);
    line.talk(10);  // the last at 180 ms
    line.in.check_silence(t0 + 1s);
    CHECK(line.wire.all<Silent>().empty());
    CHECK(line.in.silence_due() == t0 + 1180ms);
    line.in.check_silence(t0 + 1180ms);
    REQUIRE(line.wire.all<Silent>().size() == 1);
    CHECK(line.wire.all<Silent>()[0].since == t0 + 180ms);
    CHECK(line.in.silence_due() == never);

    line.now = t0 + 5s;
    line.talk(2);
    REQUIRE(line.wire.all<SoundReturned>().size() == 1);
    CHECK(line.wire.all<SoundReturned>()[0].at == t0 + 5s);
    CHECK(line.in.silence_due() == t0 + 6s);
    line.in.check_silence(t0 + 6s);
    CHECK(line.in.silence_due() == t0 + 6020ms);
}

TEST_CASE("inbound: a party that never says a word is silent since it was configured",
          "[media][inbound]") {
    auto order = party({4}, at(1, 4000));
    order.silence_limit = 1s;
    Line line{order};
    line.phone.from = at(66, 4000);
    line.talk(100);  // strangers make no sound
    line.in.check_silence(t0 + 1s);
    REQUIRE(line.wire.all<Silent>().size() == 1);
    CHECK(line.wire.all<Silent>()[0].since == t0);
}

TEST_CASE("inbound: silence limits that are none", "[media][inbound]") {
    for (const Micros limit : {Micros::min(), -1us, 0us}) {
        auto order = party({4}, at(1, 4000));
        order.silence_limit = limit;
        CHECK(Line{order}.in.silence_due() == never);
    }
    auto order = party({4}, at(1, 4000));
    order.silence_limit = Micros::max();
    CHECK(Line{order}.in.silence_due() == t0 + 24h);
}

// RFC 3550 6.4.1: loss and jitter are of the audio; an event repeats its timestamp.
TEST_CASE("inbound: statistics", "[media][inbound]") {
    Line line;
    line.talk(5);
    line.phone.sequence += 3;
    line.phone.timestamp += 3 * 160;
    line.now += 60ms;
    line.talk(5);
    line.digit(4);
    CHECK(line.in.statistics().lost == 3);
    CHECK(line.in.statistics().jitter_us == 0);
}
