#include "media/resampler.hpp"

#include "support/sound.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace holdfast;
using namespace holdfast::media;

namespace {
test::Sound resampled(const std::vector<float>& in, std::uint32_t from, std::uint32_t to) {
    Resampler resampler{from, to};
    std::vector<std::int16_t> out;
    for (std::size_t at = 0; at < in.size(); at += 1000)
        resampler.take(std::span{in}.subspan(at, std::min<std::size_t>(1000, in.size() - at)), out);
    resampler.finish(out);
    return out;
}
std::vector<float> tone(double hertz, std::uint32_t rate, std::size_t samples) {
    std::vector<float> out;
    for (const auto sample : test::sine(hertz, rate, samples, 16'384))
        out.push_back(static_cast<float>(sample) / 32'768.0F);
    return out;
}
}  // namespace

TEST_CASE("resampler: length and pitch stay", "[media][resampler]") {
    for (const std::uint32_t from : {8000u, 11'025u, 16'000u, 22'050u, 44'100u, 48'000u})
        for (const std::uint32_t to : {8000u, 16'000u}) {
            CAPTURE(from, to);
            const auto out = resampled(tone(440, from, from), from, to);
            CHECK(out.size() == to);
            CHECK(test::strength(out, 440, to) == Approx(16'384).epsilon(0.03));
            CHECK(test::strength(out, 880, to) < 200);
        }
}

TEST_CASE("resampler: what the lower rate cannot carry is left out", "[media][resampler]") {
    const auto out = resampled(tone(6000, 48'000, 48'000), 48'000, 8000);
    CHECK(test::strength(out, 2000, 8000) < 200);  // where it would be mirrored to
}

TEST_CASE("resampler: the delay of the filter is taken out", "[media][resampler]") {
    std::vector<float> click(4800);
    click[2400] = 1.0F;
    const auto out = resampled(click, 48'000, 8000);
    const auto peak = std::max_element(out.begin(), out.end()) - out.begin();
    CHECK(std::abs(peak - 400) <= 1);
}

TEST_CASE("resampler: very short, very loud, and not a number", "[media][resampler]") {
    CHECK(resampled({0.5F}, 48'000, 8000).empty());
    CHECK(resampled(std::vector<float>(6, 0.5F), 48'000, 8000).size() == 1);
    CHECK(resampled({}, 48'000, 8000).empty());
    const float infinite = std::numeric_limits<float>::infinity();
    const float nothing = std::numeric_limits<float>::quiet_NaN();
    CHECK(resampled({2.0F, -2.0F, nothing, infinite}, 8000, 8000) ==
          test::Sound{32'767, -32'768, 0, 0});
}
