#include "media/digit_receiver.hpp"

#include <algorithm>

namespace holdfast::media {

namespace {

// A timestamp less than this behind is of a packet that was overtaken; more is a phone that began
// to count anew.
constexpr int most_overtaken_s = 10;

}  // namespace

DigitReceiver::Digits DigitReceiver::take(const RtpPacket& packet,
                                          std::uint32_t clock,
                                          Instant received_at) {
    Digits out;
    clock_ = clock;
    std::uint32_t timestamp = packet.header.timestamp;
    bool marker = packet.header.marker;
    Bytes rest = packet.payload;
    for (std::size_t i = 0; i < most_events; ++i) {
        const auto event = parse_event(rest);
        if (!event) break;
        if (!is_over(timestamp)) take(*event, timestamp, marker, received_at, out);
        rest = rest.subspan(telephone_event_bytes);
        timestamp += event->duration;  // RFC 4733 2.5.1.5: the next begins where this one ends
        marker = true;
    }
    return out;
}

bool DigitReceiver::is_over(std::uint32_t timestamp) const {
    if (!any_) return false;
    const auto after = static_cast<std::int32_t>(timestamp - current_);
    if (after == 0) return !running_;  // the end, once more
    return after < 0 && after > -most_overtaken_s * static_cast<std::int32_t>(clock_);
}

void DigitReceiver::take(const TelephoneEvent& event,
                         std::uint32_t timestamp,
                         bool marker,
                         Instant received_at,
                         Digits& out) {
    // A new timestamp without marker or end goes on with the event: RFC 4733 2.5.1.3 cuts long ones
    // into segments that way, and some phones move the timestamp with every update.
    const bool same = running_ && event.code == code_ && (timestamp == current_ || !marker);
    if (!same) {
        end(out);
        any_ = running_ = true;
        code_ = event.code;
        began_ = timestamp;
        length_ = 0;
        at_ = received_at;
    }
    latest_ = received_at;
    current_ = timestamp;
    length_ = std::max(length_, timestamp - began_ + event.duration);
    if (event.ended) end(out);
}

void DigitReceiver::end(Digits& out) {
    const auto digit = digit_of(code_);
    if (running_ && digit)
        static_cast<void>(
            out.push_back({.digit = *digit,
                           .duration = Micros{std::int64_t{length_} * 1'000'000 / clock_},
                           .at = at_}));
    running_ = false;
}

DigitReceiver::Digits DigitReceiver::expire(Instant now) {
    Digits out;
    if (now >= due()) end(out);
    return out;
}

DigitReceiver::Digits DigitReceiver::restart() {
    Digits out;
    end(out);
    any_ = false;
    return out;
}

}  // namespace holdfast::media
