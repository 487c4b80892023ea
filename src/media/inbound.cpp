#include "media/inbound.hpp"

#include <algorithm>

namespace holdfast::media {
namespace {

constexpr Micros longest_silence_limit = 24h;
// RFC 3389 2: a static payload type, which some send without having said so.
constexpr std::uint8_t comfort_noise_number = 13;

}  // namespace

void Inbound::configure(const Configure& order, Instant now) {
    receives_ = order.receives;
    event_clock_ = order.telephone_event_hertz;
    meanings_.fill({});
    meanings_[comfort_noise_number] = {Kind::comfort_noise, {}};
    for (const PayloadType& type : order.codecs)
        meanings_[type.number] = {Kind::audio, type.codec};
    if (order.telephone_event != 0) meanings_[order.telephone_event] = {Kind::event, {}};
    lock_.configure(order.remote_rtp, order.signalling_source);

    if (!order.detect_inband_digits) detector_.reset();
    if (order.detect_inband_digits && !detector_) detector_ = std::make_unique<InbandDetector>();

    silence_limit_ = std::min(order.silence_limit, longest_silence_limit);
    listening_since_ = now;
    silent_ = false;
    silence_due_ = receives_ && silence_limit_ > Micros{} ? now + silence_limit_ : never;
}

bool Inbound::passes(const Endpoint& from, const RtpHeader& header, Instant received_at) {
    const auto answer = lock_.take(from, header);
    if (answer.just_locked) wire_.report(SourceLocked{media_, lock_.source(), received_at});
    if (answer.verdict == SourceLock::Verdict::foreign) ++statistics_.foreign_packets;
    return answer.verdict == SourceLock::Verdict::pass;
}

std::optional<Heard> Inbound::take(const Endpoint& from, Bytes datagram, Instant received_at) {
    const auto packet = parse_rtp(datagram);
    if (!packet) {
        ++statistics_.malformed;
        return std::nullopt;
    }
    if (!passes(from, packet->header, received_at)) return std::nullopt;
    ++statistics_.packets_in;
    statistics_.bytes_in += datagram.size();
    note_sound(received_at);

    Heard heard{.packet = *packet, .place = {}, .codec = {}, .received_at = received_at};
    heard.place = reception_.take(packet->header);
    if (!heard.place.belongs) return std::nullopt;
    const Meaning meaning = meanings_[packet->header.payload_type];
    if (meaning.kind == Kind::unknown) {
        ++statistics_.unknown_payload;
        return std::nullopt;
    }
    // What it describes is silence, which nobody needs to be sent.
    if (meaning.kind == Kind::comfort_noise) {
        comfort_noise_ = true;
        return std::nullopt;
    }
    if (meaning.kind == Kind::audio) heard.codec = meaning.codec;
    heard.clock = heard.codec ? facts_of(*heard.codec).clock : event_clock_;
    if (heard.codec) reception_.measure_jitter(packet->header.timestamp, heard.clock, received_at);
    if (!receives_) return std::nullopt;
    if (heard.codec)
        take_audio(*heard.codec, heard);
    else
        take_event(heard);
    return heard;
}

void Inbound::note_sound(Instant received_at) {
    last_packet_ = std::max(last_packet_, received_at);
    if (!silent_) return;
    silent_ = false;
    silence_due_ = last_packet_ + silence_limit_;
    wire_.report(SoundReturned{media_, received_at});
}

void Inbound::take_event(const Heard& heard) {
    // A digit commands; from a source not proven yet it could be anybody's.
    if (!lock_.locked()) return;
    if (heard.place.stream != stream_) report(digits_.restart(), false);
    stream_ = heard.place.stream;
    if (masks_) masked_event_ = heard.packet.header.timestamp;
    report(digits_.take(heard.packet, heard.clock, heard.received_at), false);
}

void Inbound::mask_digits(bool on, Instant now) {
    if (masks_ && !on) masked_until_ = now;
    masks_ = on;
}

void Inbound::take_audio(Codec codec, const Heard& heard) {
    if (!detector_ || !lock_.locked()) return;
    report(detector_->take(codec, heard.packet.payload, heard.received_at), true);
}

template <class Digits>
void Inbound::report(const Digits& digits, bool inband) {
    for (const HeardDigit& digit : digits) {
        const bool masked = masks_ || digit.at <= masked_until_;
        const auto ms = std::clamp<std::int64_t>(digit.duration / 1ms, 0, 0xffff);
        wire_.report(DigitHeard{.media = media_,
                                .digit = masked ? masked_digit : digit.digit,
                                .duration_ms = static_cast<std::uint16_t>(ms),
                                .inband = inband,
                                .at = digit.at});
    }
}

void Inbound::check_silence(Instant now) {
    const Instant since = std::max(last_packet_, listening_since_);
    silence_due_ = since + silence_limit_;
    if (now < silence_due_) return;
    silence_due_ = never;  // until sound returns
    silent_ = true;
    wire_.report(Silent{media_, since});
}

void Inbound::expire_digit(Instant now) {
    report(digits_.expire(now), false);
}

Statistics Inbound::statistics() const {
    Statistics all = statistics_;
    all.lost = reception_.lost();
    all.jitter_us = static_cast<std::uint32_t>(reception_.jitter().count());
    return all;
}

}  // namespace holdfast::media
