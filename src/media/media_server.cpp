#include "media/media_server.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::media {

MediaServer::MediaServer(const Seed& seed, const WallAnchor& anchor, Wire& wire)
    : wire_{wire}, random_{seed}, ntp_{anchor} {}

std::optional<Slot> MediaServer::find(MediaId media) const {
    const auto at = slots_.find(media);
    return at != slots_.end() ? std::optional{at->second} : std::nullopt;
}

Slot MediaServer::free_slot() {
    if (free_.empty()) {
        seats_.emplace_back();
        return static_cast<Slot>(seats_.size() - 1);
    }
    const Slot slot = free_.back();
    free_.pop_back();
    return slot;
}

std::expected<Slot, MediaServer::Refusal> MediaServer::open(MediaId media, std::uint16_t port) {
    if (slots_.contains(media)) return std::unexpected{Refusal::open_already};
    if (slots_.size() >= limits::media_endpoints) return std::unexpected{Refusal::too_many};
    const Slot slot = free_slot();
    Seat& seat = seats_[slot];
    seat.endpoint =
        std::make_unique<RtpEndpoint>(RtpEndpoint::Name{media, port, slot}, random_, ntp_, wire_);
    seat.armed.fill(never);
    slots_[media] = slot;
    return slot;
}

bool MediaServer::take(const Configure& order, Instant now) {
    const auto slot = find(order.media);
    if (!slot) return false;
    seats_[*slot].endpoint->configure(order, now);
    settle(*slot);
    return true;
}

bool MediaServer::take(const Hear& order, Instant now) {
    const auto slot = find(order.media);
    if (!slot) return false;
    Seat& seat = seats_[*slot];
    Outbound& outbound = seat.endpoint->outbound();
    const MediaId before = outbound.hears();
    const auto* const wanted = std::get_if<HearConference>(&order.what);
    const auto conference =
        join_conference(seat, wanted != nullptr ? wanted->conference : ConferenceId{});
    if (conference)
        outbound.confer(conference, now);
    else
        hear_source(order, outbound, now);
    const MediaId after = outbound.hears();
    if (before != after) {
        forget_audience(before, *slot, now);
        if (after) audiences_[after].push_back(*slot);
    }
    stop_unheard(*slot, now);
    settle(*slot);
    return wanted == nullptr || conference != nullptr;
}

void MediaServer::hear_source(const Hear& order, Outbound& outbound, Instant now) {
    SourcePtr source;
    if (const auto* const wanted = std::get_if<HearSource>(&order.what)) {
        auto found = shelf_.find(wanted->source);
        if (!found.trouble.empty())
            wire_.report(SourceFailed{wanted->source, std::move(found.trouble)});
        source = std::move(found.source);
    }
    outbound.hear(order, source, now);
}

/// The conference wanted, with the party in it; none where none is wanted, or it is full.
std::shared_ptr<Conference> MediaServer::join_conference(Seat& seat, ConferenceId wanted) {
    if (seat.conference != wanted) leave_conference(seat);
    if (!wanted) return nullptr;
    auto& conference = conferences_[wanted];
    if (!conference) conference = std::make_shared<Conference>();
    if (!conference->join(seat.endpoint->media())) return nullptr;
    seat.conference = wanted;
    return conference;
}

void MediaServer::leave_conference(Seat& seat) {
    const auto at = conferences_.find(std::exchange(seat.conference, {}));
    if (at == conferences_.end()) return;
    at->second->leave(seat.endpoint->media());
    if (at->second->empty()) conferences_.erase(at);
}

void MediaServer::forget_audience(MediaId heard, Slot slot, Instant now) {
    const auto at = audiences_.find(heard);
    if (at == audiences_.end()) return;
    std::erase(at->second, slot);
    if (!at->second.empty()) return;
    audiences_.erase(at);
    if (const auto unheard = find(heard)) stop_unheard(*unheard, now);
}

/// Of whom nobody hears nothing is told.
void MediaServer::stop_unheard(Slot slot, Instant now) {
    Seat& seat = seats_[slot];
    if (seat.conference || audiences_.contains(seat.endpoint->media())) return;
    seat.endpoint->voice().stop(now);
    settle(slot);
}

bool MediaServer::take(const Say& order, Instant now) {
    const auto slot = find(order.media);
    if (!slot) return false;
    Sentence sentence;
    for (const SourceId id : order.sources)
        if (auto source = shelf_.find(id).source) sentence.push_back(std::move(source));
    seats_[*slot].endpoint->outbound().say(order.sources.back(), std::move(sentence), now);
    settle(*slot);
    return true;
}

bool MediaServer::take(const MaskDigits& order, Instant now) {
    const auto slot = find(order.media);
    if (!slot) return false;
    seats_[*slot].endpoint->inbound().mask_digits(order.on, now);
    return true;
}

