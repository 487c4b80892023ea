#include "media/codecs.hpp"

#include "base/enum_text.hpp"
#include "media/opus.hpp"
#include "support/sound.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace holdfast;
using namespace holdfast::media;

namespace {
using Octets = std::vector<std::uint8_t>;

/// A second of a tone through the codec, in packets of `per_packet` frames, at 8 kHz.
test::Sound through(Codec codec, double hertz, std::size_t per_packet) {
    const auto& facts = facts_of(codec);
    const auto encoder = facts.make_encoder();
    const auto decoder = facts.make_decoder();
    const auto tone = test::sine(hertz, facts.sample_rate, facts.sample_rate);
    test::Sound out;
    std::vector<Octets> frames;
    for (std::size_t at = 0; at < tone.size(); at += facts.frame_samples()) {
        Octets frame(facts.frame_bytes);
        encoder->encode(Samples{tone}.subspan(at, facts.frame_samples()), frame);
        frames.push_back(frame);
        if (frames.size() < per_packet) continue;
        std::array<std::uint8_t, most_packet_bytes> payload{};
        const std::vector<Bytes> list(frames.begin(), frames.end());
        const std::size_t size = facts.join(list, payload);
        REQUIRE(size > 0);
        CHECK(facts.duration(Bytes{payload}.first(size)) ==
              static_cast<std::int64_t>(per_packet) * frame_time);
        std::array<std::int16_t, most_decoded> samples{};
        const std::size_t count = decoder->decode(Bytes{payload}.first(size), samples);
        out.insert(out.end(), samples.begin(), samples.begin() + static_cast<long>(count));
        frames.clear();
    }
    return out;
}
}  // namespace

TEST_CASE("codecs: a tone comes through each, in packets of every size", "[media][codec]") {
    for (const Codec codec : every<Codec>)
        for (std::size_t frames = 1; frames <= most_frames; ++frames) {
            CAPTURE(text_of(codec), frames);
            const auto heard = through(codec, 700, frames);
            REQUIRE(heard.size() > 7000);
            const std::span<const std::int16_t> steady{heard.data() + 2000, 4000};
            CHECK(test::strength(steady, 700, 8000) > 8000);
            CHECK(test::strength(steady, 700, 8000) < 12'000);
            CHECK(test::strength(steady, 1500, 8000) < 500);
        }
}

TEST_CASE("codecs: clocks are those of the RFCs", "[media][codec]") {
    CHECK(facts_of(Codec::pcma).clock == 8000);
    CHECK(facts_of(Codec::pcmu).clock == 8000);
    CHECK(facts_of(Codec::g722).clock == 8000);    // RFC 3551 4.5.2: for historical reasons
    CHECK(facts_of(Codec::opus).clock == 48'000);  // RFC 7587 4.1
}

TEST_CASE("codecs: nothing joins into too little room", "[media][codec]") {
    for (const Codec codec : every<Codec>) {
        const auto& facts = facts_of(codec);
        const Octets frame(facts.frame_bytes);
        const std::vector<Bytes> frames(2, Bytes{frame});
        Octets room(2 * facts.frame_bytes);
        const std::size_t size = facts.join(frames, room);
        CAPTURE(text_of(codec));
        CHECK(size > 0);
        CHECK(facts.join(frames, std::span{room}.first(size - 1)) == 0);
    }
}

// RFC 6716 3.1, 3.2: one frame, two of the same size, or a count.
TEST_CASE("codecs: opus packets say how many frames they have", "[media][codec][opus]") {
    const auto encoder = facts_of(Codec::opus).make_encoder();
    const test::Sound silence(160);
    std::vector<Octets> frames(6, Octets(opus_frame_bytes));
    for (auto& frame : frames)
        encoder->encode(silence, frame);
    const std::vector<Bytes> list(frames.begin(), frames.end());
    Octets room(1000);
    const auto first = [&](std::size_t count) {
        CHECK(join_opus(std::span{list}.first(count), room) ==
              1 + (count > 2 ? 1 : 0) + count * (opus_frame_bytes - 1));
        return room[0] & 3;
    };
    CHECK(first(1) == 0);
    CHECK(first(2) == 1);
    CHECK(first(3) == 3);
    CHECK(room[1] == 3);
    CHECK(first(6) == 3);
    CHECK(room[1] == 6);
    for (const auto& frame : frames)
        CHECK(frame[0] == frames[0][0]);  // or they could not share a packet
}

TEST_CASE("codecs: rubbish decodes to something or nothing", "[media][codec]") {
    for (const Codec codec : every<Codec>) {
        const auto decoder = facts_of(codec).make_decoder();
        std::array<std::int16_t, most_decoded> samples{};
        for (std::size_t size = 0; size < 1400; size += 7) {
            const Octets payload(size, static_cast<std::uint8_t>(size * 31));
            CHECK(decoder->decode(payload, samples) <= samples.size());
            static_cast<void>(facts_of(codec).duration(payload));
        }
    }
    CHECK(facts_of(Codec::opus).duration({}) == 0us);
}
