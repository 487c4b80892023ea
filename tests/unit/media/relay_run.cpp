#include "media/relay_run.hpp"

#include "fake_wire.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;

namespace {
constexpr Instant t0 = start_of_test;

/// A speaker that sends 20 ms packets from sequence 1000, timestamp 50,000 at t0.
Heard heard(std::int64_t number, std::uint32_t stream = 1) {
    Heard h;
    h.packet.header = {.payload_type = 0,
                       .marker = false,
                       .sequence = static_cast<std::uint16_t>(number),
                       .timestamp = static_cast<std::uint32_t>(50'000 + (number - 1000) * 160),
                       .ssrc = 5};
    h.place = {.belongs = true, .stream = stream, .number = number};
    h.codec = Codec::pcmu;
    return h;
}
Instant time_of(std::int64_t number) {
    return t0 + (number - 1000) * 20ms;
}

struct Line {
    OutStream out{7, 10, 900};
    RelayRun run;
    std::optional<Relayed> pass(const Heard& h, Instant now) {
        const auto mapped = run.map(h, 8, 8000, out, now);
        if (mapped) out.sent(mapped->header, mapped->clock, mapped->at, 20ms, 160);
        return mapped;
    }
    std::optional<Relayed> pass(std::int64_t number) {
        return pass(heard(number), time_of(number));
    }
};
}  // namespace

TEST_CASE("relay: number and timestamp become ours, the payload type the hearer's",
          "[media][relay]") {
    Line line;
    const auto first = line.pass(1000);
    REQUIRE(first);
    CHECK(
        first->header ==
        RtpHeader{.payload_type = 8, .marker = true, .sequence = 10, .timestamp = 900, .ssrc = 7});
    const auto second = line.pass(1001);
    REQUIRE(second);
    CHECK(second->header ==
          RtpHeader{
              .payload_type = 8, .marker = false, .sequence = 11, .timestamp = 1060, .ssrc = 7});
}

// The receiver sees the order and the gaps that we saw.
TEST_CASE("relay: loss and misorder stay", "[media][relay]") {
    Line line;
    line.pass(1000);
    line.pass(1001);
    CHECK(line.pass(1004)->header.sequence == 14);
    CHECK(line.pass(heard(1002), time_of(1004) + 1ms)->header.sequence == 12);
    CHECK(line.pass(heard(1002), time_of(1004) + 1ms)->header.timestamp == 900 + 320);
    CHECK(line.pass(1005)->header.sequence == 15);
}

TEST_CASE("relay: the incoming number wraps, and so does ours", "[media][relay]") {
    Line line;
    line.out = OutStream{7, 65'535, 900};
    CHECK(line.pass(65'535)->header.sequence == 65'535);
    CHECK(line.pass(65'536)->header.sequence == 0);
    CHECK(line.pass(65'537)->header.sequence == 1);
    CHECK(line.pass(65'537)->header.timestamp == 900 + 320);
}

// A packet from before the switch would take a number that was given out already.
TEST_CASE("relay: nothing from before the run", "[media][relay]") {
    Line line;
    line.pass(1000);
    CHECK_FALSE(line.pass(heard(999), time_of(1000)));
    CHECK(line.pass(heard(1000), time_of(1000)));
    // 32,768 packets on, the 16-bit difference alone would take the old one for a new one.
    for (std::int64_t n = 1001; n < 34'000; n += 500)
        line.pass(n);
    CHECK_FALSE(line.pass(heard(990), time_of(34'000)));
}

TEST_CASE("relay: another stream begins a run where time says", "[media][relay]") {
    Line line;
    line.pass(1000);
    line.pass(1001);
    auto other = heard(7, 2);
    const auto mapped = line.pass(other, t0 + 1s);
    REQUIRE(mapped);
    CHECK(mapped->header.marker);
    CHECK(mapped->header.sequence == 12);
    CHECK(mapped->header.timestamp == 900 + 8000);
}

// Some phones stop their clock while they are silent, or begin to count anew without a new SSRC.
TEST_CASE("relay: a timestamp that jumps from what time allows begins a run", "[media][relay]") {
    Line line;
    line.pass(1000);
    line.pass(1001);
    auto stopped = heard(1002);  // the next timestamp, thirty seconds later
    const auto mapped = line.pass(stopped, t0 + 30s);
    CHECK(mapped->header.marker);
    CHECK(mapped->header.sequence == 12);
    CHECK(mapped->header.timestamp == 900 + 240'000);
    auto late = heard(1003);  // jitter is no jump
    CHECK_FALSE(line.pass(late, t0 + 30s + 900ms)->header.marker);
}

TEST_CASE("relay: silence suppression is no jump", "[media][relay]") {
    Line line;
    line.pass(1000);
    auto after = heard(1001);
    after.packet.header.timestamp += 40 * 8000;  // its clock went on for 40 s
    const auto mapped = line.pass(after, t0 + 40s + 20ms);
    CHECK_FALSE(mapped->header.marker);
    CHECK(mapped->header.timestamp == 900 + 160 + 320'000);
}

// A run that had to begin behind what was sent keeps that distance, and no later one inherits it.
TEST_CASE("relay: a run that begins early does not drift", "[media][relay]") {
    Line line;
    line.pass(1000);
    line.run = {};
    const auto early = line.pass(heard(2000), t0 + 5ms);
    CHECK(early->header.timestamp == 900 + 160);
    auto next = heard(2001);
    CHECK(line.pass(next, t0 + 25ms)->header.timestamp == 900 + 320);
    line.run = {};
    CHECK(line.pass(heard(3000), t0 + 1s)->header.timestamp == 900 + 8000);
}

// RFC 4733 2.5.1.2: updates keep the timestamp of the beginning, here of ours.
TEST_CASE("relay: a long event keeps its timestamp, and audio goes on behind it",
          "[media][relay]") {
    Line line;
    line.pass(1000);
    auto event = heard(1001);
    event.codec.reset();
    std::uint32_t begun = 0;
    for (int i = 0; i < 250; ++i) {  // five seconds
        const Instant now = t0 + 20ms + i * 20ms;
        const auto mapped = line.run.map_event(event, 101, 8000, line.out, now);
        REQUIRE(mapped);
        if (i == 0) begun = mapped->header.timestamp;
        CHECK(mapped->header.timestamp == begun);
        CHECK(mapped->header.sequence == 11 + i);
        CHECK_FALSE(mapped->header.marker);
        line.out.sent(mapped->header, mapped->clock, mapped->at, (i + 1) * 20ms, 4);
        ++event.place.number;
    }
    auto audio = heard(1251);
    const auto mapped = line.pass(audio, time_of(1251));
    CHECK_FALSE(mapped->header.marker);
    CHECK(mapped->header.timestamp == 900 + 251 * 160);
}

TEST_CASE("relay: an event of another clock than the audio is placed by time", "[media][relay]") {
    OutStream out{7, 10, 900};
    RelayRun run;
    Heard audio = heard(1000);
    audio.codec = Codec::opus;
    audio.clock = 48'000;
    const auto first = run.map(audio, 96, 48'000, out, t0);
    out.sent(first->header, first->clock, first->at, 20ms, 60);

    Heard event = heard(1001);
    event.codec.reset();
    event.packet.header.timestamp = 3;  // what its sender means by it, nobody knows
    auto mapped = run.map_event(event, 101, 8000, out, t0 + 20ms);
    REQUIRE(mapped);
    CHECK(mapped->header.timestamp == 900 + 960);
    CHECK(mapped->header.sequence == 11);
    CHECK(mapped->clock == 48'000);
    out.sent(mapped->header, mapped->clock, mapped->at, 20ms, 4);
    ++event.place.number;
    mapped = run.map_event(event, 101, 8000, out, t0 + 40ms);
    CHECK(mapped->header.timestamp == 900 + 960);
    event.packet.header.timestamp = 2000;  // the next event
    ++event.place.number;
    mapped = run.map_event(event, 101, 8000, out, t0 + 220ms);
    CHECK(mapped->header.timestamp == 900 + 220 * 48);
}
