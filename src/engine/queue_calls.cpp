#include "engine/queue_calls.hpp"

#include "engine/identity.hpp"
#include "sip/writer.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::engine {

namespace {

// RFC 3326: a phone that reads this does not count a missed call.
constexpr std::string_view completed_elsewhere = "SIP;cause=200;text=\"Call completed elsewhere\"";
constexpr std::string_view normal_clearing = "Q.850;cause=16;text=\"Normal call clearing\"";

/// What a phone's final refusal says of the agent: it, or a person at it, said no; anything else
/// means that the phone could not be reached.
bool is_refusal(int status) {
    switch (status) {
        case 403:
        case 480:
        case 486:
        case 488:
        case 600:
        case 603:
        case 606:
            return true;
        default:
            return status / 100 == 3;
    }
}

}  // namespace

QueueCalls::QueueCalls(Context& context, Legs& legs, Sounds& sounds, Contacts contacts)
    : context_{context}, legs_{legs}, sounds_{sounds}, contacts_{std::move(contacts)} {}

Leg* QueueCalls::caller_leg(CallId call) {
    const auto it = calls_.find(call);
    return it == calls_.end() ? nullptr : legs_.find(it->second.caller);
}

Leg* QueueCalls::agent_leg(CallId call) {
    const auto it = calls_.find(call);
    return it == calls_.end() ? nullptr : legs_.find(it->second.agent);
}

void QueueCalls::set_mixed(CallId call, bool mixed) {
    if (const auto it = calls_.find(call); it != calls_.end()) it->second.mixed = mixed;
}

bool QueueCalls::is_mixed(CallId call) const {
    const auto it = calls_.find(call);
    return it != calls_.end() && it->second.mixed;
}

void QueueCalls::arrived(Leg& leg, const acd::Arrival& arrival) {
    const LegId id = leg.id;
    leg.call = context_.floor.caller_arrived(arrival, context_.when());
    legs_.touch(leg);
    bind(leg.call, id, {});
}

void QueueCalls::perform(const acd::Effect& effect) {
    struct Visit {
        QueueCalls& q;
        void operator()(const acd::RingPhone& e) const { q.ring(e); }
        void operator()(const acd::CancelPhone& e) const { q.cancel(e); }
        void operator()(const acd::ConnectCall& e) const { q.connect(e); }
        void operator()(const acd::PlayToCaller& e) const { q.play(e); }
        void operator()(const acd::RefuseCaller& e) const { q.refuse(e); }
        void operator()(const acd::AnswerCaller& e) const {
            if (Leg* leg = q.caller_leg(e.call)) q.legs_.answer(*leg);
        }
        void operator()(const acd::ResumeCaller& e) const {
            Leg* caller = q.caller_leg(e.call);
            Leg* agent = q.agent_leg(e.call);
            if (caller != nullptr && agent != nullptr && !q.is_mixed(e.call))
                q.legs_.join(*caller, *agent);
        }
        void operator()(const acd::HangUpCaller& e) const {
            if (Leg* leg = q.caller_leg(e.call)) q.legs_.end(*leg, normal_clearing, 480);
        }
        void operator()(const acd::HangUpAgent& e) const {
            Leg* leg = q.agent_leg(e.call);
            if (leg != nullptr) q.legs_.end(*leg, normal_clearing, 487);
            if (const auto it = q.calls_.find(e.call); it != q.calls_.end()) it->second.agent = {};
        }
        void operator()(const acd::RemindAgent&) const {}  // reminders.hpp
        void operator()(const acd::AlarmHold&) const {}
        void operator()(const acd::TellPromise& e) const { q.tell_promise(e); }
        void operator()(const acd::ListenToTalk&) const {}  // voices.hpp
        void operator()(const acd::WarnOfSilence&) const {}
        void operator()(const acd::MaskDigits&) const {}
        void operator()(const acd::CallOver& e) const { q.calls_.erase(e.call); }
    };
    std::visit(Visit{*this}, effect);
}

