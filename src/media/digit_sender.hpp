// media/digit_sender.hpp: one digit on its way to a party, a packet time at a step.
#pragma once
#include "base/time.hpp"
#include "media/codecs.hpp"
#include "media/telephone_event.hpp"
#include "media/tone.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

namespace holdfast::media {

/// ITU-T Q.24: shorter digits and pauses need not be understood.
inline constexpr Micros shortest_digit = 40ms;
inline constexpr Micros longest_digit = 6s;
inline constexpr Micros digit_pause = 60ms;
/// Silence before in-band tones: a decoder that has heard something else settles meanwhile.
inline constexpr Micros inband_lead_in = 40ms;

/// As RFC 4733 2.5.1: the first packet, updates, and the end three times.
class EventDigit {
public:
    /// `clock` in Hz. An event longer than its 16 bits of duration is cut there.
    EventDigit(char digit, Micros duration, std::uint32_t clock);

    /// What to send in this packet time; none in the pause that follows.
    std::optional<TelephoneEvent> next(Micros ptime);
    bool over() const { return elapsed_ >= duration_ + digit_pause && ends_left_ == 0; }

private:
    std::uint8_t code_;
    std::uint32_t clock_;
    Micros duration_;
    Micros elapsed_{};
    int ends_left_ = 3;
};

/// The two tones of ITU-T Q.23 in the codec of the stream, with silence before and after.
class InbandDigit {
public:
    InbandDigit(char digit, Micros duration, Codec codec);

    Codec codec() const { return codec_; }
    /// The next `ptime` of sound as a payload; returns its octets.
    std::size_t next(Micros ptime, ByteRoom room);
    bool over() const { return elapsed_ >= inband_lead_in + duration_ + digit_pause; }

private:
    void encode_frame(ByteRoom frame);

    Codec codec_;
    std::unique_ptr<Encoder> encoder_;
    ToneGenerator tones_;
    Micros duration_;
    Micros elapsed_{};
};

}  // namespace holdfast::media
