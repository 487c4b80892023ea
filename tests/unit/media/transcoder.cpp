#include "media/transcoder.hpp"

#include "base/enum_text.hpp"
#include "talker.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;
using holdfast::test::Sound;
using holdfast::test::strength;

TEST_CASE("transcoder: a tone from every codec to every other", "[media][transcoder]") {
    const auto from = GENERATE(Codec::pcma, Codec::pcmu, Codec::g722, Codec::opus);
    const auto to = GENERATE(Codec::pcma, Codec::pcmu, Codec::g722, Codec::opus);
    const auto frames = GENERATE(1, 2, 6);
    CAPTURE(text_of(from), text_of(to), frames);
    Talker talker{from, 660};
    Transcoder transcoder{from, to};
    const auto decoder = facts_of(to).make_voice();
    Sound sound;
    const auto count = static_cast<std::size_t>(frames);
    for (Micros time{}; time < 1200ms; time += frame_time * count) {
        talker.deliver(time, [&](const Heard& heard) { transcoder.take(heard); });
        std::array<std::uint8_t, most_packet_bytes> payload;
        const std::size_t size = transcoder.next_packet(count, payload);
        REQUIRE(size > 0);
        REQUIRE(facts_of(to).duration(Bytes{payload}.first(size)) == frame_time * count);
        std::array<std::int16_t, most_voice> samples;
        const std::size_t made = decoder->decode(Bytes{payload}.first(size), samples);
        sound.insert(sound.end(), samples.begin(), samples.begin() + static_cast<long>(made));
    }
    const std::size_t rate = facts_of(to).sample_rate;
    REQUIRE(sound.size() >= rate);
    CHECK(strength(std::span{sound}.last(rate / 2), 660, static_cast<double>(rate)) > 8800);
}
