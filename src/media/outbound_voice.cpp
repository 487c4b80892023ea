// Voices that are decoded and encoded anew: of a party whose codec the hearer does not speak, and
// of a conference.
#include "media/outbound.hpp"

#include <algorithm>
#include <array>

namespace holdfast::media {
namespace {

// RFC 4733 2.5.1.2: updates come every 50 ms or more often; then the event is over.
constexpr Micros event_patience = 60ms;

}  // namespace

void Outbound::transcode(Relay& relay, Codec from, const Heard& heard, Instant now) {
    const auto to = generating();
    if (!to) {
        ++unmatched_;
        return;
    }
    auto& transcoder = relay.transcoder;
    if (!transcoder || transcoder->from() != from || transcoder->to() != to->codec) {
        transcoder = std::make_unique<Transcoder>(from, to->codec);
        if (!interrupted()) switch_source();
    }
    transcoder->take(heard);
    start_ticker(now);
}

/// It speaks a codec of ours again: its packets are the next ones of the stream.
void Outbound::end_transcoding(Relay& relay, Instant now) {
    relay.transcoder.reset();
    switch_source();
    start_ticker(now);
}

void Outbound::speak(Relay& relay, const Tick& tick) {
    if (!relay.transcoder) return;
    const auto frames = static_cast<std::size_t>(ticker_.ptime() / frame_time);
    const bool event = passing_ && tick.at < passing_->newest + event_patience;
    if (interrupted() || event || !may_send()) {
        relay.transcoder->skip(frames);
        run_begun_ = run_begun_ && interrupted();
        return;
    }
    std::array<std::uint8_t, most_packet_bytes> payload;
    const Codec codec = relay.transcoder->to();
    const std::size_t size = relay.transcoder->next_packet(frames, payload);
    const std::uint8_t number = numbers_[static_cast<std::size_t>(codec)];
    send_made({number, codec}, Bytes{payload}.first(size), tick.at);
    if (relay.transcoder->idle()) run_begun_ = false;  // what comes next begins a run
}

void Outbound::confer(const std::shared_ptr<Conference>& conference, Instant now) {
    const auto* const mixing = std::get_if<Mixing>(&hearing_);
    if (mixing != nullptr && mixing->conference == conference) return;
    hearing_ = Mixing{conference, nullptr};
    saying_.reset();
    if (!digit_running()) switch_source();
    start_ticker(now);
}

void Outbound::mix(Mixing& mixing, const Tick& tick) {
    const auto to = generating();
    if (interrupted() || !may_send() || !to) {
        run_begun_ = run_begun_ && interrupted();
        return;
    }
    auto& encoder = mixing.encoder;
    if (!encoder || encoder->codec() != to->codec)
        encoder = std::make_unique<LiveEncoder>(to->codec, mixing_rate);
    const std::int64_t first = (tick.at - Instant{}) / frame_time;
    for (std::int64_t i = 0; i < ticker_.ptime() / frame_time; ++i)
        encoder->add(mixing.conference->hear(media_, first + i));
    std::array<std::uint8_t, most_packet_bytes> payload;
    const std::size_t size = encoder->packet(payload);
    send_made(*to, Bytes{payload}.first(size), tick.at);
}

/// A telephone event between packets that are made here: its first packet names the moment, the
/// others repeat that.
bool Outbound::pass_event(const Heard& heard, Instant now) {
    std::array<std::uint8_t, most_events * telephone_event_bytes> payload;
    const std::size_t size =
        rescale_events(heard.packet.payload, heard.clock, event_clock_, payload);
    const auto event = parse_event(payload);
    if (size == 0 || !event) return false;
    const std::uint32_t in = heard.packet.header.timestamp;
    const bool first = !passing_ || passing_->in != in;
    // One that comes when sound has gone out since is too late.
    if (!first && stream_.timestamp() != passing_->out) return false;
    const Instant at = first ? std::max(now, stream_.ends_at()) : passing_->at;
    const RtpHeader header =
        first ? stream_.begin(event_number_, event_clock_, at) : stream_.again(event_number_);
    passing_ = {in, header.timestamp, at, now};
    run_begun_ = false;
    const Micros so_far{std::int64_t{event->duration} * 1'000'000 / event_clock_};
    return send(header, event_clock_, at, so_far, Bytes{payload}.first(size));
}

}  // namespace holdfast::media