/// What the caller's side has comes first, so that nothing needs to be transcoded; what can be
/// follows.
std::vector<AudioCodec> QueueCalls::codecs_for_agent(const Leg& caller) const {
    std::vector<AudioCodec> codecs;
    for (const auto& agreed : caller.agreed.codecs)
        codecs.push_back(agreed.codec);
    if (!caller.negotiated) codecs = caller.local.codecs;
    if (context_.settings.media.transcodes) append_missing(codecs, context_.settings.media.codecs);
    return codecs;
}

sip::InviteOrder QueueCalls::invitation(const acd::RingPhone& ring,
                                        const PhoneContact& contact) const {
    const auto& s = context_.settings;
    const auto& queue = s.floor.queues[ring.queue.value - 1];
    const auto* call = context_.floor.call(ring.call);
    const auto host = own_host(s, contact.hop.listener);
    sip::InviteOrder order;
    order.request_uri = contact.request_uri;
    order.targets = {contact.hop};
    order.route = contact.route;
    order.fixed_hop = contact.fixed_hop;
    order.from_display = offer_display(queue.name, ring.waited, call->caller_number);
    order.from_uri = own_uri(call->caller_number.empty() ? "anonymous" : call->caller_number, host);
    order.to_uri = own_uri(s.devices[ring.device.value - 1].name, host);
    order.contact_user = "acd";
    order.extra = {
        {sip::Header::p_asserted_identity, sip::name_addr(order.from_display, order.from_uri)},
        {sip::Header::alert_info, fmt::format("<http://{}>;info={}", host, queue.name)},
    };
    return order;
}

void QueueCalls::ring(const acd::RingPhone& ring) {
    const Leg* caller = caller_leg(ring.call);
    if (caller == nullptr) return;
    const auto contacts = contacts_(ring.device);
    if (contacts.empty()) {
        context_.floor.phone_failed(ring.offer, 480, {context_.now, context_.now});
        return;
    }
    const auto codecs = codecs_for_agent(*caller);
    auto& legs = offers_[ring.offer];
    for (const auto& contact : contacts) {
        auto& leg = legs_.call(Role::agent, invitation(ring, contact), codecs);
        leg.call = ring.call;
        leg.offer = ring.offer;
        leg.agent = ring.agent;
        leg.device = ring.device;
        leg.local.keeps_digits = context_.settings.codes.in_call;
        legs.push_back(leg.id);
    }
}

void QueueCalls::cancel(const acd::CancelPhone& cancel) {
    const auto node = offers_.extract(cancel.offer);
    if (node.empty()) return;
    const bool missed = cancel.why == acd::Withdrawal::ring_timeout;
    for (const LegId id : node.mapped())
        if (Leg* leg = legs_.find(id))
            legs_.end(*leg, missed ? std::string_view{} : completed_elsewhere);
}

/// The other contacts of the phone that has answered.
void QueueCalls::end_others(const Leg& winner) {
    const auto it = offers_.find(winner.offer);
    if (it == offers_.end()) return;
    const LegId won = winner.id;
    for (const LegId id : std::exchange(it->second, {won}))
        if (Leg* leg = legs_.find(id); leg != nullptr && id != won)
            legs_.end(*leg, completed_elsewhere);
}

bool QueueCalls::others_ring(const Leg& leg) const {
    const auto it = offers_.find(leg.offer);
    return it != offers_.end() && std::ranges::any_of(it->second, [&](LegId id) {
               const Leg* other = std::as_const(legs_).find(id);
               return other != nullptr && id != leg.id && !Legs::is_over(*other);
           });
}

