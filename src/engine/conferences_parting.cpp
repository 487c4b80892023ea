// Who leaves a conference, and what becomes of the others.
#include "engine/conferences.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::engine {
namespace {

constexpr std::string_view conference_over = "SIP;cause=200;text=\"The conference is over\"";

}  // namespace

void Conferences::left(Leg& leg, sip::EndCause cause) {
    const CallId conference = of(leg);
    const LegId id = leg.id;
    const DialId dial = leg.dial;
    const bool caller = queue_calls_.caller_leg(conference) == &leg;
    const bool agent = queue_calls_.agent_leg(conference) == &leg;
    legs_.ended_by_peer(leg);
    if (caller) return caller_left(conference);
    if (agent) return agent_left(conference, cause);
    Dial& of_leg = *dials_.find(dial);
    if (of_leg.from == id) return hand_on(conference, of_leg.caller);
    place_left(of_leg, conference);
}

/// The place is nobody's any more. An outsider's call ends with it.
void Conferences::end_place(Dial& dial) {
    const auto when = context_.when();
    if (dial.call) {
        const CallId outsider = dial.call;
        dials_.forget(dial);
        return context_.floor.agent_hung_up(outsider, when);
    }
    for (const LegId to : dial.to)
        if (Leg* leg = legs_.find(to)) legs_.end(*leg, conference_over);
    context_.floor.side_call_ended(dial.caller, dial.from_active, when);
    context_.floor.side_call_ended(dial.colleague, dial.to_active, when);
    dials_.forget(dial);
}

void Conferences::place_left(Dial& dial, CallId conference) {
    Leg* hub = legs_.find(dial.from);  // of a conference whose caller has left
    if (const CallId outsider = dial.call) {
        dials_.forget(dial);
        context_.floor.caller_left(outsider, context_.when());
    } else {
        end_place(dial);
    }
    const auto rest = dials_of(conference);
    if (hub != nullptr && !rest.empty()) {
        Dial& next = *dials_.find(rest.front());
        next.from = hub->id;
        hub->dial = next.id;
        dials_.touch(next);
        legs_.touch(*hub);
    }
    const bool two = context_.floor.call(conference) != nullptr ? rest.empty() : rest.size() == 1;
    two ? dissolve(conference) : arrange(conference);
}

/// The last two: from now on they are a call like any other.
void Conferences::dissolve(CallId conference) {
    queue_calls_.set_mixed(conference, false);
    if (const auto rest = dials_of(conference); !rest.empty())
        return two_remain(*dials_.find(rest.front()));
    Leg* caller = queue_calls_.caller_leg(conference);
    Leg* agent = queue_calls_.agent_leg(conference);
    if (caller == nullptr || agent == nullptr) return;
    legs_.join(*caller, *agent);
    if (!agent->agreed.peer_holds) return;
    const auto* call = context_.floor.call(conference);
    legs_.hear(*caller, sounds_.music_of(call == nullptr ? QueueId{} : call->queue));
    if (call != nullptr && !acd::agent_holds(call->hold))
        context_.floor.agent_held(conference, context_.when());
}

/// Without a caller: two colleagues, or an agent and somebody outside.
void Conferences::two_remain(Dial& dial) {
    Leg* hub = legs_.find(dial.from);
    Leg* other = legs_.find(dial.to.front());
    const CallId outsider = dial.call;
    dial.conference = {};
    dials_.touch(dial);
    if (hub == nullptr || other == nullptr) return;
    if (!outsider) return dials_.reunite(dial, *hub, *other);
    dials_.forget(dial);
    hub->role = Role::agent;
    hub->call = outsider;
    for (Leg* leg : {hub, other}) {
        leg->dial = {};
        legs_.touch(*leg);
    }
    queue_calls_.bind(outsider, other->id, hub->id);
    context_.floor.outsider_alone(outsider, context_.when());
    legs_.join(*other, *hub);
    if (hub->agreed.peer_holds) context_.floor.agent_held(outsider, context_.when());
}

/// The agent goes on with the others, as with any whom it has dialled.
void Conferences::caller_left(CallId call) {
    const auto rest = dials_of(call);
    if (Leg* hub = queue_calls_.agent_leg(call); hub != nullptr && !rest.empty()) {
        Dial& dial = *dials_.find(rest.front());
        dial.from = hub->id;
        dials_.touch(dial);
        hub->role = Role::dialler;
        hub->dial = dial.id;
        hub->call = {};
        hub->offer = {};
        legs_.touch(*hub);
    }
    queue_calls_.set_mixed(call, false);
    queue_calls_.bind(call, {}, {});
    context_.floor.caller_left(call, context_.when());
    rest.size() == 1 ? dissolve(call) : arrange(call);
}

/// The caller stays with the colleague who came first, and with all others.
void Conferences::agent_left(CallId call, sip::EndCause cause) {
    const AgentId who = context_.floor.call(call)->agent;
    auto rest = dials_of(call);
    const auto heir =
        std::ranges::find_if(rest, [this](DialId id) { return !dials_.find(id)->call; });
    if (heir == rest.end()) return outsiders_remain(call, cause);
    Dial& first = *dials_.find(*heir);
    const AgentId colleague = first.colleague;
    const LegId leg = first.to.front();
    for (std::size_t i = 0; i < rest.size(); ++i)
        context_.floor.side_call_passed(who, true);
    context_.floor.side_call_passed(colleague, true);
    dials_.forget(first);
    rest.erase(heir);
    queue_calls_.bind(call, queue_calls_.caller_leg(call)->id, {});
    queue_calls_.set_mixed(call, !rest.empty());
    needs_.give(call, colleague, *legs_.find(leg));
    for (const DialId id : rest)
        pass_place(*dials_.find(id), colleague, false);
    if (!rest.empty()) arrange(call);
}

