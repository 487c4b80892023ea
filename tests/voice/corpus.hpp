// tests/voice/corpus.hpp: calls made of generated sounds, of which it is known who speaks when.
#pragma once
#include "base/random.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::voice {

/// Mono at 8 kHz, as fractions of full scale.
using Wave = std::vector<float>;

/// Sentences spoken by espeak-ng in several voices, without silence around them.
class Speakers {
public:
    /// Runs espeak-ng; ends the program with a sentence where it is missing.
    Speakers();
    std::size_t count() const { return voices_.size(); }
    /// A sentence of one of the voices.
    const Wave& sentence(std::size_t voice, Random& random) const;

private:
    std::vector<std::vector<Wave>> voices_;
};

/// What fills a silence.
enum class Quiet : std::uint8_t { line, comfort_noise, no_packets, keyboard, music };

struct Span {
    Micros began{}, ended{};
    Quiet quiet{};
};

/// Both directions of one call. `sent` is false where a party leaves out the packet.
struct Dialogue {
    struct Side {
        Wave sound;
        std::vector<bool> sent;  ///< By packets of 20 ms.
        std::vector<Span> speech;
        float level_db = 0, noise_db = 0;
    };
    Side sides[2];
    std::vector<Span> silences;  ///< Nobody speaks, for 10 s or more.
};

/// A call of so long, with a silence of 10 to 60 s about every 90 s, pauses of up to 6 s between,
/// and 10 to 30 dB between speech and noise.
Dialogue make_dialogue(const Speakers& speakers, Micros length, Random& random);

}  // namespace holdfast::voice
