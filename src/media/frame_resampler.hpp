// media/frame_resampler.hpp: a running voice from one rate to another, frame by frame.
#pragma once
#include "media/codecs.hpp"

#include <cstdint>
#include <memory>
#include <span>

struct SpeexResamplerState_;

namespace holdfast::media {

/// A frame time in, a frame time out, with the filter's delay of a few milliseconds: what
/// resampler.hpp takes out of a recording, a voice that comes as it is spoken cannot do without.
class FrameResampler {
public:
    FrameResampler(std::uint32_t from_rate, std::uint32_t to_rate);
    /// Both of one frame time at their rates.
    void change(Samples in, std::span<std::int16_t> out);

private:
    struct Release {
        void operator()(SpeexResamplerState_* state) const;
    };
    std::unique_ptr<SpeexResamplerState_, Release> state_;  // none where the rates are the same
};

}  // namespace holdfast::media