void QueueCalls::agent_leg_event(const LegEvent& event, Leg& leg) {
    const auto offer = leg.offer;
    const LegId id = leg.id;
    const AgentId agent = leg.agent;
    switch (event.what) {
        case LegEvent::What::opened:
            return;
        case LegEvent::What::rang:
            return context_.floor.phone_rang(offer, context_.when());
        case LegEvent::What::answered:
            end_others(leg);
            context_.floor.phone_answered(offer, context_.when());
            // Withdrawn in the meantime: a call that nobody else ended is ended here.
            if (const auto won = context_.floor.offer(offer); !won || won->state != acd::offer::won)
                if (Leg* late = legs_.find(id)) legs_.end(*late, completed_elsewhere);
            return;
        case LegEvent::What::refused:
        case LegEvent::What::no_media:
            break;
    }
    if (agent_leg(leg.call) == &leg) return agent_left(leg, sip::EndCause::gone);
    const bool last = !others_ring(leg);
    legs_.ended_by_peer(leg);
    if (!last) return;
    offers_.erase(offer);
    const auto status = static_cast<std::uint16_t>(event.sip_status);
    if (status / 100 == 3)
        context_.log(LogLevel::warning,
                     "agent {}: the phone forwards its calls ({}); callers of a queue are not sent "
                     "elsewhere, so the agent is not ready. Switch it off at the phone, then dial "
                     "{}",
                     context_.settings.floor.agents[agent.value - 1].number,
                     status,
                     context_.settings.codes.ready);
    if (event.what == LegEvent::What::refused && is_refusal(event.sip_status))
        context_.floor.phone_refused(offer, status, context_.when());
    else
        context_.floor.phone_failed(offer, status, context_.when());
}

void QueueCalls::picked_up(const Leg& leg) {
    offers_[leg.offer] = {leg.id};
    context_.floor.phone_answered(leg.offer, context_.when());
}

void QueueCalls::connect(const acd::ConnectCall& connect) {
    Leg* caller = caller_leg(connect.call);
    const auto it = offers_.find(connect.offer);
    Leg* agent =
        it == offers_.end() || it->second.empty() ? nullptr : legs_.find(it->second.front());
    if (caller == nullptr || agent == nullptr) return;
    calls_[connect.call].agent = agent->id;
    legs_.prefer_codecs_of(*agent, *caller);
    legs_.answer(*caller);
    offers_.erase(connect.offer);
    legs_.join(*caller, *agent);
}

/// The phone of the agent who holds the caller sends music of its own, and may: it says so by
/// sendonly (RFC 7088 2).
const Leg* QueueCalls::plays_itself(const acd::PlayToCaller& play) {
    const acd::Call* call = context_.floor.call(play.call);  // over by now, perhaps
    constexpr Set waits{acd::caller::held, acd::caller::consult};
    const auto& sounds = context_.settings.sounds;
    if (call == nullptr || play.what != acd::Playing::music || !play.queue ||
        !waits.has(call->lane.state) ||
        sounds[play.queue.value - 1].hold_music != Settings::HoldMusic::phone)
        return nullptr;
    const Leg* agent = agent_leg(play.call);
    const bool sends = agent != nullptr && agent->agreed.remote_rtp.address &&
                       agent->agreed.remote_direction == sip::sdp::Direction::sendonly;
    return sends ? agent : nullptr;
}

void QueueCalls::play(const acd::PlayToCaller& play) {
    Leg* leg = caller_leg(play.call);
    if (leg == nullptr || is_mixed(play.call)) return;
    if (Leg* agent = agent_leg(play.call)) legs_.hear(*agent, media::HearNothing{});
    if (!leg->outbound && !Legs::was_answered(*leg)) legs_.early(*leg);
    if (const Leg* phone = plays_itself(play))
        return legs_.hear(*leg, media::HearEndpoint{media_of(phone->id)});
    if (const auto sound = sounds_.of_queue(play.queue, play.what))
        legs_.hear(*leg, *sound);
    else
        context_.floor.announcement_ended(play.call, {context_.now, context_.now});
}

void QueueCalls::tell_promise(const acd::TellPromise& order) {
    const Leg* leg = caller_leg(order.call);
    if (leg == nullptr) return;
    constexpr Micros told_as_time = 30min;  // who waits for longer wants to know until when
    const auto minutes =
        std::max<std::int64_t>(std::chrono::ceil<std::chrono::minutes>(order.left).count(), 1);
    auto sentence = sounds_.sentence();
    if (order.again)
        sentence.say({Prompt::thank_you, Prompt::still_there, Prompt::in_about});
    else
        sentence.say({order.left < told_as_time ? Prompt::back_in_about : Prompt::back_at_about});
    if (order.again || order.left < told_as_time) {
        sentence.minutes(static_cast<unsigned>(minutes));
    } else {
        const auto utc = wall_of(context_.anchor, context_.now + order.left);
        const auto local =
            utc.time_since_epoch() + std::chrono::seconds{utc_offset_at(context_.anchor, utc)};
        const auto of_day = std::chrono::floor<std::chrono::minutes>(
            local - std::chrono::floor<std::chrono::days>(local));
        sentence.time_of_day(static_cast<unsigned>(of_day.count() / 60),
                             static_cast<unsigned>(of_day.count() % 60));
    }
    sounds_.say(media_of(leg->id), sentence.spoken());
}

