#include "voice/corpus.hpp"

#include "media/resampler.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numbers>
#include <string_view>

namespace holdfast::voice {
namespace {

constexpr std::uint32_t rate = 8000;
constexpr std::uint32_t espeak_rate = 22'050;
constexpr std::size_t packet = 160;

constexpr std::array voice_names{"en-us",
                                 "en-gb",
                                 "en-us+f3",
                                 "en-gb+m4",
                                 "de+f2",
                                 "de",
                                 "en-us+m7",
                                 "en-gb+f5",
                                 "de+m3",
                                 "en-us+klatt2"};
constexpr std::array sentences{
    "Good morning, thank you for calling, how can I help you today?",
    "I ordered two lamps last week, and only one of them has arrived.",
    "Could you give me the number of your order, please?",
    "Yes, of course. It is seven four two, nine nine one.",
    "Let me see. The second parcel left our house on Tuesday.",
    "Mhm.",
    "Oh, that is good to know. When will it be here?",
    "I will look that up for you, one moment.",
    "Der Techniker kommt morgen zwischen acht und zwoelf Uhr vorbei.",
    "No.",
    "Well, I have tried that already, and it did not work at all, so I thought that I should call "
    "you before I send the whole thing back to you.",
    "Please write down the following address.",
};

float gain_of(double db) {
    return static_cast<float>(std::pow(10.0, db / 20));
}

double between(Random& random, double least, double most) {
    return least + (most - least) * random.unit();
}

float level_of(const Wave& wave) {
    double sum = 0;
    for (const float x : wave)
        sum += double{x} * x;
    return static_cast<float>(std::sqrt(sum / std::max(1.0, static_cast<double>(wave.size()))));
}

/// The bytes behind the header of a WAV that espeak-ng writes: 16 bits, mono.
Wave spoken(const char* voice, std::string_view text, int words_a_minute) {
    const std::string command = "espeak-ng -v " + std::string{voice} + " -s " +
                                std::to_string(words_a_minute) + " --stdout \"" +
                                std::string{text} + "\" 2>/dev/null";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe{popen(command.c_str(), "r"), pclose};
    std::vector<unsigned char> bytes;
    std::array<unsigned char, 65'536> piece;
    while (pipe != nullptr) {
        const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe.get());
        if (got == 0) break;
        bytes.insert(bytes.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got));
    }
    constexpr std::size_t header = 44;
    if (bytes.size() < header + 2000) {
        std::fprintf(stderr, "espeak-ng -v %s says nothing: tools/packages run\n", voice);
        std::exit(69);
    }
    Wave wide;
    for (std::size_t i = header; i + 1 < bytes.size(); i += 2) {
        const auto sample = static_cast<std::int16_t>(bytes[i] | bytes[i + 1] << 8);
        wide.push_back(static_cast<float>(sample) / 32'768);
    }
    media::Resampler resampler{espeak_rate, rate};
    std::vector<std::int16_t> narrow;
    resampler.take(wide, narrow);
    resampler.finish(narrow);
    Wave wave(narrow.size());
    std::transform(narrow.begin(), narrow.end(), wave.begin(), [](std::int16_t s) {
        return static_cast<float>(s) / 32'768;
    });
    return wave;
}

/// Without the silence before and behind; its level is that of 0 dB.
Wave trimmed(Wave wave) {
    const auto loud = [](float x) { return std::abs(x) > 0.01F; };
    const auto last = std::find_if(wave.rbegin(), wave.rend(), loud).base();
    wave.erase(last, wave.end());
    wave.erase(wave.begin(), std::find_if(wave.begin(), wave.end(), loud));
    const float scale = 1 / std::max(level_of(wave), 1e-6F);
    for (float& x : wave)
        x *= scale;
    return wave;
}

/// White noise through one pole: 0 is white, 0.95 a car.
void add_noise(Wave& wave, double db, double colour, Random& random) {
    Wave noise(wave.size());
    double state = 0;
    for (float& x : noise) {
        state = colour * state + (random.unit() - 0.5);
        x = static_cast<float>(state);
    }
    const float scale = gain_of(db) / std::max(level_of(noise), 1e-9F);
    for (std::size_t i = 0; i < wave.size(); ++i)
        wave[i] += scale * noise[i];
}

void add(Wave& to, std::size_t at, const Wave& what, float gain) {
    for (std::size_t i = 0; i < what.size() && at + i < to.size(); ++i)
        to[at + i] += gain * what[i];
}

/// Each key is pressed and let go: two bursts of a few milliseconds that ring.
void add_keys(Wave& wave, std::size_t from, std::size_t to, double db, Random& random) {
    while (from < to) {
        for (const std::size_t at : {from, from + 500 + random.below(500)}) {
            const double hertz = between(random, 900, 3200);
            const double loss = between(random, 0.97, 0.985);
            double size = gain_of(db + between(random, -6, 6));
            for (std::size_t i = 0; i < 200 && at + i < std::min(to, wave.size()); ++i) {
                const double turn = 2 * std::numbers::pi * hertz * static_cast<double>(i) / rate;
                wave[at + i] +=
                    static_cast<float>(size * (0.6 * std::sin(turn) + 0.8 * (random.unit() - 0.5)));
                size *= loss;
            }
        }
        from += static_cast<std::size_t>(between(random, 0.1, 0.5) * rate);
    }
}

/// A radio: chords that are struck and fade, a melody and a drum.
Wave music(std::size_t length, Random& random) {
    Wave wave(length);
    constexpr std::array<double, 4> roots{220, 174.6, 261.6, 196};
    const auto beat = static_cast<std::size_t>(between(random, 0.4, 0.7) * rate);
    for (std::size_t from = 0, n = 0; from < length; from += beat, ++n) {
        const double root = roots[n / 4 % roots.size()];
        const double melody = root * std::exp2(double(random.below(12)) / 12 + 1);
        for (std::size_t i = 0; i < 4 * beat && from + i < length; ++i) {
            const double t = static_cast<double>(i) / rate;
            double x = 0;
            if (n % 4 == 0)
                for (const double part : {1.0, 1.26, 1.5, 2.0})
                    x += std::sin(2 * std::numbers::pi * root * part * t) * std::exp(-0.8 * t);
            if (i < beat) x += std::sin(2 * std::numbers::pi * melody * t) * std::exp(-2 * t);
            x += 2 * (random.unit() - 0.5) * std::exp(-25 * t);
            wave[from + i] += static_cast<float>(x);
        }
    }
    const float scale = 1 / std::max(level_of(wave), 1e-6F);
    for (float& x : wave)
        x *= scale;
    return wave;
}

class Making {
public:
    Making(const Speakers& speakers, Micros length, Random& random)
        : speakers_{speakers}, random_{random}, length_{samples(length)} {
        for (auto& side : d_.sides) {
            side.sound.resize(length_);
            side.sent.assign(length_ / packet, true);
            side.level_db = static_cast<float>(between(random, -32, -20));
            side.noise_db = side.level_db - static_cast<float>(between(random, 10, 30));
        }
    }

