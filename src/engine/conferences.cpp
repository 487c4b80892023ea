#include "engine/conferences.hpp"

#include "base/limits.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::engine {
namespace {

constexpr std::string_view merged_reason = "SIP;cause=200;text=\"Merged into a conference\"";

/// The two ends of a dialled call, from one agent's side.
struct Ends {
    LegId own, other;
    AgentId colleague;
};

Ends ends_of(const Dial& dial, AgentId agent) {
    const LegId to = dial.to.empty() ? LegId{} : dial.to.front();
    if (dial.caller == agent) return {dial.from, to, dial.colleague};
    return {to, dial.from, dial.caller};
}

}  // namespace

Conferences::Conferences(Context& context,
                         Legs& legs,
                         QueueCalls& queue_calls,
                         Dials& dials,
                         Sounds& sounds,
                         Needs needs)
    : context_{context},
      legs_{legs},
      queue_calls_{queue_calls},
      dials_{dials},
      sounds_{sounds},
      needs_{std::move(needs)} {}

// ---- Who is in. ---------------------------------------------------------------------------------

CallId Conferences::of(const Leg& leg) const {
    if (leg.dial) {
        const Dial* dial = std::as_const(dials_).find(leg.dial);
        return dial == nullptr ? CallId{} : dial->conference;
    }
    const bool has_call = leg.role == Role::caller || leg.role == Role::agent;
    const bool in_it = has_call && (queue_calls_.caller_leg(leg.call) == &leg ||
                                    queue_calls_.agent_leg(leg.call) == &leg);
    return in_it && queue_calls_.is_mixed(leg.call) ? leg.call : CallId{};
}

std::vector<DialId> Conferences::dials_of(CallId conference) const {
    std::vector<DialId> ids;
    for (const DialId id : dials_.ids())
        if (std::as_const(dials_).find(id)->conference == conference) ids.push_back(id);
    return ids;
}

/// Calls with colleagues, beside the caller's, that the agent could bring in.
std::vector<DialId> Conferences::consults_of(AgentId agent) const {
    std::vector<DialId> ids;
    for (const DialId id : dials_.ids()) {
        const Dial& dial = *std::as_const(dials_).find(id);
        const bool takes_part = dial.caller == agent || dial.colleague == agent;
        if (takes_part && dial.answered && !dial.passing && !dial.call && !dial.conference)
            ids.push_back(id);
    }
    return ids;
}

std::vector<LegId> Conferences::members(CallId conference) {
    std::vector<LegId> ids;
    for (const Leg* leg : {queue_calls_.caller_leg(conference), queue_calls_.agent_leg(conference)})
        if (leg != nullptr) ids.push_back(leg->id);
    for (const DialId id : dials_of(conference)) {
        const Dial& dial = *dials_.find(id);
        for (const LegId leg : {dial.from, dial.to.empty() ? LegId{} : dial.to.front()})
            if (legs_.find(leg) != nullptr) ids.push_back(leg);
    }
    return ids;
}

// ---- Coming together. ---------------------------------------------------------------------------

int Conferences::obstacle(const Leg& leg) const {
    if (!leg.agent) return 403;
    const CallId id = context_.floor.agent(leg.agent).call;
    const auto* call = context_.floor.call(id);
    const Leg* own = queue_calls_.agent_leg(id);
    if (call == nullptr || own == nullptr || call->agent != leg.agent) return 603;
    if (!acd::caller::connected.has(call->lane.state)) return 603;
    if (call->lane.state == acd::caller::transferring) return 491;
    const auto consults = consults_of(leg.agent);
    const bool beside = std::ranges::find(consults, leg.dial) != consults.end();
    if (consults.empty() || (own != &leg && !beside)) return 603;
    const auto parties = 2 + dials_of(id).size() + consults.size();
    return parties > limits::conference_parties ? 486 : 0;
}

Leg* Conferences::other_leg(const Leg& leg) {
    const CallId call = context_.floor.agent(leg.agent).call;
    Leg* with_caller = queue_calls_.agent_leg(call);
    if (with_caller != &leg) return with_caller;
    Leg* any = nullptr;
    for (const DialId id : consults_of(leg.agent)) {
        Leg* own = legs_.find(ends_of(*dials_.find(id), leg.agent).own);
        if (own != nullptr && (any == nullptr || !own->agreed.peer_holds)) any = own;
    }
    return any;
}

