// media/voice_meter.hpp: when one party speaks, told as it begins and once it has ended, while
// somebody hears the party.
#pragma once
#include "media/heard.hpp"
#include "media/voice_detector.hpp"
#include "media/wire.hpp"

#include <memory>
#include <optional>

namespace holdfast::media {

/// A silence is told when it has lasted so long: pauses between sentences are nobody's concern.
inline constexpr Micros voice_hang = 2s;

class VoiceMeter {
public:
    VoiceMeter(MediaId media, Wire& wire) : media_{media}, wire_{wire} {}

    /// Whether its voice is to be told; what is known of it is told again.
    void configure(bool wanted, Instant now);
    /// A packet that somebody hears.
    void take(const Heard& heard);
    /// Nobody hears the party any more.
    void stop(Instant now);

    /// When a voice may have ended.
    Instant due() const { return due_; }
    void check(Instant now);

private:
    void tell(Voice voice, Instant at);
    void listen(Codec codec, const Heard& heard);

    MediaId media_;
    Wire& wire_;
    bool wanted_ = false;
    Voice told_ = Voice::unseen;
    Instant told_at_, last_packet_, due_ = never;
    std::optional<Codec> codec_;
    std::unique_ptr<Decoder> decoder_;
    std::unique_ptr<VoiceDetector> detector_;  // none where nobody asked
};

}  // namespace holdfast::media
