// media/tone.hpp: one or two sines, for signals and digits.
#pragma once
#include <cstdint>
#include <span>
#include <utility>

namespace holdfast::media {

class ToneGenerator {
public:
    /// Frequencies in Hz, below the rate, zero for none; `amplitude` of each, the sum within
    /// 32,767.
    ToneGenerator(unsigned hertz, unsigned second_hertz, unsigned sample_rate, double amplitude);
    /// The next samples; the phase goes on from call to call.
    void fill(std::span<std::int16_t> out);

private:
    struct Sine {
        double step = 0;  // radians a sample
        double phase = 0;
        double next();
    };
    Sine first_;
    Sine second_;
    double amplitude_;
};

/// ITU-T Q.23: the row and the column of a digit, in Hz.
std::pair<unsigned, unsigned> dtmf_tones(char digit);

/// Each tone of a digit at -8 dBm0; 0 dBm0 is a sine 3.14 dB below full scale (G.711).
inline constexpr double dtmf_amplitude = 9086;

}  // namespace holdfast::media
