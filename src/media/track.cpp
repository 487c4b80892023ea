#include "media/track.hpp"

#include <algorithm>
#include <array>

namespace holdfast::media {
namespace {

// What an encoder has to hear before its state is that of one that heard everything.
constexpr std::size_t lead_in_frames = 50;

}  // namespace

Bytes Track::next(Position& position, bool loop) const {
    const std::size_t size = facts_of(codec_).frame_bytes;
    const bool at_seam = loop && !seam_.empty() && position.frame + 1 >= whole_;
    if (at_seam) {
        position.frame = 1;  // the seam has ended as the first frame does
        return seam_;
    }
    if (loop && position.frame >= frames()) position.frame = 0;
    if (position.frame >= frames()) return {};
    return Bytes{bytes_}.subspan(position.frame++ * size, size);
}

std::size_t Track::next_packet(Position& position,
                               bool loop,
                               std::size_t frames,
                               ByteRoom room) const {
    std::array<Bytes, most_frames> list;
    std::size_t count = 0;
    while (count < std::min(frames, most_frames)) {
        list[count] = next(position, loop);
        if (list[count].empty()) break;
        ++count;
    }
    return count == 0 ? 0 : facts_of(codec_).join(std::span{list}.first(count), room);
}

TrackBuilder::TrackBuilder(Codec codec)
    : facts_{facts_of(codec)}, encoder_{facts_.make_encoder()} {}

void TrackBuilder::add(Samples samples) {
    const std::size_t size = facts_.frame_samples();
    while (!samples.empty()) {
        const std::size_t taken = std::min(size - partial_.size(), samples.size());
        partial_.insert(
            partial_.end(), samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(taken));
        samples = samples.subspan(taken);
        if (partial_.size() < size) return;
        encode(partial_);
        ++whole_;
        if (first_.empty()) first_ = partial_;
        latest_.insert(latest_.end(), partial_.begin(), partial_.end());
        if (latest_.size() > 2 * lead_in_frames * size)
            latest_.erase(latest_.begin(),
                          latest_.end() - static_cast<std::ptrdiff_t>(lead_in_frames * size));
        partial_.clear();
    }
}

void TrackBuilder::encode(Samples frame) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + facts_.frame_bytes);
    encoder_->encode(frame, std::span{bytes_}.subspan(at));
}

std::vector<std::uint8_t> TrackBuilder::make_seam() const {
    const std::size_t size = facts_.frame_samples();
    const auto encoder = facts_.make_encoder();
    std::vector<std::uint8_t> frame(facts_.frame_bytes);
    for (std::size_t at = 0; at + size < latest_.size(); at += size)
        encoder->encode(Samples{latest_}.subspan(at, size), frame);

    std::vector<std::int16_t> mixed(size);
    const Samples last = Samples{latest_}.last(size);
    for (std::size_t i = 0; i < size; ++i) {
        const double fade = static_cast<double>(i) / static_cast<double>(size);
        mixed[i] = static_cast<std::int16_t>(last[i] * (1 - fade) + first_[i] * fade);
    }
    encoder->encode(mixed, frame);
    return frame;
}

Track TrackBuilder::finish() {
    if (!partial_.empty()) {
        partial_.resize(facts_.frame_samples());
        encode(partial_);
    }
    bytes_.shrink_to_fit();
    return {facts_.codec,
            std::move(bytes_),
            whole_,
            whole_ >= 2 ? make_seam() : std::vector<std::uint8_t>{}};
}

}  // namespace holdfast::media
