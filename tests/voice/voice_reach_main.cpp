// How many silences the voice meters find, and how many they claim that were none: on calls of
// generated sound, through the codecs. usage: voice_reach [--hours H | --minutes N] [--seed N]
// [--codec NAME ...] [--detector ours|speexdsp] [--jobs N]
#include "base/enum_text.hpp"
#include "media/voice_meter.hpp"
#include "voice/corpus.hpp"

#include <CLI/CLI.hpp>
#include <speex/speex_preprocess.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdio>
#include <ctime>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace holdfast;
using namespace holdfast::media;
using namespace holdfast::voice;

namespace {

constexpr Instant begin{1000s};
constexpr Micros limit = 8s;  // what a queue marks when nothing else is set
constexpr std::size_t packet = 160;

constexpr int minutes_a_call = 10;

struct Asked {
    int minutes = 30;
    double hours = 0;  ///< Instead of minutes.
    std::uint64_t seed = 1;
    std::vector<std::string> codecs{"pcma"};
    std::string detector = "ours";
    unsigned jobs = 1;  ///< Calls that are judged at a time.
    int calls() const {
        const int all = hours > 0 ? static_cast<int>(hours * 60) : minutes;
        return (all + minutes_a_call - 1) / minutes_a_call;
    }
};

/// Who spoke, by the reports of a meter.
struct Told final : Wire {
    std::vector<VoiceChanged> all;
    void send(Slot, Channel, const Endpoint&, Bytes) override {}
    void report(const Report& report) override {
        if (const auto* voice = std::get_if<VoiceChanged>(&report)) all.push_back(*voice);
    }
};

struct Listener {
    Listener() = default;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    virtual ~Listener() = default;
    virtual void take(Codec codec, Bytes payload, Instant at) = 0;
    virtual void pass(Instant now) = 0;
    Told told;
};

struct Ours final : Listener {
    VoiceMeter meter{MediaId{1}, told};
    Ours() { meter.configure({.voice = true}, begin); }
    void take(Codec codec, Bytes payload, Instant at) override {
        Heard heard;
        heard.packet.payload = payload;
        heard.codec = codec;
        heard.received_at = at;
        meter.take(heard);
    }
    void pass(Instant now) override {
        if (now >= meter.due()) meter.check(now);
    }
};

/// The same rules about speexdsp's answer for each 20 ms.
struct Speexdsp final : Listener {
    std::unique_ptr<SpeexPreprocessState, void (*)(SpeexPreprocessState*)> state{
        speex_preprocess_state_init(static_cast<int>(packet), 8000),
        speex_preprocess_state_destroy};
    std::unique_ptr<Decoder> decoder;
    std::uint32_t recent = 0;
    bool speaking = false;
    Instant last;
    Speexdsp() {
        int on = 1, off = 0;
        speex_preprocess_ctl(state.get(), SPEEX_PREPROCESS_SET_VAD, &on);
        speex_preprocess_ctl(state.get(), SPEEX_PREPROCESS_SET_DENOISE, &off);
    }
    void take(Codec codec, Bytes payload, Instant at) override {
        if (!decoder) decoder = facts_of(codec).make_decoder();
        std::array<std::int16_t, most_decoded> samples;
        if (decoder->decode(payload, samples) != packet) return;
        const bool voice = speex_preprocess_run(state.get(), samples.data()) != 0;
        recent = (recent << 1 | (voice ? 1U : 0U)) & 0x7fff;
        if (std::popcount(recent) < 4) return;
        if (!speaking) told.report(VoiceChanged{{}, Voice::speaking, at});
        speaking = true;
        if (voice) last = at;
    }
    void pass(Instant now) override {
        if (!speaking || now - last < voice_hang) return;
        speaking = false;
        told.report(VoiceChanged{{}, Voice::silent, last});
    }
};

/// What 20 ms become on the wire.
class Sender {
public:
    explicit Sender(Codec codec) : facts_{facts_of(codec)}, encoder_{facts_.make_encoder()} {}
    Bytes packet_of(const float* sound) {
        std::size_t size = 0;
        std::vector<std::int16_t> frame(facts_.frame_samples());
        const std::size_t repeat = facts_.sample_rate / 8000;
        std::array<std::uint8_t, 2 * most_frame_bytes> frames;
        for (std::size_t half = 0; half < 2; ++half, size += facts_.frame_bytes) {
            for (std::size_t i = 0; i < frame.size(); ++i)
                frame[i] = static_cast<std::int16_t>(
                    std::clamp(sound[half * 80 + i / repeat] * 32'768.0F, -32'768.0F, 32'767.0F));
            encoder_->encode(frame, ByteRoom{frames}.subspan(size, facts_.frame_bytes));
        }
        const std::array<Bytes, 2> both{
            Bytes{frames}.first(facts_.frame_bytes),
            Bytes{frames}.subspan(facts_.frame_bytes, facts_.frame_bytes)};
        return Bytes{payload_}.first(facts_.join(both, payload_));
    }

private:
    const CodecFacts& facts_;
    std::unique_ptr<Encoder> encoder_;
    std::array<std::uint8_t, 256> payload_{};
};

/// Of this thread.
double cpu_seconds() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

struct Score {
    std::size_t silences = 0, found = 0, marks = 0, wrong = 0;
    std::map<Quiet, std::pair<int, int>> by_quiet;  ///< Found, of all.
    double start_error_s = 0, listening_s = 0, sound_s = 0;
    std::size_t reports = 0;

    void add(const Score& other) {
        silences += other.silences, found += other.found;
        marks += other.marks, wrong += other.wrong, reports += other.reports;
        start_error_s += other.start_error_s;
        listening_s += other.listening_s, sound_s += other.sound_s;
        for (const auto& [quiet, counts] : other.by_quiet) {
            by_quiet[quiet].first += counts.first;
            by_quiet[quiet].second += counts.second;
        }
    }
};

/// Silence on both sides for `limit` or more, as the floor marks it.
std::vector<Span> marks_of(const std::vector<VoiceChanged>& one,
                           const std::vector<VoiceChanged>& other,
                           Micros end) {
    std::vector<std::pair<VoiceChanged, int>> all;
    for (const auto& v : one)
        all.emplace_back(v, 0);
    for (const auto& v : other)
        all.emplace_back(v, 1);
    std::ranges::stable_sort(all, {}, [](const auto& v) { return v.first.at; });
    std::vector<Span> marks;
    std::array<bool, 2> speaks{};
    Micros since{};
    const auto close = [&](Micros at) {
        if (!speaks[0] && !speaks[1] && at - since >= limit) marks.push_back({since, at, {}});
    };
    for (const auto& [v, side] : all) {
        const Micros at = v.at - begin;
        if (v.voice == Voice::speaking) close(at);
        speaks[static_cast<std::size_t>(side)] = v.voice == Voice::speaking;
        if (v.voice == Voice::silent) since = at;
    }
    close(end);
    return marks;
}

Micros overlap(const Span& a, const Span& b) {
    return std::max(std::min(a.ended, b.ended) - std::max(a.began, b.began), Micros{});
}

void judge(const Dialogue& d, const std::vector<Span>& marks, Score& score) {
    score.marks += marks.size();
    for (const Span& silence : d.silences) {
        auto& [found, all] = score.by_quiet[silence.quiet];
        ++all;
        ++score.silences;
        for (const Span& mark : marks) {
            if (overlap(mark, silence) * 10 < (silence.ended - silence.began) * 8) continue;
            ++found;
            ++score.found;
            score.start_error_s +=
                std::abs(static_cast<double>((mark.began - silence.began).count())) / 1e6;
            break;
        }
    }
    for (const Span& mark : marks)
        for (const auto& side : d.sides)
            if (std::ranges::any_of(side.speech, [&](const Span& said) {
                    return overlap(said, mark) > Micros{300ms};
                })) {
                ++score.wrong;
                std::printf("  wrong: %.1f to %.1f s\n",
                            static_cast<double>(mark.began.count()) / 1e6,
                            static_cast<double>(mark.ended.count()) / 1e6);
                break;
            }
}

void listen(const Dialogue& d, const Asked& asked, Codec codec, Score& score) {
    std::array<std::unique_ptr<Listener>, 2> listeners;
    for (std::size_t side = 0; side < 2; ++side) {
        auto& listener = listeners[side];
        if (asked.detector == "speexdsp")
            listener = std::make_unique<Speexdsp>();
        else
            listener = std::make_unique<Ours>();
        const auto& said = d.sides[side];
        Sender sender{codec};
        std::vector<std::vector<std::uint8_t>> packets;
        for (std::size_t i = 0; i < said.sent.size(); ++i) {
            const Bytes bytes = sender.packet_of(said.sound.data() + i * packet);
            packets.emplace_back(bytes.begin(), bytes.end());
        }
        const double before = cpu_seconds();
        for (std::size_t i = 0; i < said.sent.size(); ++i) {
            const Instant at = begin + static_cast<std::int64_t>(i + 1) * 20ms;
            if (said.sent[i]) listener->take(codec, packets[i], at);
            listener->pass(at);
        }
        score.listening_s += cpu_seconds() - before;
        score.sound_s += static_cast<double>(said.sent.size()) * 0.02;
        score.reports += listener->told.all.size();
    }
    const Micros end = static_cast<std::int64_t>(d.sides[0].sent.size()) * 20ms;
    judge(d, marks_of(listeners[0]->told.all, listeners[1]->told.all, end), score);
}

bool print(const Score& score, const Asked& asked, const std::string& codec, double hours) {
    const auto share = [](auto part, auto all) {
        return all == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
    };
    std::printf("%.2f h of calls in %s, seed %llu, detector %s\n",
                hours,
                codec.c_str(),
                static_cast<unsigned long long>(asked.seed),
                asked.detector.c_str());
    std::printf("silences of 10 s and more: %zu, found %zu (%.1f %%)\n",
                score.silences,
                score.found,
                share(score.found, score.silences));
    for (const auto& [quiet, counts] : score.by_quiet)
        std::printf(
            "  %-14s %d of %d\n", std::string{text(quiet)}.c_str(), counts.first, counts.second);
    const double wrong_an_hour = static_cast<double>(score.wrong) / hours;
    std::printf(
        "marks: %zu, false %zu (%.2f an hour of talk)\n", score.marks, score.wrong, wrong_an_hour);
    std::printf("mean error of the beginning: %.2f s\n",
                score.found == 0 ? 0.0 : score.start_error_s / static_cast<double>(score.found));
    std::printf("reports: %.2f a second and call\n",
                static_cast<double>(score.reports) / (hours * 3600));
    std::printf("CPU: %.0f us a second and direction (%.3f %% of a core a call)\n",
                1e6 * score.listening_s / score.sound_s,
                200 * score.listening_s / score.sound_s);
    const bool good = share(score.found, score.silences) >= 95 && wrong_an_hour <= 1;
    if (!good) std::printf("NOT GOOD ENOUGH: 95 %% and one false mark an hour are wanted\n");
    return good;
}

/// Each call has a seed of its own, so that they are the same whatever the jobs.
Score score_of(const Speakers& speakers, const Asked& asked, Codec codec) {
    std::vector<Score> scores(static_cast<std::size_t>(asked.calls()));
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i < scores.size(); i = next++) {
            Random random = Random::from(asked.seed * 1'000'003 + i);
            const auto dialogue = make_dialogue(speakers, Micros{minutes_a_call * 1min}, random);
            listen(dialogue, asked, codec, scores[i]);
        }
    };
    {
        std::vector<std::jthread> workers;
        for (unsigned i = 0; i < asked.jobs; ++i)
            workers.emplace_back(work);
    }
    Score all;
    for (const Score& score : scores)
        all.add(score);
    return all;
}

}  // namespace

int main(int argc, char** argv) {
    Asked asked;
    CLI::App app{"Finds silences in generated calls, and judges what was found"};
    app.add_option("--minutes", asked.minutes)->check(CLI::Range(1, 6000));
    app.add_option("--hours", asked.hours)->check(CLI::Range(0.0, 1000.0));
    app.add_option("--seed", asked.seed);
    app.add_option("--codec", asked.codecs)
        ->delimiter(',')
        ->check(CLI::IsMember({"pcma", "pcmu", "g722", "opus"}));
    app.add_option("--detector", asked.detector)->check(CLI::IsMember({"ours", "speexdsp"}));
    app.add_option("--jobs", asked.jobs)->check(CLI::Range(1, 64));
    CLI11_PARSE(app, argc, argv);
    const Speakers speakers;
    bool good = true;
    for (const auto& name : asked.codecs) {
        const auto codec = std::ranges::find(every<Codec>, name, [](Codec c) { return text(c); });
        const Score score = score_of(speakers, asked, *codec);
        good &= print(score, asked, name, asked.calls() * minutes_a_call / 60.0);
    }
    return good ? 0 : 1;
}
