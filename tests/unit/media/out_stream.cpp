#include "media/out_stream.hpp"

#include "fake_wire.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;

namespace {
constexpr Instant t0 = start_of_test;

struct Sender {
    OutStream stream{7, 65'535, 0xffff'ff00};
    RtpHeader last;

    void begin(Instant when, std::uint32_t clock = 8000) {
        const Instant moment = std::max(when, stream.ends_at());
        last = stream.begin(8, clock, moment);
        stream.sent(last, clock, moment, 20ms, 160);
    }
    void next(Instant when) {
        last = stream.next(8, when);
        stream.sent(last, stream.clock(), when, 20ms, 160);
    }
};
}  // namespace

TEST_CASE("out stream: starts where it was told, with a marker", "[media][stream]") {
    Sender s;
    CHECK_FALSE(s.stream.started());
    s.begin(t0);
    CHECK(s.last == RtpHeader{.payload_type = 8,
                              .marker = true,
                              .sequence = 65'535,
                              .timestamp = 0xffff'ff00,
                              .ssrc = 7});
    CHECK(s.stream.started());
}

// RFC 3550 5.1: the sequence number rises by one a packet, the timestamp with the samples; both
// wrap.
TEST_CASE("out stream: goes on past both wraps", "[media][stream]") {
    Sender s;
    s.begin(t0);
    s.next(t0 + 20ms);
    CHECK(s.last.sequence == 0);
    CHECK(s.last.timestamp == 0xffff'ffa0);
    CHECK_FALSE(s.last.marker);
    s.next(t0 + 40ms);
    CHECK(s.last.sequence == 1);
    CHECK(s.last.timestamp == 0x40);
}

TEST_CASE("out stream: a new run stands where time says, gap included", "[media][stream]") {
    Sender s;
    s.begin(t0);
    s.begin(t0 + 3s);
    CHECK(s.last.marker);
    CHECK(s.last.sequence == 0);
    CHECK(s.last.timestamp == 0xffff'ff00 + 24'000);
}

// What was sent has its time: a new run begins behind it, and the next gap makes up for that.
TEST_CASE("out stream: runs do not overlap, and do not drift", "[media][stream]") {
    Sender s;
    s.begin(t0);
    s.begin(t0 + 5ms);
    CHECK(s.last.timestamp == 0xffff'ff00 + 160);
    s.begin(t0 + 1s);
    CHECK(s.last.timestamp == 0xffff'ff00 + 8000);
}

TEST_CASE("out stream: an hour between two packets", "[media][stream]") {
    Sender s;
    s.begin(t0, 48'000);
    s.begin(t0 + 1h, 48'000);
    CHECK(s.last.timestamp == 0xffff'ff00u + 3600u * 48'000u);
}

// RFC 7160: where the clock changes, the step is counted in the new one.
TEST_CASE("out stream: another clock", "[media][stream]") {
    Sender s;
    s.begin(t0);
    s.begin(t0 + 100ms, 48'000);
    CHECK(s.last.timestamp == 0xffff'ff00 + 4800);
    s.next(t0 + 120ms);
    CHECK(s.last.timestamp == 0xffff'ff00 + 4800 + 960);
}

TEST_CASE("out stream: updates repeat their timestamp", "[media][stream]") {
    Sender s;
    s.begin(t0);
    const auto again = s.stream.again(101);
    CHECK(again.timestamp == s.last.timestamp);
    CHECK(again.sequence == 0);
    CHECK_FALSE(again.marker);
    s.stream.sent(again, 8000, t0, 100ms, 4);
    CHECK(s.stream.ends_at() == t0 + 100ms);
}

TEST_CASE("out stream: an overtaken packet moves nothing back", "[media][stream]") {
    Sender s;
    s.begin(t0);
    s.next(t0 + 20ms);
    s.next(t0 + 40ms);
    RtpHeader old = s.last;
    old.sequence = 0;
    old.timestamp -= 160;
    s.stream.sent(old, 8000, t0 + 41ms, 20ms, 160);
    s.next(t0 + 60ms);
    CHECK(s.last.sequence == 2);
    CHECK(s.stream.packets() == 5);
}

// RFC 3550 6.4.1: the report's RTP timestamp is of the same moment as its NTP time.
TEST_CASE("out stream: sender information", "[media][stream]") {
    Sender s;
    s.begin(t0);
    s.next(t0 + 20ms);
    const auto info = s.stream.info(99, t0 + 520ms);
    CHECK(info.sent_at == 99);
    CHECK(info.rtp_timestamp == 0xffff'ff00 + 160 + 4000);
    CHECK(info.packets == 2);
    CHECK(info.octets == 320);
}
