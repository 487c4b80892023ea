// media/track.hpp: one source in one codec, encoded once: frames that any number of listeners are
// sent from, each at its own place.
#pragma once
#include "media/codecs.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace holdfast::media {

/// Where the codec needs it, silence to settle by; frame after frame; then a bridge that leads from
/// the end back into the beginning, so that going round is heard neither as a click nor as a gap:
/// its first frame fades from the last into the first, and the others repeat the next ones as an
/// encoder writes them that has heard the end. Going round again joins the frames where the bridge
/// has ended.
class Track {
public:
    Track() = default;
    /// `frames`: the codec's settling frames, then those of the sound, of which the first `whole`
    /// are full, then those of the bridge.
    Track(Codec codec, std::vector<std::uint8_t> frames, std::size_t whole, std::size_t bridge);

    Codec codec() const { return codec_; }
    std::size_t frames() const { return frames_; }
    std::size_t size_bytes() const { return bytes_.size(); }

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
    std::size_t settling_ = 0;
    std::size_t frames_ = 0;  // settling ones too
    std::size_t whole_ = 0;   // likewise
    std::size_t bridge_ = 0;
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
    void encode(Encoder& encoder, Samples frame);
    std::size_t add_bridge();

    const CodecFacts& facts_;
    std::unique_ptr<Encoder> encoder_;
    std::vector<std::uint8_t> bytes_;
    std::size_t whole_ = 0;
    std::vector<std::int16_t> partial_;   // less than a frame
    std::vector<std::int16_t> earliest_;  // the first whole frames, for the bridge
    std::vector<std::int16_t> latest_;    // the last whole frames, for its encoder to have heard
};

}  // namespace holdfast::media
