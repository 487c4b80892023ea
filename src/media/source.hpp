// media/source.hpp: a recording or a tone, ready for listeners of every codec.
#pragma once
#include "base/enum_text.hpp"
#include "base/limits.hpp"
#include "base/time.hpp"
#include "media/orders.hpp"
#include "media/resampler.hpp"
#include "media/track.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace holdfast::media {

class Source {
public:
    using Tracks = std::array<Track, enum_count<Codec>>;
    Source(Tracks tracks, Micros length) : tracks_{std::move(tracks)}, length_{length} {}

    const Track& track(Codec codec) const { return tracks_[static_cast<std::size_t>(codec)]; }
    Micros length() const { return length_; }
    std::size_t size_bytes() const;

private:
    Tracks tracks_;
    Micros length_;
};

using SourcePtr = std::shared_ptr<const Source>;
/// The source, or a sentence: what is wrong, where, and what to do.
using LoadedSource = std::expected<SourcePtr, std::string>;

/// Makes a source of mono samples as they come, without keeping them.
class SourceBuilder {
public:
    explicit SourceBuilder(std::uint32_t sample_rate, Micros longest = limits::source_length);
    /// Fractions of full scale. False, and nothing taken, where the source would become longer than
    /// the limit.
    bool add(std::span<const float> samples);
    bool empty() const { return taken_ == 0; }
    /// Ends the source; call once, after at least one sample.
    SourcePtr finish();

private:
    /// Codecs that take the same rate share the resampler.
    struct Branch {
        std::uint32_t rate;
        Resampler resampler;
        std::vector<TrackBuilder> tracks;
    };
    void feed(Branch& branch);

    std::uint32_t sample_rate_;
    std::uint64_t most_samples_;
    std::uint64_t taken_ = 0;
    std::vector<Branch> branches_;
    std::vector<std::int16_t> scratch_;
};

/// The tone that `order` describes; a sentence where it cannot be made.
LoadedSource make_tone(const LoadTone& order);

}  // namespace holdfast::media
