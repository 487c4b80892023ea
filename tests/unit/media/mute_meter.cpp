// Whether a microphone is off, told from what phones send: a table of lines, and what is claimed.
#include "media/mute_meter.hpp"

#include "base/enum_text.hpp"
#include "fake_wire.hpp"
#include "media/codecs.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <sstream>
#include <string>

using namespace holdfast;
using namespace holdfast::media;

namespace {

/// What a phone sends, step by step, each a letter and how many tenths of a second:
///   v speaks, r is silent in a room, z digital silence, n sends nothing while numbers go on,
///   l what it sends is lost, d what it sends comes late, k a digit, c comfort noise,
///   x nobody hears it
class Line {
public:
    explicit Line(Codec codec)
        : facts_{facts_of(codec)},
          encoder_{facts_.make_encoder()},
          decoder_{facts_.make_decoder()} {}

    /// "open 0, muted 31, open 52": each with its tenth of a second.
    std::string told(const std::string& script) {
        std::istringstream steps{script};
        for (std::string step; steps >> step;)
            run(step.front(), 100ms * std::stoi(step.substr(1)));
        std::string all;
        for (const auto& report : wire_.all<MuteChanged>())
            all += (all.empty() ? "" : ", ") + std::string{text(report.mute)} + " " +
                   std::to_string((report.at - start_of_test + 50ms) / 100ms);
        return all;
    }

private:
    void run(char what, Micros span) {
        if (what == 'c') return meter_.take_comfort_noise(now_);
        if (what == 'x') return meter_.stop(now_);
        for (const Instant end = now_ + span; now_ < end;) {
            now_ += 20ms;
            ++packets_;
            if (now_ >= meter_.due()) meter_.check(now_);
            if (what == 'd') continue;  // neither numbers nor its clock go on
            heard_.packet.header.timestamp += facts_.clock / 50;
            if (what != 'n') ++heard_.place.number;
            heard_.received_at = now_;
            if (what == 'k') meter_.take_digit(heard_);
            if (what == 'v' || what == 'r' || what == 'z') send(what);
        }
    }
    void send(char what) {
        std::vector<std::uint8_t> bytes(2 * facts_.frame_bytes);
        std::vector<std::int16_t> frame(facts_.frame_samples());
        for (std::size_t half = 0; half < 2; ++half) {
            for (auto& sample : frame)
                sample = sound(what);
            encoder_->encode(
                frame, ByteRoom{bytes}.subspan(half * facts_.frame_bytes, facts_.frame_bytes));
        }
        const std::array both{Bytes{bytes}.first(facts_.frame_bytes),
                              Bytes{bytes}.last(facts_.frame_bytes)};
        std::array<std::uint8_t, 256> payload;
        heard_.packet.payload = Bytes{payload}.first(facts_.join(both, payload));
        std::array<std::int16_t, most_decoded> samples;
        const auto count = decoder_->decode(heard_.packet.payload, samples);
        heard_.clock = facts_.clock;
        meter_.take(heard_, Samples{samples}.first(count), what == 'v');
    }
    std::int16_t sound(char what) {
        noise_ = noise_ * 1'664'525 + 1'013'904'223;
        const auto hiss = static_cast<std::int16_t>(static_cast<std::int32_t>(noise_) >> 26);
        ++sample_;
        if (what == 'z') return 0;
        if (what == 'r') return hiss;  // 64 at most: -60 dB below full scale
        return static_cast<std::int16_t>(hiss + 5000 * std::sin(0.2 * sample_));
    }

    const CodecFacts& facts_;
    std::unique_ptr<Encoder> encoder_;
    std::unique_ptr<Decoder> decoder_;
    FakeWire wire_;
    MuteMeter meter_{MediaId{1}, wire_};
    Heard heard_{.packet = {},
                 .place = {.belongs = true, .stream = 1, .number = 0},
                 .codec = {},
                 .received_at = start_of_test};
    Instant now_ = start_of_test;
    int packets_ = 0;
    std::uint32_t noise_ = 1;
    double sample_ = 0;
};

struct Case {
    const char *what, *sent, *told;
};

}  // namespace

// clang-format off
TEST_CASE("mute: what is claimed of a line", "[media][mute]") {
    constexpr Case cases[] = {
        {"a mute, from its beginning to its end",
         "v30 r20 z30 v10", "open 0, muted 50, open 80"},
        {"one that goes on", "v30 r20 z50", "open 0, muted 50"},
        {"a cough", "v30 r20 z19 v10", "open 0"},
        {"no packets, told once they come again",
         "v30 r20 n40 v10", "open 0, unseen 50, muted 50, open 90"},
        {"no packets, and they do not come again", "v30 r20 n40", "open 0, unseen 50"},
        {"packets that the net has lost", "v30 r20 l40 v10", "open 0, unseen 50, open 90"},
        {"packets that come late", "v30 r20 d40 v10", "open 0, unseen 50, open 90"},
        {"a mute in which packets are lost", "v30 r20 z40 l30 z40 v10",
         "open 0, muted 50, unseen 90, muted 120, open 160"},
        {"a mute in which a digit is pressed", "v30 r20 z30 k3 z20 v10",
         "open 0, muted 50, open 103"},
        {"a gate that closes at once: no room was ever heard", "v30 z30 v20 z40 v10 z50", ""},
        {"a gate that closes late", "v30 r20 z5 v10 z4 v10 z3 v10 z40 v10", "open 0, unseen 82"},
        {"DTX without a word", "v30 r20 n5 v10 n4 v10 n3 v10 n40 v10", "open 0, unseen 82"},
        {"DTX from the beginning", "v30 n25 v20 n30 v10", ""},
        {"comfort noise, which takes a claim back",
         "v30 r20 z30 c0 z30 v10 r20 z30", "open 0, muted 50, unseen 50"},
        {"muted from the beginning, until a room was heard",
         "z40 v20 r20 z30 v10", "open 40, muted 80, open 110"},
        {"nobody hears it for a moment", "v30 r20 x0 z30 r10 v10",
         "open 0, unseen 50, muted 50, open 80"},
    };
    for (const auto& [what, sent, told] : cases) {
        CAPTURE(what);
        CHECK(Line{Codec::pcma}.told(sent) == told);
    }
}
// clang-format on

TEST_CASE("mute: digital silence in each codec", "[media][mute]") {
    const auto codec = GENERATE(Codec::pcma, Codec::pcmu, Codec::g722, Codec::opus);
    CAPTURE(text(codec));
    CHECK(Line{codec}.told("v30 r20 z40 v10 r40 z40") == "open 0, muted 50, open 90, muted 140");
    CHECK(Line{codec}.told("v30 r200 v30") == "open 0");
}
