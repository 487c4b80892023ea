#include "media/resampler.hpp"

#include "base/ensure.hpp"

#include <speex/speex_resampler.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace holdfast::media {
namespace {

constexpr int quality = 7;

std::int16_t to_16_bits(float sample) {
    if (!std::isfinite(sample)) return 0;
    return static_cast<std::int16_t>(
        std::lround(std::clamp(sample * 32'767.0F, -32'768.0F, 32'767.0F)));
}

}  // namespace

void Resampler::Release::operator()(SpeexResamplerState_* state) const {
    speex_resampler_destroy(state);
}

Resampler::Resampler(std::uint32_t from_rate, std::uint32_t to_rate)
    : from_rate_{from_rate}, to_rate_{to_rate} {
    if (from_rate == to_rate) return;
    int fault = 0;
    state_.reset(speex_resampler_init(1, from_rate, to_rate, quality, &fault));
    ensure(state_ != nullptr, "no resampler");
    speex_resampler_skip_zeros(state_.get());
}

void Resampler::run(std::span<const float> in, std::vector<std::int16_t>& out) {
    std::array<float, 2048> made;
    while (!in.empty()) {
        auto used = static_cast<spx_uint32_t>(in.size());
        auto size = static_cast<spx_uint32_t>(made.size());
        speex_resampler_process_float(state_.get(), 0, in.data(), &used, made.data(), &size);
        in = in.subspan(used);
        given_ += size;
        std::transform(made.begin(), made.begin() + size, std::back_inserter(out), to_16_bits);
        if (used == 0 && size == 0) return;
    }
}

void Resampler::take(std::span<const float> in, std::vector<std::int16_t>& out) {
    taken_ += in.size();
    if (state_)
        run(in, out);
    else
        std::transform(in.begin(), in.end(), std::back_inserter(out), to_16_bits);
}

void Resampler::finish(std::vector<std::int16_t>& out) {
    if (!state_) return;
    const std::uint64_t due = taken_ * to_rate_ / from_rate_;
    const std::array<float, 512> silence{};
    constexpr int most_rounds = 64;  // many times the longest filter
    for (int round = 0; given_ < due && round < most_rounds; ++round)
        run(silence, out);
    if (given_ > due) out.resize(out.size() - std::min<std::size_t>(given_ - due, out.size()));
}

}  // namespace holdfast::media
