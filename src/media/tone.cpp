#include "media/tone.hpp"

#include "base/ensure.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string_view>

namespace holdfast::media {

ToneGenerator::ToneGenerator(unsigned hertz,
                             unsigned second_hertz,
                             unsigned sample_rate,
                             double amplitude)
    : amplitude_{amplitude} {
    const double turn = 2 * std::numbers::pi / sample_rate;
    first_.step = turn * hertz;
    second_.step = turn * second_hertz;
}

double ToneGenerator::Sine::next() {
    const double value = std::sin(phase);
    phase += step;
    if (phase >= 2 * std::numbers::pi) phase -= 2 * std::numbers::pi;
    return value;
}

void ToneGenerator::fill(std::span<std::int16_t> out) {
    for (auto& sample : out)
        sample =
            static_cast<std::int16_t>(std::lround(amplitude_ * (first_.next() + second_.next())));
}

std::pair<unsigned, unsigned> dtmf_tones(char digit) {
    constexpr std::string_view keys = "123A456B789C*0#D";
    constexpr std::array<unsigned, 4> rows{697, 770, 852, 941};
    constexpr std::array<unsigned, 4> columns{1209, 1336, 1477, 1633};
    const std::size_t at = keys.find(digit);
    ensure(at != std::string_view::npos, "a digit without tones");
    return {rows[at / 4], columns[at % 4]};
}

}  // namespace holdfast::media
