#include "engine/legs.hpp"

#include "base/ensure.hpp"

#include <algorithm>
#include <array>

namespace holdfast::engine {

struct Legs::InboundRoom {
    Legs& legs;
    Leg& leg;
    int status;

    bool holds(inbound::Guard guard) const {
        return guard == inbound::answer_wanted ? leg.answer_wanted : leg.early_wanted;
    }
    void start(inbound::Timer) {}
    void stop(inbound::Timer) {}
    void perform(inbound::Action action) {
        switch (action) {
            case inbound::note_early:
                leg.early_wanted = true;
                break;
            case inbound::note_answer:
                leg.answer_wanted = true;
                break;
            case inbound::send_early:
                legs.send_early(leg);
                break;
            case inbound::send_answer:
                legs.send_answer(leg);
                break;
            case inbound::refuse_no_media:
                legs.refuse(leg, 503, std::array{retry_soon()});
                legs.events_.push_back({LegEvent::What::no_media, leg.id, 503});
                break;
            case inbound::close_media:
                legs.close_media(leg);
                break;
        }
    }
    static sip::ExtraHeader retry_soon() { return {sip::Header::retry_after, "5"}; }
};

struct Legs::OutboundRoom {
    Legs& legs;
    Leg& leg;
    int status;

    bool holds(outbound::Guard) const { return true; }
    void start(outbound::Timer) {}
    void stop(outbound::Timer) {}
    void perform(outbound::Action action) {
        const auto tell = [&](LegEvent::What what) {
            legs.events_.push_back({what, leg.id, status});
        };
        switch (action) {
            case outbound::send_invite:
                legs.send_invite(leg);
                break;
            case outbound::tell_rang:
                tell(LegEvent::What::rang);
                break;
            case outbound::tell_answered:
                tell(LegEvent::What::answered);
                break;
            case outbound::tell_refused:
                tell(LegEvent::What::refused);
                break;
            case outbound::tell_no_media:
                tell(LegEvent::What::no_media);
                break;
            case outbound::close_media:
                legs.close_media(leg);
                break;
        }
    }
};

Legs::Legs(Context& context, Refusals& refusals, const Seed& key_seed)
    : context_{context},
      refusals_{refusals},
      ports_{context.settings.media.first_port, context.settings.media.last_port},
      key_random_{key_seed} {}

Leg* Legs::find(LegId id) {
    const auto it = legs_.find(id);
    return it == legs_.end() ? nullptr : &it->second;
}

const Leg* Legs::find(LegId id) const {
    const auto it = legs_.find(id);
    return it == legs_.end() ? nullptr : &it->second;
}

Leg* Legs::of_session(SessionId session) {
    const auto it = by_session_.find(session);
    return it == by_session_.end() ? nullptr : find(it->second);
}

std::vector<LegId> Legs::ids() const {
    std::vector<LegId> ids;
    ids.reserve(legs_.size());
    for (const auto& [id, leg] : legs_)
        ids.push_back(id);
    std::ranges::sort(ids);
    return ids;
}

void Legs::touch(const Leg& leg) {
    if (changed_.empty() || changed_.back() != leg.id) changed_.push_back(leg.id);
}

Leg& Legs::add(Role role, bool outbound, const std::vector<AudioCodec>& codecs) {
    const LegId id{next_++};
    auto& leg = legs_[id];
    leg.id = id;
    leg.role = role;
    leg.outbound = outbound;
    leg.local.codecs = codecs;
    leg.local.session_id = context_.random.u32();
    touch(leg);
    return leg;
}

Leg& Legs::arrived(Role role,
                   SessionId session,
                   std::string_view offer,
                   const sip::Hop& from,
                   const std::vector<AudioCodec>& codecs) {
    auto& leg = add(role, false, codecs);
    leg.session = session;
    leg.remote_offer = offer;
    leg.signalling_source = from.remote.address;
    leg.local.secure = from.transport == sip::Transport::tls;
    make_keys(leg);
    by_session_.emplace(session, leg.id);
    open_media(leg, false);
    return leg;
}

Leg& Legs::call(Role role, sip::InviteOrder invite, const std::vector<AudioCodec>& codecs) {
    auto& leg = add(role, true, codecs);
    if (!invite.targets.empty()) {
        leg.signalling_source = invite.targets.front().remote.address;
        leg.local.secure = invite.targets.front().transport == sip::Transport::tls;
        make_keys(leg);
    }
    invites_.emplace(leg.id, std::move(invite));
    open_media(leg, false);
    return leg;
}

void Legs::open_media(Leg& leg, bool recreated) {
    if (!recreated) {
        const auto port = ports_.take(context_.now, context_.random);
        if (!port) {
            context_.log(LogLevel::error,
                         "no RTP port is free between {} and {}: widen media.ports",
                         context_.settings.media.first_port,
                         context_.settings.media.last_port);
            fail_media(leg);
            return;
        }
        leg.port = *port;
    }
    context_.media(
        media::Open{media_of(leg.id), context_.settings.media.bind, leg.port, recreated});
    touch(leg);
}

/// Told in the same step as an event, so that whoever made the leg knows it first.
void Legs::fail_media(Leg& leg) {
    if (leg.outbound)
        outbound_step(leg, outbound::media_failed, 503);
    else
        inbound_step(leg, inbound::media_failed, 503);
}

void Legs::close_media(Leg& leg) {
    if (leg.port == 0) return;
    context_.media(media::Close{media_of(leg.id)});
    ports_.give_back(std::exchange(leg.port, 0), context_.now);
    leg.media_open = false;
}

void Legs::inbound_step(Leg& leg, inbound::Event event, int status) {
    auto state = static_cast<inbound::State>(leg.state);
    InboundRoom room{*this, leg, status};
    const auto* row =
        holdfast::answer<inbound::Machine>(state, event, [&](auto g) { return room.holds(g); });
    if (row == nullptr) return;
    leg.state = static_cast<std::uint8_t>(row->to);  // before the actions: they may look at it
    for (const auto action : row->actions)
        room.perform(action);
    touch(leg);
}

void Legs::outbound_step(Leg& leg, outbound::Event event, int status) {
    auto state = static_cast<outbound::State>(leg.state);
    OutboundRoom room{*this, leg, status};
    const auto* row =
        holdfast::answer<outbound::Machine>(state, event, [&](auto g) { return room.holds(g); });
    if (row == nullptr) return;
    leg.state = static_cast<std::uint8_t>(row->to);
    for (const auto action : row->actions)
        room.perform(action);
    touch(leg);
}

void Legs::answer(Leg& leg) {
    inbound_step(leg, inbound::answer_ordered);
}

void Legs::early(Leg& leg) {
    inbound_step(leg, inbound::early_ordered);
}

void Legs::end(Leg& leg, std::string_view reason, int status) {
    const bool was_over = is_over(leg);
    const bool refusable = !leg.outbound && !was_answered(leg) && status != 0;
    if (leg.outbound)
        outbound_step(leg, outbound::ended);
    else
        inbound_step(leg, inbound::ended);
    if (leg.session && !was_over) {
        if (refusable)
            refuse(leg, status);
        else
            context_.sip.end(leg.session, reason, context_.now);
    }
    remove(leg);
}

void Legs::refuse(const Leg& leg, int status, std::span<const sip::ExtraHeader> extra) {
    refusals_.note(leg.session, status);
    context_.sip.refuse(leg.session, status, extra, context_.now);
}

void Legs::ended_by_peer(Leg& leg) {
    if (leg.outbound)
        outbound_step(leg, outbound::ended);
    else
        inbound_step(leg, inbound::ended);
    remove(leg);
}

void Legs::assign(Leg& leg, TrunkId trunk) {
    leg.trunk = trunk;
    ++trunk_calls_[trunk];
    touch(leg);
}

std::uint32_t Legs::calls_of(TrunkId trunk) const {
    const auto it = trunk_calls_.find(trunk);
    return it == trunk_calls_.end() ? 0 : it->second;
}

void Legs::remove(Leg& leg) {
    if (leg.trunk) --trunk_calls_[leg.trunk];
    separate(leg);
    touch(leg);
    if (leg.role == Role::feature) context_.floor.device_in_use(leg.device, false);
    by_session_.erase(leg.session);
    invites_.erase(leg.id);
    legs_.erase(leg.id);
}

void Legs::rang(Leg& leg, int status, std::string_view sdp) {
    if (!sdp.empty() && leg.trunk)
        take_answer(leg, sdp);  // early media, for the phone that dialled
    outbound_step(leg, outbound::rang, status);
}

void Legs::refused(Leg& leg, int status, std::string_view contact) {
    outbound_step(leg, outbound::refused, status);
    if (!events_.empty() && events_.back().leg == leg.id) events_.back().contact = contact;
}

void Legs::media_opened(const media::Opened& opened) {
    Leg* leg = of_media(opened.media);
    if (leg == nullptr || leg->port != opened.port) return;  // closed meanwhile
    leg->media_open = true;
    touch(*leg);
    if (leg->outbound)
        outbound_step(*leg, outbound::media_opened);
    else
        inbound_step(*leg, inbound::media_opened);
}

void Legs::media_failed(const media::OpenFailed& failed) {
    constexpr std::uint8_t most_port_trials = 8;
    Leg* leg = of_media(failed.media);
    if (leg == nullptr) return;
    if (failed.fault == media::OpenFault::port_in_use && ++leg->port_trials < most_port_trials) {
        ports_.give_back(std::exchange(leg->port, 0), context_.now);
        return open_media(*leg, false);
    }
    context_.log(LogLevel::error, "media: {}", failed.text);
    ports_.give_back(std::exchange(leg->port, 0), context_.now);
    fail_media(*leg);
}

void Legs::recreate_all() {
    recreate_missing({});
}

void Legs::recreate_missing(const std::set<MediaId>& listed) {
    for (const LegId id : ids()) {
        Leg& leg = *find(id);
        if (leg.port == 0) continue;
        const bool listed_there = listed.contains(media_of(id));
        if (!listed_there) {
            open_media(leg, true);
            rekey(leg);
        }
        // What is listed may have missed the last orders of the life before.
        if (leg.negotiated) configure(leg);
        context_.media(media::Hear{media_of(id), leg.hears});
    }
}

void Legs::restore(const Leg& leg) {
    legs_[leg.id] = leg;
    if (leg.session) by_session_.emplace(leg.session, leg.id);
    if (leg.port != 0) ports_.claim(leg.port);
    if (leg.trunk) ++trunk_calls_[leg.trunk];
}

}  // namespace holdfast::engine
