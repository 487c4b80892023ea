#include "media/out_stream.hpp"

#include <algorithm>

namespace holdfast::media {
namespace {

std::uint32_t units(Micros span, std::uint32_t clock) {
    // Whole seconds apart, so that no product leaves 64 bits.
    const std::int64_t us = span.count();
    return static_cast<std::uint32_t>(us / 1'000'000 * clock + us % 1'000'000 * clock / 1'000'000);
}

}  // namespace

RtpHeader OutStream::begin(std::uint8_t payload_type, std::uint32_t clock, Instant at) const {
    // RFC 7160 4.1: where the clock changes, the step is counted in the new one.
    return {.payload_type = payload_type,
            .marker = true,
            .sequence = next_sequence_,
            .timestamp = started() ? timestamp_ + units(at - at_, clock) : timestamp_,
            .ssrc = ssrc_};
}

RtpHeader OutStream::next(std::uint8_t payload_type, Instant at) const {
    return {.payload_type = payload_type,
            .marker = false,
            .sequence = next_sequence_,
            .timestamp = timestamp_ + units(at - at_, clock_),
            .ssrc = ssrc_};
}

RtpHeader OutStream::again(std::uint8_t payload_type) const {
    return {.payload_type = payload_type,
            .marker = false,
            .sequence = next_sequence_,
            .timestamp = timestamp_,
            .ssrc = ssrc_};
}

void OutStream::sent(const RtpHeader& header,
                     std::uint32_t clock,
                     Instant at,
                     Micros duration,
                     std::size_t payload_bytes) {
    const bool first = !started();
    ++packets_;
    octets_ += payload_bytes;
    const auto newer =
        static_cast<std::int16_t>(static_cast<std::uint16_t>(header.sequence - next_sequence_));
    if (!first && newer < 0) return;  // an old one of a reordered source
    next_sequence_ = static_cast<std::uint16_t>(header.sequence + 1);
    timestamp_ = header.timestamp;
    clock_ = clock;
    at_ = at;
    duration_ = duration;
}

std::uint32_t OutStream::timestamp_at(Instant at) const {
    return timestamp_ + units(std::max(at - at_, Micros{}), clock_);
}

SenderInfo OutStream::info(NtpTime ntp, Instant now) const {
    return {.sent_at = ntp,
            .rtp_timestamp = timestamp_at(now),
            .packets = static_cast<std::uint32_t>(packets_),
            .octets = static_cast<std::uint32_t>(octets_)};
}

}  // namespace holdfast::media
