#include "media/conference.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace holdfast::media {
namespace {

constexpr float loudest = 30'000;      // what a frame of several voices may reach
constexpr float recovery = 1.0F / 64;  // of full loudness, in each frame time

}  // namespace

std::size_t Conference::place_of(std::int64_t number) {
    return static_cast<std::size_t>(number % kept);
}

Conference::Party* Conference::find(MediaId party) {
    const auto at = std::ranges::find_if(parties_, [&](const auto& p) { return p->id == party; });
    return at != parties_.end() ? at->get() : nullptr;
}

bool Conference::join(MediaId party) {
    if (find(party) != nullptr) return true;
    if (parties_.size() >= limits::conference_parties) return false;
    parties_.push_back(std::make_unique<Party>());
    parties_.back()->id = party;
    return true;
}

void Conference::leave(MediaId party) {
    const auto at = std::ranges::find_if(parties_, [&](const auto& p) { return p->id == party; });
    if (at == parties_.end()) return;
    if ((*at)->speaks) leaving_.push_back(std::move(*at));
    parties_.erase(at);
}

void Conference::take(MediaId id, const Heard& heard) {
    Party* const party = find(id);
    if (party == nullptr || !heard.codec) return;
    if (!party->playout || party->playout->codec() != *heard.codec) {
        party->playout = std::make_unique<Playout>(*heard.codec);
        party->resampler =
            std::make_unique<FrameResampler>(facts_of(*heard.codec).sample_rate, mixing_rate);
    }
    party->playout->take(heard);
}

std::optional<Playout::Figures> Conference::figures(MediaId id) const {
    for (const auto& party : parties_)
        if (party->id == id && party->playout) return party->playout->figures();
    return std::nullopt;
}

void Conference::fade(Frame& frame, bool in) {
    constexpr auto length = static_cast<int>(mixing_samples);
    for (int i = 0; i < length; ++i) {
        auto& sample = frame[static_cast<std::size_t>(i)];
        sample = static_cast<std::int16_t>(sample * (in ? i : length - 1 - i) / length);
    }
}

/// What the party says in the next frame time.
Conference::Frame Conference::say(Party& party) {
    Frame frame{};
    if (!party.playout) return frame;
    std::array<std::int16_t, most_frame_samples> samples;
    const auto own = std::span{samples}.first(facts_of(party.playout->codec()).frame_samples());
    party.playout->next(own);
    party.resampler->change(own, frame);
    return frame;
}

void Conference::produce(std::int64_t number) {
    auto& total = totals_[place_of(number)];
    total.fill(0);
    const auto add = [&total](const Frame& frame) {
        std::transform(frame.begin(), frame.end(), total.begin(), total.begin(), std::plus<>{});
    };
    for (const auto& party : parties_) {
        auto& said = party->said[place_of(number)];
        said = say(*party);
        if (party->playout && !std::exchange(party->speaks, true)) fade(said, true);
        add(said);
    }
    for (const auto& party : std::exchange(leaving_, {})) {
        Frame last = say(*party);
        fade(last, false);
        add(last);
    }
    newest_ = number;
}

/// One loudness for the whole frame, approached within it: no step is heard, and nothing is cut
/// off but peaks that come out of nothing.
Conference::Frame Conference::limited(const Total& mix, float& loudness) {
    std::int32_t peak = 1;
    for (const std::int32_t sample : mix)
        peak = std::max(peak, std::abs(sample));
    const float allowed = std::min(1.0F, loudest / static_cast<float>(peak));
    const float from = loudness;
    loudness = std::min(allowed, loudness + recovery);
    Frame out;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const float part = std::min(1.0F, static_cast<float>(i + 1) / 16);  // within a millisecond
        const float gain = from + (loudness - from) * part;
        const float sample = static_cast<float>(mix[i]) * gain;
        out[i] = static_cast<std::int16_t>(std::clamp(sample, -32'768.0F, 32'767.0F));
    }
    return out;
}

Conference::Frame Conference::hear(MediaId id, std::int64_t number) {
    Party* const party = find(id);
    if (party == nullptr) return {};
    if (!newest_ || number - *newest_ > kept) newest_ = number - 1;
    while (*newest_ < number)
        produce(*newest_ + 1);
    if (*newest_ - number >= kept) return {};  // nobody remembers
    Total mix = totals_[place_of(number)];
    const Frame& own = party->said[place_of(number)];
    std::transform(mix.begin(), mix.end(), own.begin(), mix.begin(), std::minus<>{});
    Frame heard = limited(mix, party->loudness);
    if (!std::exchange(party->hears, true)) fade(heard, true);
    return heard;
}

}  // namespace holdfast::media
