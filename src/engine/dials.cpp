#include "engine/dials.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::engine {

namespace {

constexpr std::string_view normal_clearing = "Q.850;cause=16;text=\"Normal call clearing\"";

/// Whether another trunk may do better: it was never reached, or has trouble of its own. A busy or
/// unknown number stays so.
bool worth_another_trunk(int status) {
    return status == 408 || status == 403 || status == 404 || status / 100 == 5;
}

}  // namespace

Dials::Dials(Context& context, Legs& legs, QueueCalls& queue_calls, Sounds& sounds, Needs needs)
    : context_{context},
      legs_{legs},
      queue_calls_{queue_calls},
      sounds_{sounds},
      needs_{std::move(needs)} {}

Dial* Dials::find(DialId id) {
    const auto it = dials_.find(id);
    return it == dials_.end() ? nullptr : &it->second;
}

const Dial* Dials::find(DialId id) const {
    const auto it = dials_.find(id);
    return it == dials_.end() ? nullptr : &it->second;
}

std::vector<DialId> Dials::ids() const {
    std::vector<DialId> ids;
    ids.reserve(dials_.size());
    for (const auto& [id, dial] : dials_)
        ids.push_back(id);
    std::ranges::sort(ids);
    return ids;
}

std::uint32_t Dials::use_today(AgentId agent) const {
    const auto it = use_.find(agent);
    return it == use_.end() ? 0 : it->second;
}

Dial& Dials::new_dial(AgentId caller) {
    const DialId id{next_++};
    auto& dial = dials_[id];
    dial.id = id;
    dial.caller = caller;
    touch(dial);
    return dial;
}

Dial& Dials::begin(Leg& leg, AgentId caller) {
    auto& dial = new_dial(caller);
    dial.from = leg.id;
    leg.dial = dial.id;
    leg.agent = caller;
    legs_.touch(leg);
    return dial;
}

Dial& Dials::begin_passing(const Leg& caller, AgentId sender, const Passing& passing) {
    auto& dial = new_dial(sender);
    dial.from = caller.id;
    dial.passing = passing;
    return dial;
}

Dial& Dials::begin_place(Leg& leg, AgentId agent, CallId conference) {
    auto& dial = new_dial(agent);
    dial.to = {leg.id};
    dial.call = leg.call;
    dial.answered = dial.from_active = dial.to_active = true;
    dial.conference = conference;
    leg.dial = dial.id;
    legs_.touch(leg);
    return dial;
}

void Dials::to_colleague(Leg& leg, AgentId caller, AgentId colleague) {
    if (const int status = obstacle(colleague, caller); status != 0)
        return legs_.end(leg, {}, status);
    auto& dial = begin(leg, caller);
    leg.local.keeps_digits = context_.settings.codes.in_call;
    context_.floor.side_call_began(caller, false, context_.when());
    const auto& me = context_.settings.floor.agents[caller.value - 1];
    ring_colleague(dial, colleague, {me.name, me.number, {}});
}

void Dials::to_outside(Leg& leg, AgentId caller, const ToTrunk& to) {
    if (const int status = admit(caller, to); status != 0) return legs_.end(leg, {}, status);
    auto& dial = begin(leg, caller);
    dial.call = context_.floor.dialled_out(
        caller, to.number, to.trunks.empty() ? TrunkId{} : to.trunks.front(), context_.when());
    leg.call = dial.call;
    queue_calls_.bind(dial.call, {}, leg.id);
    ring_outside(dial, to);
}

/// Nobody could be reached: who called hears why, the floor too.
void Dials::refuse(Dial& dial, int status) {
    const auto code = static_cast<std::uint16_t>(status);
    // Where a phone forwards its calls is told to nobody (its class of service may be another's).
    const int told = status / 100 == 3 ? 480 : status;
    if (dial.passing) {
        const DialId id = dial.id;
        stop_targets(dial);
        return needs_.passing(id, passing::target_failed, told);
    }
    if (Leg* from = legs_.find(dial.from)) legs_.end(*from, {}, told);
    if (dial.call) {
        context_.floor.customer_refused(dial.call, code, context_.when());
    } else {
        context_.floor.side_call_ended(dial.caller, false, context_.when());
        context_.floor.side_call_ended(dial.colleague, false, context_.when());
    }
    forget(dial);
}

