// media/voice_detector.hpp: whether somebody speaks, from samples. A frame is speech where it is
// louder than what the line always sounds like, and periodic as a voice is; keys, clicks and noise
// are the one or the other. Nothing of the sound is kept but 55 ms.
#pragma once
#include "base/time.hpp"
#include "media/codecs.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace holdfast::media {

/// The least of the last 3 s: in speech there is always a pause in so long a time, so steady noise
/// and sustained music become the floor, and a talker does not.
class NoiseFloor {
public:
    /// The mean square of the next frame.
    void take(float energy);
    float energy() const { return floor_; }

private:
    static constexpr std::size_t frames_a_part = 25;  // half a second
    std::array<float, 6> parts_{};
    std::size_t known_ = 0, next_ = 0, frames_ = 0;
    float smooth_ = 0, least_ = 0, floor_ = 0;
};

class VoiceDetector {
public:
    /// Samples at `decoded_rate`, the last of which sounded at `until`.
    void take(Samples samples, Instant until);
    /// Nothing is heard for a while: what comes next is not of the same run.
    void interrupt();

    /// A voice has been heard within the last 0.4 s of what was taken.
    bool active() const { return active_; }
    /// When the last voice began, and until when it was heard.
    Instant began() const { return began_; }
    Instant last_voice() const { return last_voice_; }

private:
    static constexpr std::size_t frame_samples = 160;  // 20 ms
    static constexpr std::size_t half_frame = frame_samples / 2;
    static constexpr std::size_t longest_lag = 57;  // at 4 kHz: 70 Hz
    static constexpr std::size_t history = 2 * half_frame + longest_lag;

    void frame(Instant until);
    float prepare();
    bool periodic() const;
    void learn_level(float db, bool loud);
    void silent(bool voiced, Instant until);
    void speaking(bool loud, float db, Instant until);

    std::array<std::int16_t, frame_samples> partial_{};
    std::size_t filled_ = 0;
    float before_ = 0, filtered_ = 0;   // of the filter that takes hum and offset away
    std::array<float, history> low_{};  // the last 55 ms at 4 kHz
    NoiseFloor floor_;
    float level_ = -60;         // dB below full scale: how loud the talker is
    std::uint32_t recent_ = 0;  // one bit a frame: voiced
    bool active_ = false;
    Instant began_, last_voice_, last_voiced_;
};

}  // namespace holdfast::media
