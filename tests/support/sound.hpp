// tests/support/sound.hpp: tones to be heard, and how strongly they are heard.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

namespace holdfast::test {

using Sound = std::vector<std::int16_t>;

/// A sine of `samples` samples.
inline Sound sine(double hertz, double rate, std::size_t samples, double amplitude = 10'000) {
    Sound out(samples);
    for (std::size_t i = 0; i < samples; ++i)
        out[i] = static_cast<std::int16_t>(std::lround(
            amplitude * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / rate)));
    return out;
}

/// The amplitude of one frequency in `sound`.
inline double strength(std::span<const std::int16_t> sound, double hertz, double rate) {
    double real = 0;
    double imaginary = 0;
    for (std::size_t i = 0; i < sound.size(); ++i) {
        const double turn = 2 * std::numbers::pi * hertz * static_cast<double>(i) / rate;
        real += sound[i] * std::cos(turn);
        imaginary += sound[i] * std::sin(turn);
    }
    return 2 * std::hypot(real, imaginary) / static_cast<double>(sound.size());
}

/// The largest step from one sample to the next: what a click is made of.
inline int largest_step(std::span<const std::int16_t> sound) {
    int largest = 0;
    for (std::size_t i = 1; i < sound.size(); ++i)
        largest = std::max(largest, std::abs(sound[i] - sound[i - 1]));
    return largest;
}

}  // namespace holdfast::test
