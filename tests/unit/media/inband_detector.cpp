#include "media/inband_detector.hpp"

#include "base/enum_text.hpp"
#include "fake_wire.hpp"
#include "media/digit_sender.hpp"
#include "support/sound.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

using namespace holdfast;
using namespace holdfast::media;

namespace {
struct Line {
    InbandDetector detector;
    std::vector<HeardDigit> heard;
    Instant now = start_of_test;

    void take(Codec codec, Bytes payload) {
        for (const auto& digit : detector.take(codec, payload, now))
            heard.push_back(digit);
        now += 20ms;
    }
    void send(char digit, Codec codec) {
        InbandDigit sender{digit, 100ms, codec};
        while (!sender.over()) {
            std::array<std::uint8_t, most_packet_bytes> payload{};
            take(codec, Bytes{payload}.first(sender.next(20ms, payload)));
        }
    }
    std::string digits() const {
        std::string out;
        for (const auto& digit : heard)
            out += digit.digit;
        return out;
    }
};
}  // namespace

TEST_CASE("in-band: every digit in every codec, once", "[media][inband]") {
    for (const Codec codec : every<Codec>) {
        CAPTURE(text_of(codec));
        Line line;
        for (const char digit : dtmf_digits)
            line.send(digit, codec);
        CHECK(line.digits() == dtmf_digits);
    }
}

TEST_CASE("in-band: when it began and how long it was, to two blocks", "[media][inband]") {
    Line line;
    line.send('7', Codec::pcma);
    REQUIRE(line.heard.size() == 1);
    const auto late = line.heard[0].at - start_of_test - inband_lead_in;
    CHECK(late >= -25ms);
    CHECK(late <= 25ms);
    CHECK(line.heard[0].duration >= 70ms);
    CHECK(line.heard[0].duration <= 130ms);
}

TEST_CASE("in-band: neither music nor one tone is a digit", "[media][inband]") {
    Line line;
    const auto encoder = facts_of(Codec::pcma).make_encoder();
    const auto tone = test::sine(770, 8000, 8000);
    for (std::size_t at = 0; at + 160 <= tone.size(); at += 160) {
        std::array<std::uint8_t, 160> payload{};
        encoder->encode(Samples{tone}.subspan(at, 160), payload);
        line.take(Codec::pcma, payload);
    }
    CHECK(line.digits().empty());
}

TEST_CASE("in-band: the codec may change between digits", "[media][inband]") {
    Line line;
    line.send('1', Codec::pcma);
    line.send('2', Codec::g722);
    line.send('3', Codec::pcmu);
    CHECK(line.digits() == "123");
}
