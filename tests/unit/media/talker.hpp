// A party that speaks a tone in any codec, over a net that delays and loses, by its own clock.
#pragma once
#include "media/codecs.hpp"
#include "media/heard.hpp"
#include "support/sound.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <functional>
#include <numbers>
#include <random>
#include <vector>

namespace holdfast::media {

struct Net {
    double skew_ppm = 0;  // above zero: the talker's clock is fast
    int loss_percent = 0;
    Micros jitter{};  // each packet is late by 0 to that much
};

class Talker {
public:
    Talker(Codec codec, double hertz, const Net& net = {}, std::size_t frames = 2)
        : facts_{facts_of(codec)}, hertz_{hertz}, net_{net}, frames_{frames} {}

    /// Hands over what arrives until `time` from the beginning.
    void deliver(Micros time, const std::function<void(const Heard&)>& take) {
        while (next_ <= time)
            speak();
        while (!way_.empty() && way_.front().at <= time) {
            const Sent sent = std::move(way_.front());
            way_.pop_front();
            Heard heard;
            heard.packet.header = {.payload_type = 8,
                                   .marker = false,
                                   .sequence = static_cast<std::uint16_t>(sent.number),
                                   .timestamp = sent.timestamp,
                                   .ssrc = 5};
            heard.packet.payload = sent.payload;
            heard.place = {.belongs = true, .stream = stream, .number = sent.number};
            heard.codec = facts_.codec;
            heard.clock = facts_.clock;
            take(heard);
        }
    }
    /// Says nothing until then.
    void pause_until(Micros time) {
        while (next_ < time) {
            next_ += packet_time();
            timestamp_ += units();
        }
    }

    std::uint32_t stream = 1;
    double amplitude = 10'000;

private:
    struct Sent {
        Micros at;
        std::int64_t number;
        std::uint32_t timestamp;
        std::vector<std::uint8_t> payload;
    };
    Micros packet_time() const {
        const auto plain = static_cast<double>((frame_time * frames_).count());
        // In whole microseconds, what is left over is carried on.
        const double exact = plain * (1 - net_.skew_ppm / 1e6) + left_;
        const auto whole = static_cast<std::int64_t>(exact);
        left_ = exact - static_cast<double>(whole);
        return Micros{whole};
    }
    std::uint32_t units() const { return static_cast<std::uint32_t>(frames_ * facts_.clock / 100); }
    void speak() {
        std::array<std::array<std::uint8_t, most_frame_bytes>, most_frames> bytes;
        std::array<Bytes, most_frames> frames;
        for (std::size_t i = 0; i < frames_; ++i) {
            std::array<std::int16_t, most_frame_samples> samples;
            for (std::size_t j = 0; j < facts_.frame_samples(); ++j) {
                samples[j] = static_cast<std::int16_t>(std::lround(
                    amplitude * std::sin(2 * std::numbers::pi * hertz_ *
                                         static_cast<double>(sample_++) / facts_.sample_rate)));
            }
            const auto frame = ByteRoom{bytes[i]}.first(facts_.frame_bytes);
            encoder_->encode(Samples{samples}.first(facts_.frame_samples()), frame);
            frames[i] = frame;
        }
        std::array<std::uint8_t, most_packet_bytes> payload;
        const std::size_t size = facts_.join(std::span{frames}.first(frames_), payload);
        const Micros late{net_.jitter > Micros{} ? random_() % net_.jitter.count() : 0};
        if (static_cast<int>(random_() % 100) >= net_.loss_percent) {
            Sent sent{next_ + late,
                      number_,
                      timestamp_,
                      {payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(size)}};
            const auto place =
                std::upper_bound(way_.begin(), way_.end(), sent.at, [](Micros at, const Sent& s) {
                    return at < s.at;
                });
            way_.insert(place, std::move(sent));
        }
        ++number_;
        timestamp_ += units();
        next_ += packet_time();
    }

    const CodecFacts& facts_;
    std::unique_ptr<Encoder> encoder_ = facts_.make_encoder();
    double hertz_;
    Net net_;
    std::size_t frames_;
    std::mt19937 random_{7};
    std::deque<Sent> way_;
    Micros next_{};
    mutable double left_ = 0;
    std::int64_t number_ = 1000;
    std::uint32_t timestamp_ = 4'294'960'000;  // wraps within the first second
    std::uint64_t sample_ = 0;
};

}  // namespace holdfast::media
