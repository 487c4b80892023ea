// media/voice_meter.hpp: when one party speaks, told as it begins and once it has ended, and when
// its microphone is off, while somebody hears the party.
#pragma once
#include "media/heard.hpp"
#include "media/mute_meter.hpp"
#include "media/voice_detector.hpp"
#include "media/wire.hpp"

#include <algorithm>
#include <memory>
#include <optional>

namespace holdfast::media {

/// A silence is told when it has lasted so long: pauses between sentences are nobody's concern.
inline constexpr Micros voice_hang = 2s;

class VoiceMeter {
public:
    VoiceMeter(MediaId media, Wire& wire) : media_{media}, wire_{wire} {}

    /// Whether its voice is to be told, and whether it is muted; what is known is told again.
    struct Wanted {
        bool voice = false, mute = false;
    };
    void configure(Wanted wanted, Instant now);
    /// A packet that somebody hears.
    void take(const Heard& heard);
    void take_comfort_noise(Instant at) {
        if (mute_) mute_->take_comfort_noise(at);
    }
    /// Nobody hears the party any more.
    void stop(Instant now);

    /// When a voice may have ended, or packets have been missing for long.
    Instant due() const { return mute_ ? std::min(due_, mute_->due()) : due_; }
    void check(Instant now);

private:
    void tell(Voice voice, Instant at);
    void check_voice(Instant now);
    void listen(Codec codec, const Heard& heard);

    MediaId media_;
    Wire& wire_;
    bool wanted_ = false;
    Voice told_ = Voice::unseen;
    Instant told_at_, last_packet_, due_ = never;
    std::optional<Codec> codec_;
    std::unique_ptr<Decoder> decoder_;
    std::unique_ptr<VoiceDetector> detector_;  // none where nobody asked
    std::unique_ptr<MuteMeter> mute_;          // likewise
};

}  // namespace holdfast::media
