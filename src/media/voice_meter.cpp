#include "media/voice_meter.hpp"

#include <algorithm>
#include <array>

namespace holdfast::media {
namespace {

// A sender that leaves out packets in silence (DTX, RFC 3389): what it said before is another run.
constexpr Micros pause_between_runs = 200ms;

}  // namespace

void VoiceMeter::tell(Voice voice, Instant at) {
    told_ = voice;
    told_at_ = at;
    due_ = voice == Voice::speaking ? at + voice_hang : never;
    wire_.report(VoiceChanged{media_, voice, at});
}

void VoiceMeter::configure(Wanted wanted, Instant now) {
    if (!wanted.voice) stop(now);
    if (wanted.voice && wanted_ && told_ != Voice::unseen) {
        const Instant due = due_;
        tell(told_, told_at_);
        due_ = due;
    }
    wanted_ = wanted.voice;
    if (!wanted.voice || !wanted.mute)
        mute_.reset();
    else if (mute_)
        mute_->repeat();
    else
        mute_ = std::make_unique<MuteMeter>(media_, wire_);
}

void VoiceMeter::stop(Instant now) {
    if (told_ != Voice::unseen) tell(Voice::unseen, now);
    if (detector_) detector_->interrupt();
    if (mute_) mute_->stop(now);
}

void VoiceMeter::take(const Heard& heard) {
    if (mute_ && !heard.codec) mute_->take_digit(heard);
    if (!wanted_ || !heard.codec) return;
    listen(*heard.codec, heard);
    if (told_ == Voice::unseen) {
        if (!codec_) return;  // nothing of it could be decoded
        return tell(Voice::silent, heard.received_at);
    }
    if (told_ == Voice::silent && detector_->active())
        tell(Voice::speaking, std::max(detector_->began(), told_at_));
}

void VoiceMeter::listen(Codec codec, const Heard& heard) {
    if (!detector_) detector_ = std::make_unique<VoiceDetector>();
    if (codec_ != codec) {
        codec_.reset();
        decoder_ = facts_of(codec).make_decoder();
    }
    if (heard.received_at - last_packet_ > pause_between_runs) detector_->interrupt();
    last_packet_ = std::max(last_packet_, heard.received_at);
    std::array<std::int16_t, most_decoded> samples;
    const std::size_t count = decoder_->decode(heard.packet.payload, samples);
    if (count == 0) return;
    codec_ = codec;
    const auto heard_samples = Samples{samples}.first(count);
    detector_->take(heard_samples, last_packet_);
    if (mute_) mute_->take(heard, heard_samples, detector_->active());
}

void VoiceMeter::check(Instant now) {
    if (mute_) mute_->check(now);
    if (now >= due_) check_voice(now);
}

/// It is looked at when the silence would be long enough, not at each packet.
void VoiceMeter::check_voice(Instant now) {
    if (told_ != Voice::speaking) {
        due_ = never;
        return;
    }
    const Instant last = std::max(detector_->last_voice(), told_at_);
    due_ = last + voice_hang;
    if (now >= due_) tell(Voice::silent, last);
}

}  // namespace holdfast::media