void Conferences::merge(Leg& keep) {
    const AgentId agent = keep.agent;
    const LegId kept = keep.id;
    const CallId call = context_.floor.agent(agent).call;
    std::vector<LegId> ending;
    for (const DialId id : consults_of(agent)) {
        Dial& dial = *dials_.find(id);
        if (const LegId own = ends_of(dial, agent).own; own != kept) ending.push_back(own);
        bring_in(dial, agent, call);
    }
    queue_calls_.set_mixed(call, true);
    if (queue_calls_.agent_leg(call) != &keep)
        needs_.resume_at(call, keep);
    else if (!keep.agreed.peer_holds && acd::agent_holds(context_.floor.call(call)->hold))
        context_.floor.agent_resumed(call, context_.when());
    for (const LegId id : ending)
        if (Leg* leg = legs_.find(id)) legs_.end(*leg, merged_reason);
    arrange(call);
}

/// From now on the dialled call is no more than the colleague's place in the conference.
void Conferences::bring_in(Dial& dial, AgentId agent, CallId call) {
    const auto [own, other, colleague] = ends_of(dial, agent);
    const bool dialled = dial.caller == agent;
    const auto heard = [&](AgentId who, bool active) {
        if (!active) context_.floor.side_call_held(who, false, context_.when());
    };
    heard(agent, dialled ? dial.from_active : dial.to_active);
    heard(colleague, dialled ? dial.to_active : dial.from_active);
    dial.caller = agent;
    dial.colleague = colleague;
    dial.from = {};
    dial.to = {other};
    dial.from_active = dial.to_active = true;
    dial.conference = call;
    dials_.touch(dial);
    if (Leg* leg = legs_.find(other)) {
        leg->role = Role::callee;
        legs_.touch(*leg);
    }
}

/// Everybody hears everybody, but who holds.
void Conferences::arrange(CallId conference) {
    const auto all = members(conference);
    for (const LegId id : all)
        legs_.separate(*legs_.find(id));
    for (const LegId id : all)
        place(*legs_.find(id), conference);
}

void Conferences::place(Leg& leg, CallId conference) {
    if (leg.agreed.peer_holds)
        legs_.hear(leg, media::HearNothing{});
    else
        legs_.hear(leg, media::HearConference{ConferenceId{conference.value}});
}

// ---- Going apart. -------------------------------------------------------------------------------

void Conferences::hold_changed(Leg& leg) {
    const CallId conference = of(leg);
    place(leg, conference);
    const bool holds = leg.agreed.peer_holds;
    const auto when = context_.when();
    if (queue_calls_.caller_leg(conference) == &leg)
        return holds ? context_.floor.caller_held(conference, when)
                     : context_.floor.caller_resumed(conference, when);
    // To step out is no hold: the caller goes on talking. Only one from before comes to its end.
    const auto* call = context_.floor.call(conference);
    if (!holds && call != nullptr && queue_calls_.agent_leg(conference) == &leg &&
        acd::agent_holds(call->hold))
        context_.floor.agent_resumed(conference, when);
}

void Conferences::left(Leg& leg) {
    const CallId conference = of(leg);
    const LegId id = leg.id;
    const DialId dial = leg.dial;
    const bool caller = queue_calls_.caller_leg(conference) == &leg;
    const bool agent = queue_calls_.agent_leg(conference) == &leg;
    legs_.ended_by_peer(leg);
    if (caller) return caller_left(conference);
    if (agent) return agent_left(conference);
    Dial& of_leg = *dials_.find(dial);
    if (of_leg.from == id) return hand_on(conference, of_leg.caller);
    colleague_left(of_leg, conference);
}

void Conferences::end_dial(Dial& dial) {
    context_.floor.side_call_ended(dial.caller, dial.from_active, context_.when());
    context_.floor.side_call_ended(dial.colleague, dial.to_active, context_.when());
    dials_.forget(dial);
}

void Conferences::colleague_left(Dial& dial, CallId conference) {
    Leg* hub = legs_.find(dial.from);  // of a conference whose caller has left
    end_dial(dial);
    const auto rest = dials_of(conference);
    if (hub != nullptr && !rest.empty()) {
        Dial& next = *dials_.find(rest.front());
        next.from = hub->id;
        hub->dial = next.id;
        dials_.touch(next);
    }
    const bool two = context_.floor.call(conference) != nullptr ? rest.empty() : rest.size() == 1;
    two ? dissolve(conference) : arrange(conference);
}

