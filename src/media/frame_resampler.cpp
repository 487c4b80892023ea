#include "media/frame_resampler.hpp"

#include "base/ensure.hpp"

#include <speex/speex_resampler.h>

#include <algorithm>

namespace holdfast::media {

void FrameResampler::Release::operator()(SpeexResamplerState_* state) const {
    speex_resampler_destroy(state);
}

FrameResampler::FrameResampler(std::uint32_t from_rate, std::uint32_t to_rate) {
    if (from_rate == to_rate) return;
    int fault = 0;
    state_.reset(speex_resampler_init(1, from_rate, to_rate, SPEEX_RESAMPLER_QUALITY_VOIP, &fault));
    ensure(state_ != nullptr, "no resampler");
}

void FrameResampler::change(Samples in, std::span<std::int16_t> out) {
    if (!state_) {
        std::copy_n(in.begin(), std::min(in.size(), out.size()), out.begin());
        return;
    }
    auto used = static_cast<spx_uint32_t>(in.size());
    auto made = static_cast<spx_uint32_t>(out.size());
    speex_resampler_process_int(state_.get(), 0, in.data(), &used, out.data(), &made);
    // The rates are multiples of each other, so that nothing is ever missing.
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(made), out.end(), std::int16_t{});
}

}  // namespace holdfast::media
