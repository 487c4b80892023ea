#include "media/digit_sender.hpp"

#include <array>

namespace holdfast::media {
namespace {

constexpr std::uint8_t volume = 10;  // -10 dBm0, as phones send

Micros within_limits(Micros duration) {
    return std::clamp(duration, shortest_digit, longest_digit);
}

}  // namespace

EventDigit::EventDigit(char digit, Micros duration, std::uint32_t clock)
    : code_{code_of(digit).value_or(0)},
      clock_{clock},
      duration_{
          std::min(within_limits(duration), Micros{std::int64_t{0xffff} * 1'000'000 / clock})} {}

std::optional<TelephoneEvent> EventDigit::next(Micros ptime) {
    elapsed_ += ptime;
    if (ends_left_ == 0) return std::nullopt;
    const Micros so_far = std::min(elapsed_, duration_);
    const bool ended = elapsed_ >= duration_;
    // RFC 4733 2.5.1.4: the final packet goes out three times, at the pace of the updates.
    if (ended) --ends_left_;
    return TelephoneEvent{
        .code = code_,
        .ended = ended,
        .volume = volume,
        .duration = static_cast<std::uint16_t>(so_far.count() * clock_ / 1'000'000)};
}

InbandDigit::InbandDigit(char digit, Micros duration, Codec codec)
    : codec_{codec},
      encoder_{facts_of(codec).make_encoder()},
      tones_{dtmf_tones(digit).first,
             dtmf_tones(digit).second,
             facts_of(codec).sample_rate,
             dtmf_amplitude},
      duration_{within_limits(duration)} {}

void InbandDigit::encode_frame(ByteRoom frame) {
    std::array<std::int16_t, 480> samples{};  // 10 ms at up to 48 kHz
    const auto used = std::span{samples}.first(facts_of(codec_).frame_samples());
    const bool sounds = elapsed_ >= inband_lead_in && elapsed_ < inband_lead_in + duration_;
    if (sounds) tones_.fill(used);
    encoder_->encode(used, frame);
    elapsed_ += frame_time;
}

std::size_t InbandDigit::next(Micros ptime, ByteRoom room) {
    const auto& facts = facts_of(codec_);
    std::array<std::uint8_t, most_frames * most_frame_bytes> bytes{};
    std::array<Bytes, most_frames> frames;
    const auto count = std::min(static_cast<std::size_t>(ptime / frame_time), most_frames);
    for (std::size_t i = 0; i < count; ++i) {
        const auto frame = std::span{bytes}.subspan(i * facts.frame_bytes, facts.frame_bytes);
        encode_frame(frame);
        frames[i] = frame;
    }
    return facts.join(std::span{frames}.first(count), room);
}

}  // namespace holdfast::media
