#include "media/source.hpp"

#include "base/limits.hpp"
#include "support/sound.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace holdfast;
using namespace holdfast::media;

namespace {
test::Sound heard(const Source& source, Codec codec) {
    const Track& track = source.track(codec);
    const auto decoder = facts_of(codec).make_decoder();
    test::Sound out;
    Track::Position position;
    std::array<std::uint8_t, most_packet_bytes> payload{};
    while (const std::size_t size = track.next_packet(position, false, 2, payload)) {
        std::array<std::int16_t, most_decoded> samples{};
        const std::size_t count = decoder->decode(Bytes{payload}.first(size), samples);
        out.insert(out.end(), samples.begin(), samples.begin() + static_cast<long>(count));
    }
    return out;
}
}  // namespace

TEST_CASE("source: one sound for every codec", "[media][source]") {
    SourceBuilder builder{44'100};
    std::vector<float> tone;
    for (const auto sample : test::sine(660, 44'100, 44'100, 10'000))
        tone.push_back(static_cast<float>(sample) / 32'768.0F);
    CHECK(builder.empty());
    REQUIRE(builder.add(tone));
    CHECK_FALSE(builder.empty());
    const auto source = builder.finish();
    CHECK(source->length() == 1s);
    CHECK(source->size_bytes() > 20'000);
    CHECK(source->size_bytes() < 38'000);
    for (const Codec codec : every<Codec>) {
        CAPTURE(text_of(codec));
        const auto sound = heard(*source, codec);
        CHECK(sound.size() == 8000 + 80 * facts_of(codec).settling_frames);
        CHECK(test::strength(std::span{sound}.subspan(1000, 6000), 660, 8000) ==
              Approx(10'000).epsilon(0.1));
    }
}

TEST_CASE("source: no longer than the limit", "[media][source]") {
    SourceBuilder builder{4000, 1s};
    REQUIRE(builder.add(std::vector<float>(3999)));
    CHECK_FALSE(builder.add(std::vector<float>(2)));
    REQUIRE(builder.add(std::vector<float>(1)));
    CHECK_FALSE(builder.add(std::vector<float>(1)));
    const auto source = builder.finish();
    CHECK(source->length() == 1s);
    // What base/limits.hpp counts with.
    constexpr std::size_t bridge = 21 * 300;
    const auto& g722 = facts_of(Codec::g722);
    const std::size_t settling = g722.settling_frames * g722.frame_bytes;
    CHECK(source->size_bytes() - bridge - settling <= 30'000);
    CHECK(limits::source_length / 1s * 30'000 <= 54'000'000);
}

TEST_CASE("tone: as ordered, and without a click", "[media][source]") {
    const auto made = make_tone({.source = {3},
                                 .hertz = 440,
                                 .second_hertz = 0,
                                 .on_ms = 200,
                                 .off_ms = 100,
                                 .repeats = 3});
    REQUIRE(made);
    CHECK((*made)->length() == 900ms);
    const auto sound = heard(**made, Codec::pcma);
    for (const std::size_t beep : {0u, 2400u, 4800u}) {
        CHECK(test::strength(std::span{sound}.subspan(beep + 100, 1400), 440, 8000) > 6000);
        CHECK(test::strength(std::span{sound}.subspan(beep + 1700, 600), 440, 8000) < 20);
    }
    CHECK(test::largest_step(sound) < 3500);  // what the sine itself moves
}

TEST_CASE("tone: what cannot be made says why", "[media][source]") {
    const auto fault = [](std::uint16_t hertz,
                          std::uint16_t second,
                          std::uint16_t on_ms,
                          std::uint16_t off_ms,
                          std::uint8_t repeats) {
        const auto made = make_tone({{7}, hertz, second, on_ms, off_ms, repeats});
        return made ? std::string{} : made.error();
    };
    CHECK(fault(0, 0, 200, 100, 1) ==
          "tone 7 has a frequency that no telephone carries: give 1 to 3999 Hz");
    CHECK_FALSE(fault(4000, 0, 200, 100, 1).empty());
    CHECK_FALSE(fault(440, 4000, 200, 100, 1).empty());
    CHECK(fault(440, 0, 0, 100, 1) == "tone 7 would be silent: give on_ms and repeats above zero");
    CHECK_FALSE(fault(440, 0, 200, 100, 0).empty());
    CHECK(fault(440, 0, 65'535, 65'535, 255) ==
          "tone 7 would last more than 30 minutes: make it shorter");
    CHECK(fault(3999, 1, 1, 0, 1).empty());
}
