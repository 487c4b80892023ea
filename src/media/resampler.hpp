// media/resampler.hpp: samples of one rate to another, by speexdsp.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

struct SpeexResamplerState_;

namespace holdfast::media {

/// Mono; in as fractions of full scale, out as 16 bits. The filter's delay is taken out, so that
/// `n` samples at the one rate become `n` times the ratio at the other.
class Resampler {
public:
    Resampler(std::uint32_t from_rate, std::uint32_t to_rate);
    /// Appends what can be made so far.
    void take(std::span<const float> in, std::vector<std::int16_t>& out);
    /// Appends the rest.
    void finish(std::vector<std::int16_t>& out);

private:
    void run(std::span<const float> in, std::vector<std::int16_t>& out);

    struct Release {
        void operator()(SpeexResamplerState_* state) const;
    };
    std::unique_ptr<SpeexResamplerState_, Release> state_;  // none where the rates are the same
    std::uint32_t from_rate_;
    std::uint32_t to_rate_;
    std::uint64_t taken_ = 0;
    std::uint64_t given_ = 0;
};

}  // namespace holdfast::media
