// media/live_encoder.hpp: a voice that is being heard, as packets in one codec.
#pragma once
#include "media/codecs.hpp"
#include "media/frame_resampler.hpp"

#include <array>
#include <cstdint>
#include <memory>

namespace holdfast::media {

class LiveEncoder {
public:
    /// `rate`: of what add() is given, in Hz.
    LiveEncoder(Codec codec, std::uint32_t rate);

    Codec codec() const { return facts_.codec; }
    /// A frame time of sound. A packet holds `most_frames` of them; more are left out.
    void add(Samples frame);
    /// What was added since the last packet, as a payload; returns its octets.
    std::size_t packet(ByteRoom room);

private:
    const CodecFacts& facts_;
    std::unique_ptr<Encoder> encoder_;
    FrameResampler resampler_;
    std::array<std::array<std::uint8_t, most_frame_bytes>, most_frames> frames_{};
    std::size_t count_ = 0;
};

}  // namespace holdfast::media
