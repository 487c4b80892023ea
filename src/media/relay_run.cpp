#include "media/relay_run.hpp"

#include <algorithm>
#include <cstdlib>

namespace holdfast::media {
namespace {

// Jitter and clock drift between two packets stay far below; a sender that stopped its clock while
// it was silent, or set it anew, does not.
constexpr std::int64_t most_jump_s = 2;

}  // namespace

bool RelayRun::continues(const Heard& heard,
                         std::uint32_t clock,
                         const OutStream& out,
                         Instant now) const {
    if (stream_ == 0 || heard.place.stream != stream_ || clock != clock_) return false;
    if (heard.place.number <= newest_in_) return true;
    const std::uint32_t mapped = heard.packet.header.timestamp + timestamp_offset_;
    if (mapped == out.timestamp()) return true;  // a long event repeats that of its beginning
    const auto jump = static_cast<std::int32_t>(mapped - out.timestamp_at(now + shift_));
    return std::abs(std::int64_t{jump}) <= most_jump_s * clock;
}

Relayed RelayRun::begin(const Heard& heard,
                        std::uint8_t payload_type,
                        std::uint32_t clock,
                        const OutStream& out,
                        Instant now) {
    const Instant at = std::max(now, out.ends_at());
    const RtpHeader header = out.begin(payload_type, clock, at);
    stream_ = heard.place.stream;
    clock_ = clock;
    first_in_ = newest_in_ = heard.place.number;
    first_out_ = header.sequence;
    timestamp_offset_ = header.timestamp - heard.packet.header.timestamp;
    shift_ = at - now;
    event_.reset();
    return {header, clock, at};
}

RtpHeader RelayRun::header_of(const Heard& heard,
                              std::uint8_t payload_type,
                              const OutStream& out) const {
    const auto& in = heard.packet.header;
    return {.payload_type = payload_type,
            .marker = in.marker,
            .sequence = static_cast<std::uint16_t>(first_out_ + (heard.place.number - first_in_)),
            .timestamp = in.timestamp + timestamp_offset_,
            .ssrc = out.ssrc()};
}

Relayed RelayRun::place(const RtpHeader& header,
                        const Heard& heard,
                        const OutStream& out,
                        Instant now) {
    newest_in_ = std::max(newest_in_, heard.place.number);
    return {header, clock_, header.timestamp == out.timestamp() ? out.at() : now + shift_};
}

std::optional<Relayed> RelayRun::map(const Heard& heard,
                                     std::uint8_t payload_type,
                                     std::uint32_t clock,
                                     const OutStream& out,
                                     Instant now) {
    if (!continues(heard, clock, out, now)) return begin(heard, payload_type, clock, out, now);
    if (heard.place.number < first_in_) return std::nullopt;
    return place(header_of(heard, payload_type, out), heard, out, now);
}

std::optional<Relayed> RelayRun::map_event(const Heard& heard,
                                           std::uint8_t payload_type,
                                           std::uint32_t clock,
                                           const OutStream& out,
                                           Instant now) {
    const bool begun = stream_ != 0 && heard.place.stream == stream_;
    if (!begun || (heard.clock == clock && clock == clock_))
        return map(heard, payload_type, clock, out, now);
    if (heard.place.number < first_in_) return std::nullopt;
    const std::uint32_t in = heard.packet.header.timestamp;
    if (!event_ || event_->in != in) event_ = {in, out.timestamp_at(now + shift_)};
    RtpHeader header = header_of(heard, payload_type, out);
    header.timestamp = event_->out;
    return place(header, heard, out, now);
}

}  // namespace holdfast::media