bool MediaServer::take(const SendDigit& order, Instant now) {
    const auto slot = find(order.media);
    if (!slot || !seats_[*slot].endpoint->outbound().send_digit(order, now)) return false;
    settle(*slot);
    return true;
}

void MediaServer::take(const Close& order, Instant now) {
    const auto slot = find(order.media);
    if (!slot) {
        wire_.report(Closed{order.media, {}});
        return;
    }
    Seat& seat = seats_[*slot];
    seat.endpoint->close(now);
    forget_audience(seat.endpoint->outbound().hears(), *slot, now);
    leave_conference(seat);
    for (Timer& timer : seat.timers)
        deadlines_.stop(timer);
    const Closed closed{order.media, seat.endpoint->statistics()};
    seat.endpoint.reset();
    slots_.erase(order.media);
    free_.push_back(*slot);
    wire_.report(closed);
}

void MediaServer::take(const List&) {
    for (const Seat& seat : seats_)
        if (const auto& endpoint = seat.endpoint)
            wire_.report(Listed{endpoint->media(), endpoint->port(), endpoint->last_packet()});
    wire_.report(ListEnded{});
}

bool MediaServer::expect_source(SourceId id) {
    auto trouble = shelf_.expect(id);
    if (trouble.empty()) return true;
    wire_.report(SourceFailed{id, std::move(trouble)});
    return false;
}

void MediaServer::take(SourceId id, LoadedSource loaded, Instant now) {
    auto trouble = shelf_.put(id, std::move(loaded));
    if (!trouble.empty()) {
        wire_.report(SourceFailed{id, std::move(trouble)});
        return;
    }
    const SourcePtr source = shelf_.find(id).source;
    wire_.report(SourceReady{id, source->length()});
    for (Slot slot = 0; slot < seats_.size(); ++slot) {
        if (!seats_[slot].endpoint) continue;
        seats_[slot].endpoint->outbound().source_ready(id, source, now);
        settle(slot);
    }
}

void MediaServer::receive(Slot slot,
                          Channel channel,
                          const Endpoint& from,
                          Bytes datagram,
                          Instant received_at,
                          Instant now) {
    if (slot >= seats_.size() || !seats_[slot].endpoint) return;
    RtpEndpoint& endpoint = *seats_[slot].endpoint;
    if (channel == Channel::rtcp) {
        endpoint.take_rtcp(from, datagram, received_at);
        return;
    }
    const auto heard = endpoint.take_rtp(from, datagram, received_at);
    if (heard) {
        const ConferenceId conference = seats_[slot].conference;
        if (conference) conferences_[conference]->take(endpoint.media(), *heard);
        const auto audience = audiences_.find(endpoint.media());
        if (audience != audiences_.end())
            for (const Slot listener : audience->second)
                if (seats_[listener].endpoint->outbound().relay(*heard, now))
                    ++health_.packets_relayed;
        if (conference || audience != audiences_.end()) endpoint.voice().take(*heard);
    }
    settle(slot);
}

void MediaServer::settle(Slot slot) {
    Seat& seat = seats_[slot];
    for (const Deadline kind : every<Deadline>) {
        const auto i = static_cast<std::size_t>(kind);
        const Instant due = seat.endpoint->due(kind);
        if (due == seat.armed[i]) continue;
        seat.armed[i] = due;
        if (due == never)
            deadlines_.stop(seat.timers[i]);
        else
            deadlines_.arm(seat.timers[i], due, Key{slot, kind});
    }
}

void MediaServer::advance(Instant now) {
    while (const auto due = deadlines_.pop(now)) {
        Seat& seat = seats_[due->key.slot];
        const auto kind = static_cast<std::size_t>(due->key.kind);
        seat.timers[kind] = {};
        seat.armed[kind] = never;
        act(*seat.endpoint, due->key.kind, now);
        settle(due->key.slot);
    }
}

void MediaServer::act(RtpEndpoint& endpoint, Deadline kind, Instant now) {
    switch (kind) {
        case Deadline::tick:
            tick(endpoint, now);
            return;
        case Deadline::report:
            endpoint.send_report(now);
            return;
        case Deadline::silence:
            endpoint.inbound().check_silence(now);
            return;
        case Deadline::digit:
            endpoint.inbound().expire_digit(now);
            return;
        case Deadline::voice:
            endpoint.voice().check(now);
            return;
    }
}

void MediaServer::tick(RtpEndpoint& endpoint, Instant now) {
    const std::uint64_t before = endpoint.outbound().played();
    if (endpoint.outbound().tick(now).late) ++health_.late_ticks;
    health_.packets_played += endpoint.outbound().played() - before;
}

Instant MediaServer::next_deadline() const {
    const auto next = deadlines_.next();
    return next ? next->at : never;
}

Health MediaServer::health() const {
    Health health = health_;
    health.endpoints = static_cast<std::uint32_t>(slots_.size());
    return health;
}

}  // namespace holdfast::media
