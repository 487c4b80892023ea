#include "media/voice_meter.hpp"

#include "calls.hpp"
#include "media/media_server.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <numbers>

using namespace holdfast;
using namespace holdfast::media;

namespace {
constexpr Instant t0 = start_of_test;

/// 20 ms of a vowel: a voice's harmonics of 120 Hz, that comes and goes as syllables do.
std::vector<std::int16_t> vowel(int packet, double amplitude) {
    std::vector<std::int16_t> out(160);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double t = (packet * 160.0 + static_cast<double>(i)) / 8000;
        const double syllable = std::max(0.0, std::sin(2 * std::numbers::pi * 3 * t));
        double x = 0;
        for (const int harmonic : {1, 2, 3, 5, 8})
            x += std::sin(2 * std::numbers::pi * 120 * harmonic * t) / harmonic;
        out[i] = static_cast<std::int16_t>(amplitude * syllable * x);
    }
    return out;
}

struct Line {
    FakeWire wire;
    VoiceMeter meter{MediaId{1}, wire};
    Codec codec = Codec::pcma;
    std::unique_ptr<Encoder> encoder;
    Instant now = t0;
    int packets = 0;

    explicit Line(Codec spoken = Codec::pcma) : codec{spoken} {
        encoder = facts_of(codec).make_encoder();
        meter.configure({.voice = true, .mute = true}, now);
    }
    void pass() {
        now += 20ms;
        ++packets;
        if (now >= meter.due()) meter.check(now);
    }
    void send(const std::vector<std::int16_t>& sound) {
        pass();
        const auto& facts = facts_of(codec);
        const std::size_t repeat = facts.sample_rate / 8000;
        std::vector<std::uint8_t> frames(2 * facts.frame_bytes);
        std::vector<std::int16_t> frame(facts.frame_samples());
        for (std::size_t half = 0; half < 2; ++half) {
            for (std::size_t i = 0; i < frame.size(); ++i)
                frame[i] = sound[half * 80 + i / repeat];
            encoder->encode(frame,
                            ByteRoom{frames}.subspan(half * facts.frame_bytes, facts.frame_bytes));
        }
        const std::array both{Bytes{frames}.first(facts.frame_bytes),
                              Bytes{frames}.last(facts.frame_bytes)};
        std::array<std::uint8_t, 256> payload;
        Heard heard;
        heard.packet.payload = Bytes{payload}.first(facts.join(both, payload));
        heard.codec = codec;
        heard.received_at = now;
        meter.take(heard);
    }
    void speak(Micros span) {
        for (const Instant end = now + span; now < end;)
            send(vowel(packets, 4000));
    }
    void keep_silent(Micros span) {
        for (const Instant end = now + span; now < end;)
            send(std::vector<std::int16_t>(160, 8));
    }
    void send_nothing(Micros span) {
        for (const Instant end = now + span; now < end;)
            pass();
    }
    std::vector<Voice> told() const {
        std::vector<Voice> all;
        for (const auto& report : wire.all<VoiceChanged>())
            all.push_back(report.voice);
        return all;
    }
    Instant told_at(std::size_t i) const { return wire.all<VoiceChanged>().at(i).at; }
};

bool near(Instant one, Instant other, Micros apart) {
    return one - other <= apart && other - one <= apart;
}

using Told = std::vector<Voice>;
}  // namespace

TEST_CASE("voice: each codec's voice is told when it begins, and when it has ended",
          "[media][voice]") {
    Line line{GENERATE(Codec::pcma, Codec::pcmu, Codec::g722, Codec::opus)};
    line.keep_silent(3s);
    const Instant begins = line.now;
    line.speak(4s);
    const Instant ends = line.now;
    line.keep_silent(1s);
    CHECK(line.told() == Told{Voice::silent, Voice::speaking});
    line.keep_silent(2s);
    REQUIRE(line.told() == Told{Voice::silent, Voice::speaking, Voice::silent});
    CHECK(near(line.told_at(1), begins, 250ms));
    CHECK(near(line.told_at(2), ends, 250ms));
}

TEST_CASE("voice: pauses between sentences are not told", "[media][voice]") {
    Line line;
    for (int i = 0; i < 20; ++i) {
        line.speak(3s);
        line.keep_silent(1500ms);
    }
    CHECK(line.told() == Told{Voice::silent, Voice::speaking});
}

