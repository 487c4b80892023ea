#include "media/source.hpp"

#include "base/ensure.hpp"
#include "media/tone.hpp"

#include <algorithm>

namespace holdfast::media {
namespace {

constexpr unsigned tone_rate = 16'000;
constexpr double tone_amplitude = 8000;  // of each frequency: -9 dBm0
constexpr Micros tone_edge = 4ms;        // faded in and out, so that it does not click

std::size_t samples_in(Micros span) {
    return static_cast<std::size_t>(span.count() * tone_rate / 1'000'000);
}

std::vector<float> one_beep(const LoadTone& order) {
    std::vector<std::int16_t> wave(samples_in(Micros{order.on_ms * 1ms}));
    ToneGenerator{order.hertz, order.second_hertz, tone_rate, tone_amplitude}.fill(wave);
    std::vector<float> beep(wave.size() + samples_in(Micros{order.off_ms * 1ms}));
    const auto edge = static_cast<float>(samples_in(tone_edge));
    for (std::size_t i = 0; i < wave.size(); ++i) {
        const auto from_edge = static_cast<float>(std::min(i, wave.size() - 1 - i));
        beep[i] = static_cast<float>(wave[i]) / 32'768.0F * std::min(1.0F, from_edge / edge);
    }
    return beep;
}

}  // namespace

std::size_t Source::size_bytes() const {
    std::size_t size = 0;
    for (const Track& track : tracks_)
        size += track.size_bytes();
    return size;
}

SourceBuilder::SourceBuilder(std::uint32_t sample_rate, Micros longest)
    : sample_rate_{sample_rate},
      most_samples_{static_cast<std::uint64_t>(longest / 1ms) * sample_rate / 1000} {
    for (const Codec codec : every<Codec>) {
        const std::uint32_t rate = facts_of(codec).sample_rate;
        auto branch = std::find_if(
            branches_.begin(), branches_.end(), [&](const Branch& b) { return b.rate == rate; });
        if (branch == branches_.end()) {
            branches_.push_back({rate, Resampler{sample_rate, rate}, {}});
            branch = branches_.end() - 1;
        }
        branch->tracks.emplace_back(codec);
    }
}

void SourceBuilder::feed(Branch& branch) {
    for (TrackBuilder& track : branch.tracks)
        track.add(scratch_);
    scratch_.clear();
}

bool SourceBuilder::add(std::span<const float> samples) {
    if (taken_ + samples.size() > most_samples_) return false;
    taken_ += samples.size();
    for (Branch& branch : branches_) {
        branch.resampler.take(samples, scratch_);
        feed(branch);
    }
    return true;
}

SourcePtr SourceBuilder::finish() {
    ensure(!empty(), "a source without a sample");
    Source::Tracks tracks;
    for (Branch& branch : branches_) {
        branch.resampler.finish(scratch_);
        feed(branch);
        for (TrackBuilder& builder : branch.tracks) {
            Track track = builder.finish();
            const auto at = static_cast<std::size_t>(track.codec());
            tracks[at] = std::move(track);
        }
    }
    const Micros length{static_cast<std::int64_t>(taken_ * 1'000'000 / sample_rate_)};
    return std::make_shared<const Source>(std::move(tracks), length);
}

LoadedSource make_tone(const LoadTone& order) {
    const std::string name = "tone " + std::to_string(order.source.value);
    if (order.hertz == 0 || order.hertz >= 4000 || order.second_hertz >= 4000)
        return std::unexpected{name +
                               " has a frequency that no telephone carries: give 1 to 3999 Hz"};
    if (order.on_ms == 0 || order.repeats == 0)
        return std::unexpected{name + " would be silent: give on_ms and repeats above zero"};
    if (order.repeats * Micros{(order.on_ms + order.off_ms) * 1ms} > limits::source_length)
        return std::unexpected{name + " would last more than 30 minutes: make it shorter"};
    const std::vector<float> beep = one_beep(order);
    SourceBuilder builder{tone_rate};
    for (int i = 0; i < order.repeats; ++i)
        ensure(builder.add(beep), "a tone longer than was computed");
    return builder.finish();
}

}  // namespace holdfast::media