    Dialogue make() {
        std::size_t at = rate / 2;
        std::size_t next_silence = samples(Micros{10s});
        for (int turn = 0; at < length_; ++turn) {
            at = talk(turn % 2, at);
            if (at > next_silence && at + samples(Micros{62s}) < length_) {
                at = silence(at);
                next_silence = at + static_cast<std::size_t>(between(random_, 40, 110) * rate);
            } else {
                // Mostly the other answers at once; sometimes somebody thinks.
                const double gap =
                    random_.below(8) == 0 ? between(random_, 2, 6) : between(random_, -0.3, 1);
                at = static_cast<std::size_t>(static_cast<double>(at) + gap * rate);
            }
        }
        constexpr std::array colours{0.0, 0.7, 0.95};
        for (auto& side : d_.sides)
            add_noise(side.sound, side.noise_db, colours[random_.below(3)], random_);
        for (const Span& s : d_.silences)
            finish(s);
        return std::move(d_);
    }

private:
    static std::size_t samples(Micros span) {
        return static_cast<std::size_t>(span.count() * rate / 1'000'000);
    }
    static Micros time(std::size_t at) {
        return Micros{static_cast<std::int64_t>(at) * 1'000'000 / rate};
    }

    std::size_t talk(int who, std::size_t at) {
        auto& side = d_.sides[who];
        const std::size_t voice = (who == 0 ? 0 : 5) + first_ % 5;
        for (std::uint32_t n = 1 + random_.below(3); n > 0 && at < length_; --n) {
            const Wave& said = speakers_.sentence(voice, random_);
            // Nobody speaks each sentence with the same force.
            const double db = side.level_db + between(random_, -4, 2);
            add(side.sound, at, said, gain_of(db));
            side.speech.push_back({time(at), time(std::min(at + said.size(), length_)), {}});
            at += said.size() + static_cast<std::size_t>(between(random_, 0.1, 0.6) * rate);
            if (random_.below(6) == 0)
                add_keys(side.sound, at, at + rate, side.level_db - 2, random_);
        }
        return at;
    }

