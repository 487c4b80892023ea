#include "media/track.hpp"

#include "support/sound.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

using namespace holdfast;
using namespace holdfast::media;

namespace {
/// What a listener hears of `packets` packets of two frames, at 8 kHz.
test::Sound listen(const Track& track, bool loop, std::size_t packets) {
    const auto decoder = facts_of(track.codec()).make_decoder();
    test::Sound out;
    Track::Position position;
    for (std::size_t i = 0; i < packets; ++i) {
        std::array<std::uint8_t, most_packet_bytes> payload{};
        const std::size_t size = track.next_packet(position, loop, 2, payload);
        if (size == 0) break;
        std::array<std::int16_t, most_decoded> samples{};
        const std::size_t count = decoder->decode(Bytes{payload}.first(size), samples);
        out.insert(out.end(), samples.begin(), samples.begin() + static_cast<long>(count));
    }
    return out;
}

Track track_of(Codec codec, const test::Sound& sound, std::size_t piece = 77) {
    TrackBuilder builder{codec};
    for (std::size_t at = 0; at < sound.size(); at += piece)
        builder.add(Samples{sound}.subspan(at, std::min(piece, sound.size() - at)));
    return builder.finish();
}
}  // namespace

TEST_CASE("track: once through, to the last sample", "[media][track]") {
    const auto sound = test::sine(440, 8000, 8000 + 33);  // not a whole number of frames
    const Track track = track_of(Codec::pcma, sound);
    CHECK(track.frames() == 101);
    const auto heard = listen(track, false, 1000);
    REQUIRE(heard.size() == 8080);
    for (std::size_t i = 0; i < heard.size(); ++i) {
        const int want = i < sound.size() ? sound[i] : 0;
        if (std::abs(heard[i] - want) > 300) FAIL("sample " << i);
    }
}

TEST_CASE("track: a packet at the end may be short, and then there is none", "[media][track]") {
    const Track track = track_of(Codec::pcmu, test::sine(440, 8000, 240));
    Track::Position position;
    std::array<std::uint8_t, most_packet_bytes> payload{};
    CHECK(track.next_packet(position, false, 2, payload) == 160);
    CHECK(track.next_packet(position, false, 2, payload) == 80);
    CHECK(track.next_packet(position, false, 2, payload) == 0);
    CHECK(track.next_packet(position, false, 2, payload) == 0);
}

// Going round is neither a click nor a gap, wherever the file was cut.
TEST_CASE("track: loops without a click", "[media][track]") {
    for (const Codec codec : {Codec::pcma, Codec::pcmu, Codec::g722, Codec::opus}) {
        const auto rate = facts_of(codec).sample_rate;
        // 444 Hz for 0.5 s and 27 samples: end and beginning do not meet.
        const Track track = track_of(codec, test::sine(444, rate, rate / 2 + 27));
        const auto heard = listen(track, true, 100);  // two seconds, four times round
        CAPTURE(text_of(codec));
        REQUIRE(heard.size() == 16'000);
        // A sine of 10,000 at 444 Hz moves 3,490 a sample at most, and the codecs add noise; end on
        // beginning would jump by up to 20,000.
        CHECK(test::largest_step(heard) < 5000);
        for (std::size_t at = 800; at + 160 <= heard.size(); at += 160) {
            CAPTURE(at);
            const std::span<const std::int16_t> piece{heard.data() + at, 160};
            // The fade from one phase into the other may be weaker, never silent.
            CHECK(test::strength(piece, 444, 8000) > 1500);
        }
    }
}

// Whatever a listener has heard before: a decoder whose state is of something loud must not make a
// burst of a soft beginning.
TEST_CASE("track: begins as it was recorded after something loud", "[media][track]") {
    for (const Codec codec : {Codec::pcma, Codec::pcmu, Codec::g722, Codec::opus}) {
        const auto rate = facts_of(codec).sample_rate;
        auto soft = test::sine(300, rate, rate / 2);
        for (auto& sample : soft)
            sample /= 10;  // 1,000 at most
        const Track loud = track_of(codec, test::sine(1000, rate, rate));
        const Track track = track_of(codec, soft);
        const auto decoder = facts_of(codec).make_decoder();
        test::Sound heard;
        for (const Track* each : {&loud, &track}) {
            heard.clear();
            Track::Position position;
            std::array<std::uint8_t, most_packet_bytes> payload{};
            while (const std::size_t size = each->next_packet(position, false, 2, payload)) {
                std::array<std::int16_t, most_decoded> samples{};
                const std::size_t count = decoder->decode(Bytes{payload}.first(size), samples);
                heard.insert(heard.end(), samples.begin(), samples.begin() + long(count));
            }
        }
        CAPTURE(text_of(codec));
        // Within 20 ms a codec's delay still gives the end of what was loud.
        const std::size_t from = 80 * facts_of(codec).settling_frames + 160;
        REQUIRE(heard.size() >= from + 3200);
        const auto loudest = *std::max_element(heard.begin() + long(from), heard.end());
        CHECK(loudest < 2000);
    }
}

TEST_CASE("track: listeners do not disturb each other", "[media][track]") {
    const Track track = track_of(Codec::g722, test::sine(440, 16'000, 16'000));
    const auto alone = listen(track, true, 60);
    Track::Position other{17};
    std::array<std::uint8_t, most_packet_bytes> payload{};
    track.next_packet(other, true, 6, payload);
    CHECK(listen(track, true, 60) == alone);
}

TEST_CASE("track: shorter than a frame, and shorter than two", "[media][track]") {
    for (const std::size_t samples : {1u, 79u, 80u, 81u, 159u, 160u}) {
        CAPTURE(samples);
        const Track track = track_of(Codec::pcma, test::sine(440, 8000, samples));
        CHECK(listen(track, true, 50).size() == 8000);
        CHECK(listen(track, false, 50).size() == (samples + 79) / 80 * 80);
    }
}

TEST_CASE("track: nothing in it", "[media][track]") {
    const Track track = track_of(Codec::pcma, {});
    Track::Position position;
    std::array<std::uint8_t, most_packet_bytes> payload{};
    CHECK(track.next_packet(position, true, 2, payload) == 0);
    CHECK(track.next_packet(position, false, 2, payload) == 0);
}