void Dials::stop_targets(Dial& dial) {
    for (const LegId id : std::exchange(dial.to, {}))
        if (Leg* leg = legs_.find(id)) legs_.end(*leg, normal_clearing);
    if (const CallId call = std::exchange(dial.call, {}))
        context_.floor.customer_refused(call, 487, context_.when());
    if (const AgentId colleague = std::exchange(dial.colleague, {}))
        context_.floor.side_call_ended(colleague, false, context_.when());
    touch(dial);
}

void Dials::forget(Dial& dial) {
    touch(dial);
    dials_.erase(dial.id);
}

void Dials::callee_event(const LegEvent& event, Leg& leg) {
    Dial* dial = find(leg.dial);
    if (dial == nullptr) return;
    switch (event.what) {
        case LegEvent::What::opened:
            return;
        case LegEvent::What::rang:
            return rang(*dial, leg);
        case LegEvent::What::answered:
            return answered(*dial, leg);
        case LegEvent::What::refused:
        case LegEvent::What::no_media:
            break;
    }
    refused(*dial, leg, event);
}

void Dials::rang(const Dial& dial, Leg& leg) {
    if (dial.passing) return needs_.passing(dial.id, passing::target_rang, 180);
    Leg* from = legs_.find(dial.from);
    if (from == nullptr) return;
    if (leg.negotiated) {
        legs_.early(*from);
        legs_.join(*from, leg);
    } else if (!Legs::was_answered(*from)) {
        context_.sip.progress(from->session, 180, {}, context_.now);
    }
}

void Dials::refused(Dial& dial, Leg& leg, const LegEvent& event) {
    std::erase(dial.to, leg.id);
    legs_.ended_by_peer(leg);
    // 305 names a proxy, 380 another service: nobody to call.
    if (event.sip_status >= 300 && event.sip_status <= 302) dial.forward = event.contact;
    touch(dial);
    if (!dial.to.empty()) return;  // another contact of the phone still rings
    if (dial.call && worth_another_trunk(event.sip_status) && !dial.trunks.empty())
        return call_trunk(dial);
    if (dial.forward.empty() || dial.passing || !dial.colleague)
        return refuse(dial, event.sip_status);
    if (const int status = follow(dial)) refuse(dial, status);
}

void Dials::answered(Dial& dial, Leg& winner) {
    for (const LegId id : std::exchange(dial.to, {winner.id}))
        if (Leg* leg = legs_.find(id); leg != nullptr && id != winner.id)
            legs_.end(*leg, "SIP;cause=200;text=\"Call completed elsewhere\"");
    dial.answered = true;
    touch(dial);
    if (dial.passing) return needs_.passing(dial.id, passing::target_answered, 200);
    Leg* from = legs_.find(dial.from);
    if (from == nullptr) return;
    legs_.prefer_codecs_of(winner, *from);
    legs_.answer(*from);
    legs_.join(*from, winner);
    if (dial.call) return adopt(dial, *from, winner);
    dial.from_active = dial.to_active = true;
    context_.floor.colleague_answered(dial.caller, context_.when());
    context_.floor.colleague_answered(dial.colleague, context_.when());
}

/// A customer has answered: a caller's call from now on, as any other.
void Dials::adopt(Dial& dial, Leg& from, Leg& customer) {
    const CallId call = dial.call;
    for (Leg* leg : {&from, &customer}) {
        leg->role = leg == &from ? Role::agent : Role::caller;
        leg->call = call;
        leg->dial = {};
        legs_.touch(*leg);
    }
    queue_calls_.bind(call, customer.id, from.id);
    forget(dial);
    context_.floor.customer_answered(call, context_.when());
}

/// The dialling phone's own leg could not come up: no port, or no codec in common.
void Dials::dialler_event(const LegEvent& event, Leg& leg) {
    if (event.what == LegEvent::What::no_media) ended(leg, sip::EndCause::gone);
}

