#include "media/digit_sender.hpp"

#include "support/sound.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace holdfast;
using namespace holdfast::media;

namespace {
struct Sent {
    std::vector<TelephoneEvent> events;
    int pauses = 0;
};
Sent all_of(EventDigit digit, Micros ptime) {
    Sent sent;
    while (!digit.over()) {
        if (const auto event = digit.next(ptime))
            sent.events.push_back(*event);
        else
            ++sent.pauses;
    }
    return sent;
}
}  // namespace

// RFC 4733 2.5.1.2 and 2.5.1.4: updates with the duration so far, and the end three times.
TEST_CASE("digits out: an event from its first packet to its last", "[media][digits]") {
    const auto sent = all_of({'#', 100ms, 8000}, 20ms);
    REQUIRE(sent.events.size() == 7);
    for (std::size_t i = 0; i < sent.events.size(); ++i) {
        CAPTURE(i);
        CHECK(sent.events[i].code == 11);
        CHECK(sent.events[i].ended == (i >= 4));
        CHECK(sent.events[i].duration == std::min<std::size_t>(160 * (i + 1), 800));
    }
    CHECK(sent.pauses == 1);  // 60 ms from the end, the repetitions among them
}

TEST_CASE("digits out: durations that are no multiple of the packet time", "[media][digits]") {
    const auto sent = all_of({'1', 50ms, 8000}, 20ms);
    REQUIRE(sent.events.size() == 5);
    CHECK(sent.events[1].duration == 320);
    CHECK(sent.events[2].duration == 400);
    CHECK(sent.events[2].ended);
}

TEST_CASE("digits out: one packet time is longer than the digit", "[media][digits]") {
    const auto sent = all_of({'1', 40ms, 8000}, 60ms);
    REQUIRE(sent.events.size() == 3);
    CHECK(sent.events[0].ended);
    CHECK(sent.events[0].duration == 320);
}

TEST_CASE("digits out: too short and too long are put right", "[media][digits]") {
    CHECK(all_of({'1', 1ms, 8000}, 10ms).events.back().duration == 320);      // 40 ms
    CHECK(all_of({'1', 60s, 8000}, 20ms).events.back().duration == 48'000);   // 6 s
    CHECK(all_of({'1', 6s, 48'000}, 20ms).events.back().duration >= 0xfff0);  // 16 bits
}

TEST_CASE("digits out: in-band tones between silences", "[media][digits]") {
    InbandDigit digit{'5', 100ms, Codec::pcma};
    const auto decoder = facts_of(Codec::pcma).make_decoder();
    test::Sound heard;
    while (!digit.over()) {
        std::array<std::uint8_t, 480> payload{};
        const std::size_t size = digit.next(20ms, payload);
        CHECK(size == 160);
        std::array<std::int16_t, most_decoded> samples{};
        const auto count = decoder->decode(Bytes{payload}.first(size), samples);
        heard.insert(heard.end(), samples.begin(), samples.begin() + static_cast<long>(count));
    }
    REQUIRE(heard.size() == 1600);  // 40 ms, 100 and 60
    const std::span<const std::int16_t> tone{heard.data() + 320, 800};
    CHECK(test::strength(tone, 770, 8000) == Approx(dtmf_amplitude).epsilon(0.1));
    CHECK(test::strength(tone, 1336, 8000) == Approx(dtmf_amplitude).epsilon(0.1));
    for (std::size_t i = 0; i < heard.size(); ++i)
        if (i < 320 || i >= 1120) CHECK(std::abs(heard[i]) < 16);
}
