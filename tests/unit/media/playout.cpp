#include "media/playout.hpp"

#include "base/enum_text.hpp"
#include "talker.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;
using holdfast::test::largest_step;
using holdfast::test::Sound;
using holdfast::test::strength;

namespace {

/// A talker, a net and who hears it.
struct Path {
    Talker talker;
    Playout playout;
    Micros time{};

    explicit Path(Codec codec, const Net& net = {}, std::size_t frames = 2)
        : talker{codec, 440, net, frames}, playout{codec} {}
    const CodecFacts& facts() const { return facts_of(playout.codec()); }
    double rate() const { return facts().sample_rate; }
    /// In seconds.
    double lead() const { return static_cast<double>(playout.lead()) / rate(); }

    Sound run(Micros span) {
        Sound out;
        const Micros until = time + span;
        for (; time < until; time += frame_time) {
            talker.deliver(time, [this](const Heard& heard) { playout.take(heard); });
            listen(out);
        }
        return out;
    }
    /// Nothing comes.
    Sound hush(Micros span) {
        talker.pause_until(time + span);
        Sound out;
        for (const Micros until = time + span; time < until; time += frame_time)
            listen(out);
        return out;
    }
    void listen(Sound& out) {
        std::array<std::int16_t, most_frame_samples> frame;
        const auto heard = std::span{frame}.first(facts().frame_samples());
        playout.next(heard);
        out.insert(out.end(), heard.begin(), heard.end());
    }
    /// The weakest tenth of a second of the tone.
    double weakest(const Sound& sound) const {
        const auto piece = static_cast<std::size_t>(rate() / 10);
        double least = 1e9;
        for (std::size_t at = 0; at + piece <= sound.size(); at += piece)
            least = std::min(least, strength(std::span{sound}.subspan(at, piece), 440, rate()));
        return least;
    }
};

// A sine of 440 Hz and an amplitude of 10,000 moves by 3,456 from sample to sample at 8,000 Hz.
constexpr int most_step = 4300;

}  // namespace

TEST_CASE("playout: every codec in every packet time is heard as it was said", "[media][playout]") {
    const auto codec = GENERATE(Codec::pcma, Codec::pcmu, Codec::g722, Codec::opus);
    const auto frames = GENERATE(1, 2, 3, 6);
    CAPTURE(text_of(codec), frames);
    Path path{codec, {}, static_cast<std::size_t>(frames)};
    const Sound beginning = path.run(200ms);
    CHECK(largest_step(beginning) < most_step);
    const Sound sound = path.run(2s);
    CHECK(path.weakest(sound) > 9000);
    CHECK(largest_step(sound) < most_step);
    CHECK(path.playout.figures().concealed == 0);
    CHECK(path.playout.figures().late == 0);
}

TEST_CASE("playout: clocks that differ by 100 ppm, for minutes, without a drop-out",
          "[media][playout]") {
    const auto ppm = GENERATE(-100, 100);
    const auto codec = GENERATE(Codec::pcma, Codec::g722);
    CAPTURE(ppm, text_of(codec));
    Path path{codec, {.skew_ppm = static_cast<double>(ppm)}};
    path.run(1s);
    const Sound sound = path.run(180s);
    CHECK(path.weakest(sound) > 8500);
    CHECK(largest_step(sound) < most_step);
    CHECK(path.playout.figures().concealed == 0);
    CHECK(path.playout.figures().dropped == 0);
    // It neither ran out nor ran away: 100 ppm of three minutes are 18 ms.
    CHECK(path.lead() > 0);
    CHECK(path.lead() < 0.035);
}

TEST_CASE("playout: one packet of twenty is lost, and the tone goes on", "[media][playout]") {
    const auto codec = GENERATE(Codec::pcma, Codec::g722, Codec::opus);
    CAPTURE(text_of(codec));
    Path path{codec, {.loss_percent = 5}};
    path.run(1s);
    const Sound sound = path.run(20s);
    CHECK(path.weakest(sound) > 3500);
    // What was lost was made up, and nothing else: 20 ms for each of some fifty packets.
    const auto made_up = static_cast<double>(path.playout.figures().concealed) / path.rate();
    CHECK(made_up > 0.5);
    CHECK(made_up < 1.8);
    CHECK(path.lead() < 0.05);
}

TEST_CASE("playout: jitter is learned, and then nothing is missing", "[media][playout]") {
    const auto codec = GENERATE(Codec::pcma, Codec::opus);
    Path path{codec, {.jitter = 60ms}};
    path.run(20s);
    const auto before = path.playout.figures();
    path.run(20s);
    const auto after = path.playout.figures();
    CHECK(after.late - before.late <= 3);
    CHECK(static_cast<double>(after.concealed - before.concealed) / path.rate() < 0.15);
    CHECK(path.lead() < 0.1);
}

TEST_CASE("playout: a pause of the sender is silence, and its end no click", "[media][playout]") {
    Path path{Codec::pcma};
    path.run(500ms);
    const Sound end = path.hush(2s);
    CHECK(path.playout.idle());
    CHECK(largest_step(end) < most_step);
    CHECK(largest_step(std::span{end}.last(8000)) == 0);
    const Sound again = path.run(1s);
    CHECK(largest_step(again) < most_step);
    CHECK(path.weakest(Sound(again.begin() + 1600, again.end())) > 9000);
}

TEST_CASE("playout: another stream is heard as soon as it begins", "[media][playout]") {
    Path path{Codec::pcma};
    path.run(500ms);
    path.talker.stream = 2;
    path.run(100ms);
    CHECK(path.weakest(path.run(500ms)) > 9000);
}

TEST_CASE("playout: nobody listens for a while, and then it is the present that is heard",
          "[media][playout]") {
    Path path{Codec::pcma};
    path.run(500ms);
    path.time += 5s;
    path.run(3s);
    CHECK(path.playout.figures().dropped > 0);
    CHECK(path.lead() < 0.15);
    CHECK(path.weakest(path.run(500ms)) > 9000);
}
