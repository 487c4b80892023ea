#include "media/outbound.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::media {

void Outbound::configure(const Configure& order, Instant now) {
    configured_ = true;
    codecs_.clear();
    spoken_ = {};
    for (const PayloadType& type : order.codecs) {
        if (spoken_.has(type.codec) || !codecs_.push_back(type)) continue;
        spoken_ = spoken_ | Set{type.codec};
        numbers_[static_cast<std::size_t>(type.codec)] = type.number;
    }
    event_number_ = order.telephone_event;
    event_clock_ = order.telephone_event_hertz;
    if (auto* const relay = std::get_if<Relay>(&hearing_)) relay->transcoder.reset();
    ticker_.change(packet_time(order.ptime_ms));
    start_ticker(now);
}

std::optional<PayloadType> Outbound::generating() const {
    if (codecs_.empty()) return std::nullopt;
    // RFC 7160: one SSRC should keep one clock. The first codec, unless the stream so far had
    // another clock and another codec keeps it.
    const auto keeps_clock = [this](const PayloadType& type) {
        return facts_of(type.codec).clock == stream_.clock();
    };
    if (!stream_.started()) return codecs_[0];
    const auto* const found = std::find_if(codecs_.begin(), codecs_.end(), keeps_clock);
    return found != codecs_.end() ? *found : codecs_[0];
}

MediaId Outbound::hears() const {
    const auto* const relay = std::get_if<Relay>(&hearing_);
    return relay != nullptr ? relay->from : MediaId{};
}

void Outbound::hear(const Hear& order, const SourcePtr& source, Instant now) {
    if (const auto* const endpoint = std::get_if<HearEndpoint>(&order.what)) {
        if (hears() == endpoint->from) return;
        hearing_ = Relay{endpoint->from, {}, nullptr};
    } else if (const auto* const wanted = std::get_if<HearSource>(&order.what)) {
        const auto* const playing = std::get_if<Playing>(&hearing_);
        if (playing != nullptr && playing->id == wanted->source && playing->loop && wanted->loop &&
            playing->source == source)
            return;
        hearing_ = Playing{wanted->source, wanted->loop, source, {}};
    } else {
        hearing_ = Nothing{};  // also where a conference was full
    }
    saying_.reset();
    if (!digit_running()) switch_source();
    start_ticker(now);
}

void Outbound::say(SourceId last, Sentence sentence, Instant now) {
    saying_ = Saying{last, std::move(sentence), 0, {}};
    if (!digit_running()) switch_source();
    start_ticker(now);
}

void Outbound::source_ready(SourceId id, const SourcePtr& source, Instant now) {
    auto* const playing = std::get_if<Playing>(&hearing_);
    if (playing == nullptr || playing->id != id || playing->source) return;
    playing->source = source;
    start_ticker(now);
}

bool Outbound::send_digit(const SendDigit& order, Instant now) {
    if (!waiting_.push_back({order.digit, order.duration_ms * 1ms})) return false;
    start_ticker(now);
    return true;
}

void Outbound::start_ticker(Instant now) {
    const auto* const playing = std::get_if<Playing>(&hearing_);
    const bool plays = playing != nullptr && playing->source;
    const auto* const relay = std::get_if<Relay>(&hearing_);
    const bool speaks = relay != nullptr && relay->transcoder && !relay->transcoder->idle();
    const bool mixes = std::holds_alternative<Mixing>(hearing_);
    const bool wanted =
        configured_ && (plays || speaks || mixes || interrupted() || !waiting_.empty());
    if (wanted)
        ticker_.start(std::max(now, stream_.ends_at()));
    else
        ticker_.stop();
}

/// What comes next is another source: it begins a run of its own.
void Outbound::switch_source() {
    run_begun_ = false;
    if (auto* const relay = std::get_if<Relay>(&hearing_)) relay->run = {};
}

void Outbound::take_next_digit() {
    if (waiting_.empty()) return;
    const WaitingDigit next = waiting_[0];
    waiting_.erase_at(0);
    const auto codec = generating();
    if (event_number_ != 0)
        digit_.emplace<EventDigit>(next.digit, next.duration, event_clock_);
    else if (codec)
        digit_.emplace<InbandDigit>(next.digit, next.duration, codec->codec);
    switch_source();
}

Tick Outbound::tick(Instant now) {
    const Tick tick = ticker_.take(now);
    if (!digit_running()) take_next_digit();
    if (auto* const event = std::get_if<EventDigit>(&digit_))
        send_event(*event, tick);
    else if (auto* const tones = std::get_if<InbandDigit>(&digit_))
        send_tones(*tones, tick);
    else if (saying_)
        go_on(*saying_, tick);
    else if (auto* const playing = std::get_if<Playing>(&hearing_))
        play(*playing, tick);
    if (auto* const relay = std::get_if<Relay>(&hearing_)) speak(*relay, tick);
    if (auto* const mixing = std::get_if<Mixing>(&hearing_)) mix(*mixing, tick);
    end_digit_if_over();
    start_ticker(now);
    return tick;
}

void Outbound::end_digit_if_over() {
    const bool over = std::visit(
        [](const auto& digit) {
            if constexpr (requires { digit.over(); }) return digit.over();
            return false;
        },
        digit_);
    if (!over) return;
    digit_ = std::monostate{};
    switch_source();
}

