// media/digit_receiver.hpp: from telephone-event packets, each sent several times and any of them
// lost, to each digit once.
#pragma once
#include "base/bounded_vector.hpp"
#include "base/time.hpp"
#include "media/bytes.hpp"
#include "media/rtp.hpp"
#include "media/telephone_event.hpp"

#include <cstdint>

namespace holdfast::media {

struct HeardDigit {
    char digit = 0;
    Micros duration{};
    Instant at;  ///< When its first packet reached the kernel.
};

/// A digit whose end was lost counts as over when nothing of it came for this long; updates come
/// every 50 ms or more often (RFC 4733 2.5.1.2).
inline constexpr Micros digit_end_patience = 250ms;

class DigitReceiver {
public:
    using Digits = BoundedVector<HeardDigit, most_events + 1>;

    /// Digits that this packet ended. `clock` in Hz, of the telephone-event payload.
    Digits take(const RtpPacket& packet, std::uint32_t clock, Instant received_at);
    /// The digit that nobody ended, if `now` is due() or later.
    Digits expire(Instant now);
    /// When the running digit counts as over; `never` where none runs.
    Instant due() const { return running_ ? latest_ + digit_end_patience : never; }
    /// Another stream begins: its timestamps have nothing to do with those before. The running
    /// digit ends with the stream it was in.
    Digits restart();

private:
    bool is_over(std::uint32_t timestamp) const;
    void take(const TelephoneEvent& event,
              std::uint32_t timestamp,
              bool marker,
              Instant received_at,
              Digits& out);
    void end(Digits& out);

    bool any_ = false;  // an event was seen, and these are of the last one
    bool running_ = false;
    std::uint8_t code_ = 0;
    std::uint32_t began_ = 0;    // RTP timestamp
    std::uint32_t current_ = 0;  // of the segment in hand; old packets lie before it
    std::uint32_t length_ = 0;   // so far, from began_
    std::uint32_t clock_ = 8000;
    Instant at_;
    Instant latest_;
};

}  // namespace holdfast::media
