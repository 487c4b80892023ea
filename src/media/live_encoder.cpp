#include "media/live_encoder.hpp"

namespace holdfast::media {

LiveEncoder::LiveEncoder(Codec codec, std::uint32_t rate)
    : facts_{facts_of(codec)},
      encoder_{facts_.make_encoder()},
      resampler_{rate, facts_.sample_rate} {}

void LiveEncoder::add(Samples frame) {
    if (count_ == frames_.size()) return;
    std::array<std::int16_t, most_frame_samples> samples;
    const auto changed = std::span{samples}.first(facts_.frame_samples());
    resampler_.change(frame, changed);
    encoder_->encode(changed, ByteRoom{frames_[count_++]}.first(facts_.frame_bytes));
}

std::size_t LiveEncoder::packet(ByteRoom room) {
    if (count_ == 0) return 0;
    std::array<Bytes, most_frames> frames;
    for (std::size_t i = 0; i < count_; ++i)
        frames[i] = Bytes{frames_[i]}.first(facts_.frame_bytes);
    const std::size_t count = count_;
    count_ = 0;
    return facts_.join(std::span{frames}.first(count), room);
}

}  // namespace holdfast::media