// RFC 3389 and DTX: who is silent may send nothing at all.
TEST_CASE("voice: packets that do not come are silence", "[media][voice]") {
    Line line;
    line.speak(3s);
    const Instant ends = line.now;
    line.send_nothing(10s);
    REQUIRE(line.told() == Told{Voice::silent, Voice::speaking, Voice::silent});
    CHECK(near(line.told_at(2), ends, 250ms));
}

TEST_CASE("voice: clicks, hum and a hiss are none", "[media][voice]") {
    Line line;
    std::uint32_t noise = 1;
    const auto white = [&] {
        noise = noise * 1'664'525 + 1'013'904'223;
        return static_cast<double>(static_cast<std::int32_t>(noise)) / 2'147'483'648.0;
    };
    const auto what = GENERATE(0, 1, 2);
    if (what == 0) line.keep_silent(3s);  // hum and hiss are there from the beginning
    for (int packet = 0; packet < 500; ++packet) {
        std::vector<std::int16_t> sound(160, 8);
        for (std::size_t i = 0; i < sound.size(); ++i) {
            const double t = (packet * 160.0 + static_cast<double>(i)) / 8000;
            if (what == 0 && packet % 12 == 0)
                sound[i] = static_cast<std::int16_t>(8000 * white() *
                                                     std::exp(-static_cast<double>(i) / 30));
            if (what == 1) sound[i] = static_cast<std::int16_t>(600 * std::sin(314.16 * t));
            if (what == 2) sound[i] = static_cast<std::int16_t>(3000 * white());
        }
        line.send(sound);
    }
    CHECK(line.told() == Told{Voice::silent});
}

TEST_CASE("voice: what is known is told again after an offer; nothing where nobody asked",
          "[media][voice]") {
    Line line;
    line.speak(1s);
    line.meter.configure({.voice = true, .mute = true}, line.now);
    CHECK(line.told() == Told{Voice::silent, Voice::speaking, Voice::speaking});
    line.meter.configure({}, line.now);
    CHECK(line.told().back() == Voice::unseen);
    line.speak(3s);
    CHECK(line.told().size() == 4);
}

namespace {

constexpr MediaId alice{1}, bob{2}, carol{3};

/// Three whose voices are to be told; the second one speaks.
struct Served {
    FakeWire wire;
    std::unique_ptr<MediaServer> server =
        std::make_unique<MediaServer>(Seed{}, WallAnchor{.at = t0}, wire);
    Slot of_bob{};
    Phone phone{.from = at(2, 4000)};

    Served() {
        for (const MediaId id : {alice, bob, carol}) {
            const auto host = static_cast<std::uint8_t>(id.value);
            const Slot slot = server->open(id, 20'000).value();
            if (id == bob) of_bob = slot;
            auto order = party(id, at(host, 4000));
            order.reports_voice = true;
            REQUIRE(server->take(order, t0));
        }
    }
    void hear(MediaId party, decltype(Hear::what) what) {
        wire.clear();
        REQUIRE(server->take(Hear{party, what}, t0));
    }
    std::vector<VoiceChanged> speak() {
        wire.clear();
        for (int i = 0; i < 10; ++i)
            server->receive(of_bob, Channel::rtp, phone.from, phone.sound(), t0, t0);
        return wire.all<VoiceChanged>();
    }
    /// The last order made him unheard, and no other.
    void told_unseen() {
        REQUIRE(wire.all<VoiceChanged>().size() == 1);
        CHECK(wire.all<VoiceChanged>()[0].media == bob);
        CHECK(wire.all<VoiceChanged>()[0].voice == Voice::unseen);
    }
};

}  // namespace

TEST_CASE("voice: a server tells of whom somebody hears, and of nobody else", "[media][voice]") {
    Served s;
    CHECK(s.speak().empty());
    s.hear(alice, HearEndpoint{bob});
    REQUIRE(s.speak().size() == 1);
    CHECK(s.speak().empty());
    s.hear(alice, HearNothing{});
    s.told_unseen();
}

TEST_CASE("voice: a server tells of who is in a conference, until the party leaves it",
          "[media][voice]") {
    Served s;
    for (const MediaId id : {alice, bob, carol})
        s.hear(id, HearConference{ConferenceId{7}});
    REQUIRE(s.speak().size() == 1);
    s.hear(carol, HearNothing{});
    CHECK(s.wire.all<VoiceChanged>().empty());
    // From the conference to one who hears him alone: nothing is lost between.
    s.hear(alice, HearEndpoint{bob});
    s.hear(bob, HearNothing{});
    CHECK(s.wire.all<VoiceChanged>().empty());
    s.hear(alice, HearNothing{});
    s.told_unseen();
}
