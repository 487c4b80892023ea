// media/telephone_event.hpp: the payload of a telephone-event packet (RFC 4733 2.3).
#pragma once
#include "base/time.hpp"
#include "media/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace holdfast::media {

struct TelephoneEvent {
    std::uint8_t code = 0;
    bool ended = false;
    std::uint8_t volume = 0;     ///< 0..63, below zero dBm0.
    std::uint16_t duration = 0;  ///< So far, in units of the RTP clock.
    friend bool operator==(const TelephoneEvent&, const TelephoneEvent&) = default;
};

inline constexpr std::size_t telephone_event_bytes = 4;
/// RFC 4733 2.5.1.5 lets a packet carry several; what is beyond is not looked at.
inline constexpr std::size_t most_events = 8;

/// The event at the start of `bytes`; none where there are fewer than four octets.
constexpr std::optional<TelephoneEvent> parse_event(Bytes bytes) {
    if (bytes.size() < telephone_event_bytes) return std::nullopt;
    return TelephoneEvent{.code = bytes[0],
                          .ended = (bytes[1] & 0x80) != 0,
                          .volume = static_cast<std::uint8_t>(bytes[1] & 0x3f),
                          .duration = get16(bytes.data() + 2)};
}

constexpr std::array<std::uint8_t, telephone_event_bytes> print_event(const TelephoneEvent& event) {
    std::array<std::uint8_t, telephone_event_bytes> bytes{
        event.code, static_cast<std::uint8_t>((event.ended ? 0x80 : 0) | (event.volume & 0x3f))};
    put16(bytes.data() + 2, event.duration);
    return bytes;
}

/// The events of a payload with their durations in units of another clock, in Hz; returns the
/// octets written.
constexpr std::size_t rescale_events(
    Bytes in,
    std::uint32_t from,
    std::uint32_t to,
    std::span<std::uint8_t, most_events * telephone_event_bytes> out) {
    std::size_t size = 0;
    for (; size < out.size(); in = in.subspan(telephone_event_bytes)) {
        auto event = parse_event(in);
        if (!event) break;
        const std::uint64_t duration = std::uint64_t{event->duration} * to / from;
        event->duration = static_cast<std::uint16_t>(std::min<std::uint64_t>(duration, 0xffff));
        for (const std::uint8_t octet : print_event(*event))
            out[size++] = octet;
    }
    return size;
}

/// RFC 4733 3.2: codes 0 to 15.
inline constexpr std::string_view dtmf_digits = "0123456789*#ABCD";

constexpr std::optional<char> digit_of(std::uint8_t code) {
    if (code >= dtmf_digits.size()) return std::nullopt;
    return dtmf_digits[code];
}

constexpr std::optional<std::uint8_t> code_of(char digit) {
    const auto at = dtmf_digits.find(digit);
    if (at == std::string_view::npos) return std::nullopt;
    return static_cast<std::uint8_t>(at);
}

}  // namespace holdfast::media