    std::size_t silence(std::size_t at) {
        const std::size_t end = at + static_cast<std::size_t>(between(random_, 10.2, 60) * rate);
        Micros began{};
        for (const auto& side : d_.sides)
            if (!side.speech.empty()) began = std::max(began, side.speech.back().ended);
        const auto quiet = static_cast<Quiet>(random_.below(5));
        d_.silences.push_back({began, time(end), quiet});
        if (quiet == Quiet::keyboard)
            add_keys(d_.sides[0].sound, at, end, d_.sides[0].level_db - 2, random_);
        if (quiet == Quiet::music) {
            // In the room of one of the two, well below the voice into the microphone.
            auto& side = d_.sides[random_.below(2)];
            const double db = side.level_db - between(random_, 18, 26);
            add(side.sound, at, music(end - at, random_), gain_of(db));
        }
        return end;
    }

    /// What a sender with silence suppression does: a level of its own, or no packets at all.
    void finish(const Span& s) {
        const std::size_t from = samples(s.began) + rate / 2;
        const std::size_t to = samples(s.ended) - rate / 10;
        auto& side = d_.sides[s.began.count() % 2];
        if (s.quiet == Quiet::comfort_noise) {
            Wave noise(to - from);
            add_noise(noise, side.noise_db - 4, 0, random_);
            std::copy(
                noise.begin(), noise.end(), side.sound.begin() + static_cast<std::ptrdiff_t>(from));
        }
        if (s.quiet == Quiet::no_packets)
            std::fill(side.sent.begin() + static_cast<std::ptrdiff_t>(from / packet),
                      side.sent.begin() + static_cast<std::ptrdiff_t>(to / packet),
                      false);
    }

    const Speakers& speakers_;
    Random& random_;
    std::size_t length_;
    std::size_t first_ = random_.below(5);
    Dialogue d_;
};

}  // namespace

Speakers::Speakers() {
    for (const char* const voice : voice_names) {
        auto& all = voices_.emplace_back();
        int pace = 150;
        for (const std::string_view text : sentences)
            all.push_back(trimmed(spoken(voice, text, pace += 5)));
    }
}

const Wave& Speakers::sentence(std::size_t voice, Random& random) const {
    const auto& all = voices_[voice % voices_.size()];
    return all[random.below(static_cast<std::uint32_t>(all.size()))];
}

Dialogue make_dialogue(const Speakers& speakers, Micros length, Random& random) {
    return Making{speakers, length, random}.make();
}

}  // namespace holdfast::voice