void QueueCalls::play_ended(const media::PlayEnded& ended) {
    Leg* leg = legs_.of_media(ended.media);
    if (leg == nullptr || leg->role != Role::caller) return;
    const auto* hears = std::get_if<media::HearSource>(&leg->hears);
    if (hears == nullptr || hears->source != ended.source) return;  // it hears something else now
    context_.floor.announcement_ended(leg->call, context_.when());
}

void QueueCalls::refuse(const acd::RefuseCaller& refuse) {
    Leg* leg = caller_leg(refuse.call);
    if (leg == nullptr) return;
    const int status = refuse.why == acd::RefusalCause::full       ? 486
                       : refuse.why == acd::RefusalCause::draining ? 503
                                                                   : 480;
    legs_.end(*leg, fmt::format("SIP;cause={};text=\"{}\"", status, text(refuse.why)), status);
}

void QueueCalls::caller_leg_event(const LegEvent& event, Leg& leg) {
    if (event.what != LegEvent::What::no_media) return;
    const CallId call = leg.call;
    legs_.ended_by_peer(leg);
    context_.floor.caller_left(call, context_.when(), static_cast<std::uint16_t>(event.sip_status));
}

void QueueCalls::caller_left(Leg& leg, sip::EndCause) {
    const CallId call = leg.call;
    legs_.ended_by_peer(leg);
    context_.floor.caller_left(call, context_.when());
}

void QueueCalls::agent_left(Leg& leg, sip::EndCause cause) {
    const CallId call = leg.call;
    const auto offer = leg.offer;
    const bool connected = agent_leg(call) == &leg;
    legs_.ended_by_peer(leg);
    if (!connected) return context_.floor.phone_failed(offer, 0, context_.when());
    calls_[call].agent = {};
    if (cause == sip::EndCause::peer_bye || cause == sip::EndCause::peer_cancel)
        context_.floor.agent_hung_up(call, context_.when());
    else
        context_.floor.agent_lost(call, context_.when());
}

void QueueCalls::hold_changed(Leg& leg) {
    const bool held = leg.agreed.peer_holds;
    const auto when = context_.when();
    if (calls_.contains(leg.call) && calls_[leg.call].caller == leg.id)
        held ? context_.floor.caller_held(leg.call, when)
             : context_.floor.caller_resumed(leg.call, when);
    else if (agent_leg(leg.call) == &leg)
        held ? context_.floor.agent_held(leg.call, when)
             : context_.floor.agent_resumed(leg.call, when);
}

/// What their INVITEs would have said died with the last life: the offers are made anew, unless
/// another contact of the phone rings already.
void QueueCalls::ring_again(const std::vector<LegId>& never_called) {
    for (const LegId id : never_called) {
        Leg& leg = *legs_.find(id);
        const auto o = context_.floor.offer(leg.offer);
        legs_.end(leg);
        if (!o || !offers_[o->id].empty()) continue;
        const auto& call = *context_.floor.call(o->call);
        ring({o->id, o->call, o->agent, o->device, call.queue, context_.now - call.entered});
    }
}

void QueueCalls::rebuild() {
    std::vector<LegId> never_called;
    for (const LegId id : legs_.ids()) {
        const Leg& leg = *legs_.find(id);
        const auto* call = context_.floor.call(leg.call);
        if (call == nullptr || leg.role == Role::recall) continue;
        const auto offer = context_.floor.offer(leg.offer);
        if (leg.role == Role::caller || leg.role == Role::callee)
            calls_[leg.call].caller = id;
        else if (leg.role == Role::dialler || !leg.offer ||
                 (offer && offer->state == acd::offer::won))
            calls_[leg.call].agent = id;
        else if (offer && leg.session)
            offers_[leg.offer].push_back(id);
        else if (offer)
            never_called.push_back(id);
    }
    ring_again(never_called);
}

}  // namespace holdfast::engine