/// The last two: from now on they are a call like any other.
void Conferences::dissolve(CallId conference) {
    Leg* one = queue_calls_.caller_leg(conference);
    Leg* two = queue_calls_.agent_leg(conference);
    const auto* call = context_.floor.call(conference);
    queue_calls_.set_mixed(conference, false);
    if (const auto rest = dials_of(conference); !rest.empty()) {
        Dial& dial = *dials_.find(rest.front());
        dial.conference = {};
        dials_.touch(dial);
        one = legs_.find(dial.from);
        two = legs_.find(dial.to.front());
    }
    if (one == nullptr || two == nullptr) return;
    legs_.join(*one, *two);
    if (two->agreed.peer_holds) {
        legs_.hear(*one, sounds_.music_of(call == nullptr ? QueueId{} : call->queue));
        if (call != nullptr && !acd::agent_holds(call->hold))
            context_.floor.agent_held(conference, context_.when());
    }
}

/// The agent goes on with the colleagues, as with any whom it has dialled.
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
void Conferences::agent_left(CallId call) {
    const AgentId who = context_.floor.call(call)->agent;
    auto rest = dials_of(call);
    Dial& first = *dials_.find(rest.front());
    const AgentId colleague = first.colleague;
    const LegId leg = first.to.front();
    for (std::size_t i = 0; i < rest.size(); ++i)
        context_.floor.side_call_passed(who, true);
    context_.floor.side_call_passed(colleague, true);
    dials_.forget(first);
    rest.erase(rest.begin());
    queue_calls_.bind(call, queue_calls_.caller_leg(call)->id, {});
    queue_calls_.set_mixed(call, !rest.empty());
    needs_.give(call, colleague, *legs_.find(leg));
    for (const DialId id : rest) {
        Dial& dial = *dials_.find(id);
        dial.caller = colleague;
        dials_.touch(dial);
        context_.floor.side_call_began(colleague, false, context_.when());
        context_.floor.colleague_answered(colleague, context_.when());
    }
    if (!rest.empty()) arrange(call);
}

/// Without a caller: whom the others were called by has left; the first of them takes the place.
void Conferences::hand_on(CallId conference, AgentId from) {
    auto rest = dials_of(conference);
    Dial& first = *dials_.find(rest.front());
    const AgentId hub = first.colleague;
    const LegId leg = first.to.front();
    for (std::size_t i = 0; i < rest.size(); ++i)
        context_.floor.side_call_ended(from, true, context_.when());
    dials_.forget(first);  // its place in that agent's count is the next one's
    rest.erase(rest.begin());
    for (const DialId id : rest) {
        Dial& dial = *dials_.find(id);
        dial.caller = hub;
        dials_.touch(dial);
        if (id == rest.front()) continue;
        context_.floor.side_call_began(hub, false, context_.when());
        context_.floor.colleague_answered(hub, context_.when());
    }
    Dial& next = *dials_.find(rest.front());
    next.from = leg;
    Leg& hub_leg = *legs_.find(leg);
    hub_leg.role = Role::dialler;
    hub_leg.dial = next.id;
    legs_.touch(hub_leg);
    rest.size() == 1 ? dissolve(conference) : arrange(conference);
}

void Conferences::call_over(CallId call) {
    queue_calls_.set_mixed(call, false);
    for (const DialId id : dials_of(call)) {
        Dial& dial = *dials_.find(id);
        if (legs_.find(dial.from) != nullptr) return;  // they go on without the caller
        for (const LegId to : dial.to)
            if (Leg* leg = legs_.find(to)) legs_.end(*leg, merged_reason);
        end_dial(dial);
    }
}

void Conferences::resume() {
    for (const DialId id : dials_.ids())
        if (const CallId call = dials_.find(id)->conference; context_.floor.call(call) != nullptr)
            queue_calls_.set_mixed(call, true);
    for (const LegId id : legs_.ids()) {
        Leg& leg = *legs_.find(id);
        const bool alone = std::holds_alternative<media::HearConference>(leg.hears) && !of(leg);
        if (alone && leg.call) dissolve(leg.call);
    }
}

}  // namespace holdfast::engine
