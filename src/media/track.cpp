#include "media/track.hpp"

#include <algorithm>
#include <array>

namespace holdfast::media {
namespace {

// What an encoder has to hear before its state is that of one that heard everything.
constexpr std::size_t lead_in_frames = 50;
// What a decoder has to hear before it does not matter any more what it heard before.
constexpr std::size_t bridge_frames = 21;

/// The end of `samples`, no longer than `size`.
void keep_last(std::vector<std::int16_t>& samples, std::size_t size) {
    if (samples.size() > 2 * size)
        samples.erase(samples.begin(), samples.end() - static_cast<std::ptrdiff_t>(size));
}

}  // namespace

Track::Track(Codec codec, std::vector<std::uint8_t> frames, std::size_t whole, std::size_t bridge)
    : codec_{codec},
      bytes_{std::move(frames)},
      settling_{facts_of(codec).settling_frames},
      frames_{bytes_.size() / facts_of(codec).frame_bytes - bridge},
      whole_{settling_ + whole},
      bridge_{bridge} {}

Bytes Track::next(Position& position, bool loop) const {
    std::size_t& at = position.frame;
    if (loop && bridge_ > 0) {
        if (at == frames_ + bridge_) at = settling_ + bridge_;
        if (at + 1 == whole_) at = frames_;
    } else if (at >= frames_) {
        if (!loop || frames_ == settling_) return {};
        at = settling_;
    }
    const std::size_t size = facts_of(codec_).frame_bytes;
    return Bytes{bytes_}.subspan(at++ * size, size);
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

TrackBuilder::TrackBuilder(Codec codec) : facts_{facts_of(codec)}, encoder_{facts_.make_encoder()} {
    const std::vector<std::int16_t> silence(facts_.frame_samples());
    for (std::size_t i = 0; i < facts_.settling_frames; ++i)
        encode(*encoder_, silence);
}

void TrackBuilder::add(Samples samples) {
    const std::size_t size = facts_.frame_samples();
    while (!samples.empty()) {
        const std::size_t taken = std::min(size - partial_.size(), samples.size());
        const Samples piece = samples.first(taken);
        partial_.insert(partial_.end(), piece.begin(), piece.end());
        samples = samples.subspan(taken);
        if (partial_.size() < size) return;

        encode(*encoder_, partial_);
        ++whole_;
        if (whole_ <= bridge_frames)
            earliest_.insert(earliest_.end(), partial_.begin(), partial_.end());
        latest_.insert(latest_.end(), partial_.begin(), partial_.end());
        keep_last(latest_, lead_in_frames * size);
        partial_.clear();
    }
}

void TrackBuilder::encode(Encoder& encoder, Samples frame) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + facts_.frame_bytes);
    encoder.encode(frame, std::span{bytes_}.subspan(at));
}

std::size_t TrackBuilder::add_bridge() {
    if (whole_ < 2) return 0;
    const std::size_t size = facts_.frame_samples();
    const auto encoder = facts_.make_encoder();
    std::array<std::uint8_t, most_frame_bytes> unused{};
    for (std::size_t at = 0; at + size < latest_.size(); at += size)
        encoder->encode(Samples{latest_}.subspan(at, size),
                        std::span{unused}.first(facts_.frame_bytes));

    std::vector<std::int16_t> seam(size);
    const Samples last = Samples{latest_}.last(size);
    for (std::size_t i = 0; i < size; ++i) {
        const double fade = static_cast<double>(i) / static_cast<double>(size);
        seam[i] = static_cast<std::int16_t>(last[i] * (1 - fade) + earliest_[i] * fade);
    }
    encode(*encoder, seam);
    // The seam stands for the last whole frame and for the first.
    const std::size_t count = std::min(bridge_frames, whole_ - 1);
    for (std::size_t i = 1; i < count; ++i)
        encode(*encoder, Samples{earliest_}.subspan(i * size, size));
    return count;
}

Track TrackBuilder::finish() {
    if (!partial_.empty()) {
        partial_.resize(facts_.frame_samples());
        encode(*encoder_, partial_);
    }
    const std::size_t bridge = add_bridge();
    bytes_.shrink_to_fit();
    return {facts_.codec, std::move(bytes_), whole_, bridge};
}

}  // namespace holdfast::media
