#include "media/reception.hpp"

#include <algorithm>
#include <cmath>

namespace holdfast::media {
namespace {

// RFC 3550 A.1: 60 s of loss at 50 packets a second still is the same stream; 2 s of misorder too.
constexpr int most_dropout = 3000;
constexpr int most_misorder = 100;

}  // namespace

Place Reception::begin(const RtpHeader& header) {
    lost_before_ += std::max<std::int64_t>(lost_now(), 0);
    ++stream_;
    if (header.ssrc != ssrc_) last_sender_report_ = 0;
    ssrc_ = header.ssrc;
    first_ = highest_ = header.sequence;
    wild_.reset();
    received_ = 1;
    expected_at_report_ = received_at_report_ = 0;
    transit_.reset();
    jitter_ = 0;
    return {.belongs = true, .stream = stream_, .number = highest_};
}

Place Reception::take(const RtpHeader& header) {
    if (!started() || header.ssrc != ssrc_) return begin(header);
    const auto ahead = static_cast<std::int16_t>(
        static_cast<std::uint16_t>(header.sequence - static_cast<std::uint16_t>(highest_)));
    if (ahead > most_dropout || ahead < -most_misorder) {
        // RFC 3550 A.1: two in a row tell a restarted sender from a stray packet.
        if (wild_ == header.sequence) return begin(header);
        wild_ = static_cast<std::uint16_t>(header.sequence + 1);
        return {};
    }
    wild_.reset();
    ++received_;
    const std::int64_t number = highest_ + ahead;
    highest_ = std::max(highest_, number);
    return {.belongs = true, .stream = stream_, .number = number};
}

void Reception::measure_jitter(std::uint32_t timestamp, std::uint32_t clock, Instant received_at) {
    if (clock != clock_) {
        clock_ = clock;
        transit_.reset();
        jitter_ = 0;
    }
    const auto us = received_at.time_since_epoch().count();
    const auto arrival =
        static_cast<std::uint32_t>(us / 1'000'000 * clock + us % 1'000'000 * clock / 1'000'000);
    const std::uint32_t transit = arrival - timestamp;
    if (transit_) {
        // RFC 3550 6.4.1: a sixteenth of the difference, differences taken modulo 2^32.
        const auto difference = static_cast<std::int32_t>(transit - *transit_);
        jitter_ += (std::abs(static_cast<double>(difference)) - jitter_) / 16;
    }
    transit_ = transit;
}

void Reception::take(const SenderInfo& info, Instant received_at) {
    last_sender_report_ = middle_of(info.sent_at);
    sender_report_at_ = received_at;
}

std::int64_t Reception::lost_now() const {
    return started() ? highest_ - first_ + 1 - received_ : 0;
}

std::uint32_t Reception::lost() const {
    return static_cast<std::uint32_t>(lost_before_ + std::max<std::int64_t>(lost_now(), 0));
}

Micros Reception::jitter() const {
    return Micros{static_cast<std::int64_t>(jitter_ * 1e6 / clock_)};
}

ReportBlock Reception::report(Instant now) {
    const std::int64_t expected = highest_ - first_ + 1;
    const std::int64_t expected_now = expected - expected_at_report_;
    const std::int64_t lost_since = expected_now - (received_ - received_at_report_);
    expected_at_report_ = expected;
    received_at_report_ = received_;

    ReportBlock block;
    block.ssrc = ssrc_;
    if (expected_now > 0 && lost_since > 0)  // RFC 3550 A.3; all lost is 255, not 256
        block.fraction_lost =
            static_cast<std::uint8_t>(std::min<std::int64_t>(lost_since * 256 / expected_now, 255));
    block.cumulative_lost =
        static_cast<std::int32_t>(std::clamp<std::int64_t>(lost_now(), -0x80'0000, 0x7f'ffff));
    block.highest_sequence = static_cast<std::uint32_t>(highest_);
    block.jitter = static_cast<std::uint32_t>(jitter_);
    block.last_sender_report = last_sender_report_;
    if (last_sender_report_ != 0) block.since_last_report = ntp_units(now - sender_report_at_);
    return block;
}

}  // namespace holdfast::media
