// media/track.hpp: one source in one codec, encoded once: frames that any number of listeners are
// sent from, each at its own place.
#pragma once
#include "media/codecs.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace holdfast::media {

/// Frame after frame, and the seam: a frame that fades from the end into the beginning, so that
/// going round is heard neither as a click nor as a gap.
class Track {
public:
    Track() = default;
    /// `whole`: how many of the frames are sound throughout; one more may be filled with silence.
    Track(Codec codec,
          std::vector<std::uint8_t> frames,
          std::size_t whole,
          std::vector<std::uint8_t> seam)
        : codec_{codec}, bytes_{std::move(frames)}, whole_{whole}, seam_{std::move(seam)} {}

    Codec codec() const { return codec_; }
    std::size_t frames() const { return bytes_.size() / facts_of(codec_).frame_bytes; }
    std::size_t size_bytes() const { return bytes_.size() + seam_.size(); }

    /// Where a listener is.
    struct Position {
        std::size_t frame = 0;
    };
    /// The frame at `position`, which moves on; none at the end of what does not loop.
    Bytes next(Position& position, bool loop) const;
    /// A payload of up to `frames` frames; fewer at the end. Returns its octets, 0 after the end.
    std::size_t next_packet(Position& position, bool loop, std::size_t frames, ByteRoom room) const;

private:
    Codec codec_{};
    std::vector<std::uint8_t> bytes_;
    std::size_t whole_ = 0;
    std::vector<std::uint8_t> seam_;
};

/// Encodes a track as its samples come.
class TrackBuilder {
public:
    explicit TrackBuilder(Codec codec);
    /// Any number of samples at the codec's rate.
    void add(Samples samples);
    /// Ends the track; call once.
    Track finish();

    std::size_t size_bytes() const { return bytes_.size(); }

private:
    void encode(Samples frame);
    std::vector<std::uint8_t> make_seam() const;

    const CodecFacts& facts_;
    std::unique_ptr<Encoder> encoder_;
    std::vector<std::uint8_t> bytes_;
    std::size_t whole_ = 0;
    std::vector<std::int16_t> partial_;  // less than a frame
    std::vector<std::int16_t> first_;    // the first frame
    std::vector<std::int16_t> latest_;  // the last whole frames, for an encoder that has heard them
};

}  // namespace holdfast::media
