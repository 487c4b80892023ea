// media/transcoder.hpp: one party's voice in the codec of another.
#pragma once
#include "media/live_encoder.hpp"
#include "media/playout.hpp"

#include <cstddef>

namespace holdfast::media {

class Transcoder {
public:
    Transcoder(Codec from, Codec to) : playout_{from}, encoder_{to, facts_of(from).sample_rate} {}

    Codec from() const { return playout_.codec(); }
    Codec to() const { return encoder_.codec(); }
    /// A packet of the one, in codec from().
    void take(const Heard& heard) { playout_.take(heard); }
    /// Nothing more is to be heard until another packet comes.
    bool idle() const { return playout_.idle(); }
    /// The next `frames` frame times for the other; returns the octets.
    std::size_t next_packet(std::size_t frames, ByteRoom room) {
        for (std::size_t i = 0; i < frames; ++i)
            encoder_.add(next_frame());
        return encoder_.packet(room);
    }
    /// The same, unheard: something else goes out meanwhile.
    void skip(std::size_t frames) {
        for (std::size_t i = 0; i < frames; ++i)
            next_frame();
    }

private:
    Samples next_frame() {
        const auto frame = std::span{frame_}.first(facts_of(from()).frame_samples());
        playout_.next(frame);
        return frame;
    }

    Playout playout_;
    LiveEncoder encoder_;
    std::array<std::int16_t, most_frame_samples> frame_{};
};

}  // namespace holdfast::media