void Dials::ended(Leg& leg, sip::EndCause) {
    Dial* dial = find(leg.dial);
    const LegId id = leg.id;
    legs_.ended_by_peer(leg);
    if (dial == nullptr) return;
    const bool by_dialler = id == dial->from;
    std::erase(dial->to, id);
    const bool ends_passing = by_dialler || id == dial->passing.sender_leg;
    if (dial->passing.of_colleague() && ends_passing) return ended_in_passing(*dial, id);
    if (!by_dialler && !dial->answered && (!dial->to.empty() || dial->call || dial->passing)) {
        if (dial->to.empty()) refuse(*dial, 480);
        return;
    }
    if (dial->call) {
        // The floor ends the other side (queue_calls.cpp) and writes both lanes.
        const CallId call = dial->call;
        forget(*dial);
        return context_.floor.agent_hung_up(call, context_.when());
    }
    for (const LegId other : dial->to)
        if (Leg* to = legs_.find(other)) legs_.end(*to, normal_clearing);
    if (Leg* from = by_dialler ? nullptr : legs_.find(dial->from))
        legs_.end(*from, normal_clearing, 480);
    context_.floor.side_call_ended(dial->caller, dial->from_active, context_.when());
    context_.floor.side_call_ended(dial->colleague, dial->to_active, context_.when());
    forget(*dial);
}

/// One of two colleagues hangs up while somebody is called for the other.
void Dials::ended_in_passing(Dial& dial, LegId leg) {
    const DialId id = dial.id;
    auto& p = dial.passing;
    const LegId sender_leg = std::exchange(p.sender_leg, {});
    const AgentId sender = p.sender, other = dial.caller;
    const bool sender_active = p.sender_active, other_active = dial.from_active;
    touch(dial);
    if (sender_leg) context_.floor.side_call_ended(sender, sender_active, context_.when());
    if (leg == sender_leg) return needs_.passing(id, passing::sender_left, 0);
    needs_.passing(id, passing::caller_left, 487);
    if (Leg* own = legs_.find(sender_leg)) legs_.end(*own, normal_clearing);
    context_.floor.side_call_ended(other, other_active, context_.when());
}

void Dials::hear_music(Leg& leg) {
    legs_.separate(leg);
    legs_.hear(leg, sounds_.hold_music());
}

/// What the phone says now, where it has changed since the floor heard of it.
void Dials::note_hold(AgentId agent, bool& active, const Leg& leg) {
    const bool held = leg.agreed.peer_holds;
    if (active != held) return;
    active = !held;
    context_.floor.side_call_held(agent, held, context_.when());
}

void Dials::reunite(Dial& dial, Leg& from, Leg& to) {
    dial.to = {to.id};
    dial.answered = true;
    note_hold(dial.caller, dial.from_active, from);
    note_hold(dial.colleague, dial.to_active, to);
    hear_each_other(from, to);
    touch(dial);
}

void Dials::hold_changed(Leg& leg) {
    Dial* dial = find(leg.dial);
    if (dial == nullptr || dial->call) return;
    Leg* peer = legs_.find(leg.peer);
    if (peer == nullptr || !dial->answered || dial->passing) return;
    const bool held = leg.agreed.peer_holds;
    const bool by_dialler = leg.id == dial->from;
    (by_dialler ? dial->from_active : dial->to_active) = !held;
    touch(*dial);
    hear_each_other(leg, *peer);
    context_.floor.side_call_held(
        by_dialler ? dial->caller : dial->colleague, held, context_.when());
}

/// Each hears the other, or music while the other holds.
void Dials::hear_each_other(Leg& a, Leg& b) {
    legs_.join(a, b);
    if (a.agreed.peer_holds) legs_.hear(b, sounds_.hold_music());
    if (b.agreed.peer_holds) legs_.hear(a, sounds_.hold_music());
}

void Dials::new_day() {
    use_.clear();
}

/// What their INVITEs would have said died with the last life, and no trunk is known to be up yet.
void Dials::refuse_never_called() {
    for (const LegId id : legs_.ids())
        if (Leg* leg = legs_.find(id); leg != nullptr && leg->role == Role::callee && !leg->session)
            callee_event({LegEvent::What::no_media, id, 503}, *leg);
}

void Dials::restore(const Dial& dial) {
    dials_[dial.id] = dial;
    next_ = std::max(next_, dial.id.value + 1);
}

}  // namespace holdfast::engine
