#include "engine/conferences.hpp"

#include "base/limits.hpp"

#include <algorithm>
#include <set>
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

/// The same, of calls to the outside.
std::vector<CallId> Conferences::outsiders_of(AgentId agent) const {
    std::vector<CallId> ids;
    for (const CallId id : context_.floor.calls()) {
        const auto& call = *context_.floor.call(id);
        const bool talks = acd::caller::connected.has(call.lane.state) &&
                           call.lane.state != acd::caller::transferring;
        if (call.agent == agent && call.beside && talks && !call.passed.confers &&
            queue_calls_.agent_leg(id) != nullptr)
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

std::vector<const Leg*> Conferences::others(CallId conference) const {
    std::vector<const Leg*> legs;
    for (const DialId id : dials_of(conference))
        for (const LegId to : std::as_const(dials_).find(id)->to)
            if (const Leg* leg = std::as_const(legs_).find(to)) legs.push_back(leg);
    return legs;
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
    const auto outsiders = outsiders_of(leg.agent);
    const bool beside = std::ranges::find(consults, leg.dial) != consults.end() ||
                        std::ranges::find(outsiders, leg.call) != outsiders.end();
    if ((consults.empty() && outsiders.empty()) || (own != &leg && !beside)) return 603;
    const auto parties = 2 + dials_of(id).size() + consults.size() + outsiders.size();
    return parties > limits::conference_parties ? 486 : 0;
}

Leg* Conferences::other_leg(const Leg& leg) {
    const CallId call = context_.floor.agent(leg.agent).call;
    Leg* with_caller = queue_calls_.agent_leg(call);
    if (with_caller != &leg) return with_caller;
    Leg* any = nullptr;
    const auto consider = [&any](Leg* own) {
        if (own != nullptr && (any == nullptr || !own->agreed.peer_holds)) any = own;
    };
    for (const DialId id : consults_of(leg.agent))
        consider(legs_.find(ends_of(*dials_.find(id), leg.agent).own));
    for (const CallId id : outsiders_of(leg.agent))
        consider(queue_calls_.agent_leg(id));
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
    for (const CallId id : outsiders_of(agent)) {
        if (const LegId own = queue_calls_.agent_leg(id)->id; own != kept) ending.push_back(own);
        bring_in(id, agent, call);
    }
    legs_.keep_digits(keep, context_.settings.codes.in_call);
    queue_calls_.set_mixed(call, true);
    if (queue_calls_.agent_leg(call) != &keep)
        needs_.resume_at(call, keep);
    else if (acd::agent_holds(context_.floor.call(call)->hold))
        context_.floor.agent_resumed(call, context_.when());  // who holds steps out from here on
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

/// The outsider keeps its call, which has no leg of the agent's any more.
void Conferences::bring_in(CallId outsider, AgentId agent, CallId call) {
    Leg& leg = *queue_calls_.caller_leg(outsider);
    dials_.begin_place(leg, agent, call);
    queue_calls_.bind(outsider, leg.id, {});
    context_.floor.outsider_joined(outsider, context_.when());
}

/// Everybody hears everybody, but who holds.
void Conferences::arrange(CallId conference) {
    const auto all = members(conference);
    for (const LegId id : all)
        legs_.separate(*legs_.find(id));
    for (const LegId id : all)
        place(*legs_.find(id), conference);
    needs_.changed(conference);
}

void Conferences::place(Leg& leg, CallId conference) {
    if (leg.agreed.peer_holds)
        legs_.hear(leg, media::HearNothing{});
    else
        legs_.hear(leg, media::HearConference{ConferenceId{conference.value}});
}

// ---- Meanwhile. ---------------------------------------------------------------------------------

void Conferences::hold_changed(Leg& leg) {
    const CallId conference = of(leg);
    place(leg, conference);
    needs_.changed(conference);
    const bool holds = leg.agreed.peer_holds;
    const auto when = context_.when();
    const Dial* dial = dials_.find(leg.dial);
    const CallId outside = queue_calls_.caller_leg(conference) == &leg ? conference
                           : dial != nullptr && dial->from != leg.id   ? dial->call
                                                                       : CallId{};
    if (outside)
        return holds ? context_.floor.caller_held(outside, when)
                     : context_.floor.caller_resumed(outside, when);
    // To step out is no hold: the caller goes on talking. Only one from before comes to its end.
    const auto* call = context_.floor.call(conference);
    if (!holds && call != nullptr && queue_calls_.agent_leg(conference) == &leg &&
        acd::agent_holds(call->hold))
        context_.floor.agent_resumed(conference, when);
}

void Conferences::resume() {
    std::set<CallId> placed;
    for (const DialId id : dials_.ids()) {
        const Dial& dial = *dials_.find(id);
        if (context_.floor.call(dial.conference) != nullptr)
            queue_calls_.set_mixed(dial.conference, true);
        if (dial.conference) placed.insert(dial.call);
    }
    // Settings have changed, and took a place with them.
    for (const CallId id : context_.floor.calls())
        if (context_.floor.call(id)->passed.confers && !placed.contains(id))
            context_.floor.outsider_ended(id, context_.when());
    for (const LegId id : legs_.ids()) {
        Leg& leg = *legs_.find(id);
        const bool alone = std::holds_alternative<media::HearConference>(leg.hears) && !of(leg);
        if (alone && leg.call) dissolve(leg.call);
    }
}

}  // namespace holdfast::engine
