// media/playout.hpp: from packets that come as the net lets them to sound that goes on: jitter
// buffer, decoding, concealment of what was lost, and the difference of the two clocks.
#pragma once
#include "media/codecs.hpp"
#include "media/heard.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace holdfast::media {

/// The sound of one party at its codec's sample rate, pulled a frame time at a time.
///
/// How far the sound reaches ahead of a packet when it comes is its lead. The least lead of the
/// last seconds is kept near `wanted_lead`: a sample more or less is made of every second frame
/// until that is so, which is heard as nothing and follows any clock. A packet that comes when the
/// sound has run out makes the lead longer at once.
class Playout {
public:
    explicit Playout(Codec codec);

    Codec codec() const { return facts_.codec; }
    /// An audio packet of that codec.
    void take(const Heard& heard);
    /// The next frame time, of facts_of(codec).frame_samples(); silence where nobody speaks.
    void next(std::span<std::int16_t> frame);
    /// Nothing is to be heard until another packet comes.
    bool idle() const { return !running_ && sound_.empty(); }

    struct Figures {
        std::uint64_t late = 0;       ///< Packets that came after their turn.
        std::uint64_t dropped = 0;    ///< Packets left out because too many waited.
        std::uint64_t concealed = 0;  ///< Samples made up.
        std::uint64_t starved = 0;    ///< Times the sound ran out.
    };
    const Figures& figures() const { return figures_; }
    /// The least lead seen in the last whole second, in samples; for tests.
    std::int64_t lead() const { return last_lead_; }

private:
    struct Packet {
        std::int64_t at = 0;  // in samples
        std::int64_t number = 0;
        std::vector<std::uint8_t> payload;
    };
    static constexpr std::size_t windows = 8;  // of a second each

    std::int64_t place_of(std::uint32_t timestamp);
    std::int64_t samples_of(Micros span) const;
    void begin(std::int64_t at);
    void note_late(std::int64_t at);
    void settle_starvation(std::int64_t at);
    void keep(std::int64_t at, const Heard& heard);

    void fill(std::size_t wanted);
    void play_earliest();
    void pass_gap(std::int64_t gap);
    void starve();
    std::span<std::int16_t> conceal();
    void append(Samples samples);

    int step();
    void steer();
    void drop(std::int64_t samples);
    void stretch(std::span<std::int16_t> frame, std::size_t used) const;

    const CodecFacts& facts_;
    std::unique_ptr<VoiceDecoder> decoder_;
    std::vector<Packet> waiting_;      // by number
    std::vector<std::int16_t> sound_;  // decoded, not heard yet
    std::int16_t before_ = 0;          // the sample before it

    std::uint32_t stream_ = 0;
    std::uint32_t newest_in_ = 0;  // RTP timestamp, and the same without wrap
    std::int64_t newest_ = 0;

    bool running_ = false;
    bool fresh_ = false;         // the next sound comes out of silence
    std::int64_t position_ = 0;  // where the sound that is decoded ends
    std::int64_t starved_ = 0;   // made up since then, without moving on
    std::int64_t insert_ = 0;    // to be made up in the same way
    int concealed_ = 0;          // frames in a row

    int window_ = 0;  // frames of it that are over
    std::optional<std::int64_t> least_;
    std::array<std::int64_t, windows> leads_{};  // of the last seconds, plus shift_ at that time
    std::size_t seconds_ = 0;
    std::int64_t last_lead_ = 0;
    std::int64_t shift_ = 0;  // samples left out so far, less those inserted
    std::int64_t owed_ = 0;   // to be left out; below zero: to be inserted
    bool stepped_ = false;    // in the frame before

    Figures figures_;
};

}  // namespace holdfast::media
