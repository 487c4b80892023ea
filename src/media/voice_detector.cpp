#include "media/voice_detector.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace holdfast::media {
namespace {

constexpr Micros frame_length = 20ms;
constexpr float above_floor_db = 6;
// The minimum of smoothed noise lies so much below its mean.
constexpr float floor_bias = 1.6F;
// Nobody speaks below that: an idle G.711 line is at -70.
constexpr float least_db = -55;
// What is so much softer than the talker is somebody else, or a radio. A talker counts as -26 dB at
// most (ITU-T P.56's nominal level), so that after a loud tone all above -42 dB still counts.
constexpr float below_talker_db = 16;
constexpr float loudest_talker_db = -26;
// A voice: so many voiced frames of the last fifteen (0.3 s).
constexpr int voiced_frames = 4;
constexpr std::uint32_t onset_frames = (1U << 15) - 1;
constexpr float least_periodicity = 0.5F;
constexpr std::size_t shortest_lag = 10;  // at 4 kHz: 400 Hz
// In a voice, periodicity is asked for that often only; consonants lie between.
constexpr Micros confirmed_for = 200ms;
constexpr Micros unvoiced_at_most = 400ms;

float decibels(float mean_square) {
    constexpr float full_scale = 32'768.0F * 32'768.0F;
    return 10 * std::log10(mean_square / full_scale + 1e-12F);
}

}  // namespace

void NoiseFloor::take(float energy) {
    smooth_ = known_ == 0 && frames_ == 0 ? energy : smooth_ + (energy - smooth_) / 3;
    least_ = frames_ == 0 ? smooth_ : std::min(least_, smooth_);
    if (known_ == 0) floor_ = least_;
    floor_ = std::min(floor_, least_);
    if (++frames_ < frames_a_part) return;
    frames_ = 0;
    parts_[next_] = least_;
    next_ = (next_ + 1) % parts_.size();
    known_ = std::min(known_ + 1, parts_.size());
    floor_ =
        *std::min_element(parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(known_));
}

void VoiceDetector::interrupt() {
    filled_ = 0;
    recent_ = 0;
    active_ = false;
}

void VoiceDetector::take(Samples samples, Instant until) {
    constexpr Micros one_sample = 125us;
    auto left = static_cast<std::int64_t>(samples.size());
    for (const std::int16_t sample : samples) {
        partial_[filled_] = sample;
        --left;
        if (++filled_ < frame_samples) continue;
        filled_ = 0;
        frame(until - left * one_sample);
    }
}

/// Takes hum away, keeps the low band at half the rate, and gives the mean square.
float VoiceDetector::prepare() {
    std::move(low_.begin() + half_frame, low_.end(), low_.begin());
    float sum = 0, even = 0;
    auto low = low_.end() - half_frame;
    for (std::size_t i = 0; i < frame_samples; ++i) {
        const float sample = partial_[i];
        filtered_ = sample - before_ + 0.9F * filtered_;  // high-pass at 130 Hz
        before_ = sample;
        sum += filtered_ * filtered_;
        if (i % 2 == 0)
            even = filtered_;
        else
            *low++ = (even + filtered_) / 2;
    }
    return sum / frame_samples;
}

/// Whether the last 25 ms repeat what was one period of a voice before.
bool VoiceDetector::periodic() const {
    constexpr std::size_t length = history - longest_lag;
    const float* const now = low_.data() + longest_lag;
    float own = 0;
    for (std::size_t i = 0; i < length; ++i)
        own += now[i] * now[i];
    if (own <= 0) return false;
    for (std::size_t lag = shortest_lag; lag <= longest_lag; ++lag) {
        const float* const then = now - lag;
        float both = 0, other = 0;
        for (std::size_t i = 0; i < length; ++i) {
            both += now[i] * then[i];
            other += then[i] * then[i];
        }
        if (both > 0 && both * both > least_periodicity * least_periodicity * own * other)
            return true;
    }
    return false;
}

/// Up within a second of speech; down by a decibel in ten.
void VoiceDetector::learn_level(float db, bool loud) {
    if (db > level_)
        level_ = std::min(level_ + (db - level_) / (loud ? 10.0F : 50.0F), loudest_talker_db);
    else
        level_ = std::max(level_ - (loud ? 0.02F : 0.002F), least_db);
}

void VoiceDetector::frame(Instant until) {
    const float energy = prepare();
    floor_.take(energy);
    const float db = decibels(energy);
    const float over_floor =
        std::max(decibels(floor_.energy() * floor_bias) + above_floor_db, least_db);
    const bool heard = db > over_floor;
    const bool loud = heard && db > level_ - below_talker_db;
    if (active_) return speaking(loud, db, until);
    const bool voiced = heard && periodic();
    if (voiced) learn_level(db, false);
    silent(voiced && loud, until);
}

void VoiceDetector::silent(bool voiced, Instant until) {
    recent_ = (recent_ << 1 | (voiced ? 1U : 0U)) & onset_frames;
    if (std::popcount(recent_) < voiced_frames) return;
    active_ = true;
    began_ = until - std::bit_width(recent_) * frame_length;
    last_voice_ = last_voiced_ = until;
}

void VoiceDetector::speaking(bool loud, float db, Instant until) {
    if (loud && until - last_voiced_ >= confirmed_for && periodic()) {
        last_voiced_ = until;
        learn_level(db, true);
    }
    if (loud && until - last_voiced_ <= unvoiced_at_most) last_voice_ = until;
    if (until - last_voice_ <= unvoiced_at_most) return;
    active_ = false;
    recent_ = 0;
}

}  // namespace holdfast::media