/// Whom an agent had in the conference another has from now on. `has_place`: the other counts it
/// already.
void Conferences::pass_place(Dial& dial, AgentId to, bool has_place) {
    dial.caller = to;
    dials_.touch(dial);
    if (dial.call) context_.floor.outsider_passed(dial.call, to);
    if (has_place) return;
    context_.floor.side_call_began(to, false, context_.when());
    context_.floor.colleague_answered(to, context_.when());
}

/// Two who are both outside may be left alone where the class of service of who leaves says so.
/// Whoever has an emergency number on the line keeps it, whatever the class says.
bool Conferences::may_stay(AgentId agent, const std::vector<CallId>& outsiders) const {
    const auto& s = context_.settings;
    return s.classes[s.floor.agents[agent.value - 1].class_of_service].may_leave_outsiders ||
           std::ranges::any_of(outsiders, [&](CallId id) {
               const auto& dialled = context_.floor.call(id)->dialled;
               const auto& emergency = s.emergency.numbers;
               return std::ranges::find(emergency, dialled) != emergency.end();
           });
}

/// A caller and people outside: nobody of ours would hear what is said, and our trunks would pay.
void Conferences::outsiders_remain(CallId call, sip::EndCause cause) {
    const auto rest = dials_of(call);
    const AgentId who = context_.floor.call(call)->agent;
    const CallId other = dials_.find(rest.front())->call;
    queue_calls_.set_mixed(call, false);
    if (rest.size() == 1 && may_stay(who, {call, other})) {
        dials_.forget(*dials_.find(rest.front()));
        return needs_.join_outside(call, other);
    }
    let_go(call);
    queue_calls_.bind(call, queue_calls_.caller_leg(call)->id, {});
    // As from any call: who hangs up has served the caller, whose phone dies has not.
    if (cause == sip::EndCause::peer_bye || cause == sip::EndCause::peer_cancel)
        context_.floor.agent_hung_up(call, context_.when());
    else
        context_.floor.agent_lost(call, context_.when());
}

/// All but caller and agent. What the agent's lane says next follows from the caller.
void Conferences::let_go(CallId call) {
    const AgentId who = context_.floor.call(call)->agent;
    for (const DialId id : dials_of(call)) {
        Dial& dial = *dials_.find(id);
        const CallId outsider = dial.call;
        const AgentId colleague = dial.colleague;
        const auto legs = dial.to;
        dials_.forget(dial);
        if (outsider) {
            context_.floor.outsider_ended(outsider, context_.when());
            continue;
        }
        for (const LegId to : legs)
            if (Leg* leg = legs_.find(to)) legs_.end(*leg, conference_over);
        context_.floor.side_call_passed(who, true);
        context_.floor.side_call_ended(colleague, true, context_.when());
    }
}

void Conferences::part(CallId call) {
    if (!queue_calls_.is_mixed(call)) return;
    let_go(call);
    queue_calls_.set_mixed(call, false);
    Leg* caller = queue_calls_.caller_leg(call);
    Leg* agent = queue_calls_.agent_leg(call);
    if (caller != nullptr && agent != nullptr) legs_.join(*caller, *agent);
}

/// Without a caller: whom the others were called by has left; the first colleague takes the place.
void Conferences::hand_on(CallId conference, AgentId from) {
    auto rest = dials_of(conference);
    const auto heir =
        std::ranges::find_if(rest, [this](DialId id) { return !dials_.find(id)->call; });
    if (heir == rest.end()) return outsiders_remain(from, rest);
    Dial& first = *dials_.find(*heir);
    const AgentId hub = first.colleague;
    const LegId leg = first.to.front();
    for (std::size_t i = 0; i < rest.size(); ++i)
        context_.floor.side_call_ended(from, true, context_.when());
    dials_.forget(first);  // its place in that agent's count is the next one's
    rest.erase(heir);
    for (const DialId id : rest)
        pass_place(*dials_.find(id), hub, id == rest.front());
    Dial& next = *dials_.find(rest.front());
    next.from = leg;
    Leg& hub_leg = *legs_.find(leg);
    hub_leg.role = Role::dialler;
    hub_leg.dial = next.id;
    legs_.touch(hub_leg);
    rest.size() == 1 ? dissolve(conference) : arrange(conference);
}

/// The same where no colleague is there.
void Conferences::outsiders_remain(AgentId agent, const std::vector<DialId>& places) {
    std::vector<CallId> outsiders;
    outsiders.reserve(places.size());
    for (const DialId id : places)
        outsiders.push_back(dials_.find(id)->call);
    if (places.size() == 2 && may_stay(agent, outsiders)) {
        for (const DialId id : places)
            dials_.forget(*dials_.find(id));
        return needs_.join_outside(outsiders.front(), outsiders.back());
    }
    for (const DialId id : places)
        end_place(*dials_.find(id));
}

void Conferences::call_over(CallId call) {
    queue_calls_.set_mixed(call, false);
    for (const DialId id : dials_of(call)) {
        Dial& dial = *dials_.find(id);
        if (legs_.find(dial.from) != nullptr) return;  // they go on without the caller
        end_place(dial);
    }
    for (const DialId id : dials_.ids()) {
        Dial& dial = *dials_.find(id);
        if (dial.call == call && dial.conference) return place_left(dial, dial.conference);
    }
}

}  // namespace holdfast::engine