/// The next packet of a source; false where it has come to its end.
bool Outbound::send_frames(const Source& source, Track::Position& position, bool loop, Instant at) {
    std::array<std::uint8_t, most_packet_bytes> payload;
    // Without a codec nobody hears it, but an announcement still takes its time.
    const PayloadType type = generating().value_or(PayloadType{});
    const auto frames = static_cast<std::size_t>(ticker_.ptime() / frame_time);
    const std::size_t size = source.track(type.codec).next_packet(position, loop, frames, payload);
    if (size == 0) return false;
    send_made(type, Bytes{payload}.first(size), at);
    return true;
}

void Outbound::go_on(Saying& saying, const Tick& tick) {
    for (; saying.at < saying.sentence.size(); ++saying.at, saying.position = {})
        if (send_frames(*saying.sentence[saying.at], saying.position, false, tick.at)) return;
    const PlayEnded ended{media_, saying.last, tick.at};
    saying_.reset();
    switch_source();
    wire_.report(ended);
}

void Outbound::play(Playing& playing, const Tick& tick) {
    if (!playing.source) return;
    if (send_frames(*playing.source, playing.position, playing.loop, tick.at)) return;
    const PlayEnded ended{media_, playing.id, tick.at};
    hearing_ = Nothing{};
    switch_source();
    wire_.report(ended);
}

void Outbound::send_event(EventDigit& digit, const Tick& tick) {
    const auto event = digit.next(ticker_.ptime());
    if (!event || event_number_ == 0 || !may_send()) return;
    // RFC 4733 2.5.1.1: the marker on the first packet, and its timestamp on all.
    const bool first = !std::exchange(run_begun_, true);
    if (first) event_at_ = tick.at;
    const RtpHeader header =
        first ? stream_.begin(event_number_, event_clock_, tick.at) : stream_.again(event_number_);
    const Micros so_far{std::int64_t{event->duration} * 1'000'000 / event_clock_};
    send(header, event_clock_, event_at_, so_far, print_event(*event));
}

void Outbound::send_tones(InbandDigit& digit, const Tick& tick) {
    std::array<std::uint8_t, most_packet_bytes> payload;
    const std::size_t size = digit.next(ticker_.ptime(), payload);
    if (!spoken_.has(digit.codec())) return;
    const std::uint8_t number = numbers_[static_cast<std::size_t>(digit.codec())];
    send_made({number, digit.codec()}, Bytes{payload}.first(size), tick.at);
}

void Outbound::send_made(PayloadType type, Bytes payload, Instant at) {
    if (codecs_.empty() || !may_send()) {
        run_begun_ = false;
        return;
    }
    const auto& facts = facts_of(type.codec);
    const bool goes_on = std::exchange(run_begun_, true) && stream_.clock() == facts.clock;
    ++played_;
    send(goes_on ? stream_.next(type.number, at) : stream_.begin(type.number, facts.clock, at),
         facts.clock,
         at,
         facts.duration(payload),
         payload);
}

bool Outbound::relay(const Heard& heard, Instant now) {
    auto* const relay = std::get_if<Relay>(&hearing_);
    if (relay == nullptr || !may_send()) return false;
    if (heard.codec && !spoken_.has(*heard.codec)) {
        transcode(*relay, *heard.codec, heard, now);
        return false;
    }
    if (interrupted()) return false;
    if (!heard.codec && event_number_ == 0) {
        ++unmatched_;
        return false;
    }
    if (!heard.codec && relay->transcoder) return pass_event(heard, now);
    if (relay->transcoder) end_transcoding(*relay, now);
    return heard.codec ? relay_audio(relay->run, *heard.codec, heard, now)
                       : relay_event(relay->run, heard, now);
}

bool Outbound::relay_audio(RelayRun& run, Codec codec, const Heard& heard, Instant now) {
    const std::uint8_t number = numbers_[static_cast<std::size_t>(codec)];
    const auto mapped = run.map(heard, number, heard.clock, stream_, now);
    if (!mapped) return false;
    const Bytes payload = heard.packet.payload;
    const Micros duration = facts_of(codec).duration(payload);
    return send(mapped->header, mapped->clock, mapped->at, duration, payload);
}

bool Outbound::relay_event(RelayRun& run, const Heard& heard, Instant now) {
    std::array<std::uint8_t, most_events * telephone_event_bytes> payload;
    const std::size_t size =
        rescale_events(heard.packet.payload, heard.clock, event_clock_, payload);
    const auto event = parse_event(payload);
    if (size == 0 || !event) return false;
    const auto mapped = run.map_event(heard, event_number_, event_clock_, stream_, now);
    if (!mapped) return false;
    const Micros so_far{std::int64_t{event->duration} * 1'000'000 / event_clock_};
    return send(mapped->header, mapped->clock, mapped->at, so_far, Bytes{payload}.first(size));
}

bool Outbound::send(
    const RtpHeader& header, std::uint32_t clock, Instant at, Micros duration, Bytes payload) {
    std::array<std::uint8_t, most_packet_bytes + srtp_trailer_bytes> packet;
    std::size_t size = print_rtp(header, payload, ByteRoom{packet}.first(most_packet_bytes));
    if (size > 0 && srtp_ != nullptr) size = srtp_->protect(Channel::rtp, packet, size);
    if (size == 0) return false;
    stream_.sent(header, clock, at, duration, payload.size());
    bytes_out_ += size;
    wire_.send(slot_, Channel::rtp, target_, Bytes{packet}.first(size));
    return true;
}

}  // namespace holdfast::media
