// What is alive, and whether floor, legs and dialled calls say the same of each other. Only the
// simulator asks: every sentence here is a promise that its swarm holds the engine to.
#include "engine/engine_impl.hpp"

#include <algorithm>

namespace holdfast::engine {
namespace {

bool hears(const Leg& leg, const Leg& other) {
    const auto* endpoint = std::get_if<media::HearEndpoint>(&leg.hears);
    return endpoint != nullptr && endpoint->from == media_of(other.id);
}

std::string in_words(const Leg& leg) {
    return fmt::format("leg {} of session {}: {}, {}, state {}, call {}, dial {}",
                       leg.id.value,
                       leg.session.value,
                       text(leg.role),
                       leg.outbound ? "outbound" : "inbound",
                       leg.state,
                       leg.call.value,
                       leg.dial.value);
}

}  // namespace

std::string Engine::Impl::flaw_of_agents(const Leg& leg) {
    const bool has_the_call = queue_calls_.agent_leg(leg.call) == &leg;
    if (!leg.offer) return has_the_call ? "" : "it is nobody's leg";
    const auto offer = floor_.offer(leg.offer);
    if (!offer) return "its offer is over";
    return offer->state != acd::offer::won || has_the_call ? "" : "another won its offer";
}

/// What is wrong with one leg: nobody knows it any more, so nobody will ever end it.
std::string Engine::Impl::flaw_of(const Leg& leg) {
    if (Legs::is_over(leg)) return "it is over and still here";
    switch (leg.role) {
        case Role::caller:
            return queue_calls_.caller_leg(leg.call) == &leg ? "" : "its call does not know it";
        case Role::agent:
            return flaw_of_agents(leg);
        case Role::dialler:
        case Role::callee:
            return std::as_const(dials_).find(leg.dial) != nullptr ? "" : "its dial is over";
        case Role::recall:
            return floor_.call(leg.call) != nullptr ? "" : "it reminds of a call that is over";
        case Role::feature:
            break;
    }
    return {};
}

namespace {

bool hears_somebody(const Leg& leg) {
    return std::holds_alternative<media::HearEndpoint>(leg.hears);
}
/// In one conference, where who holds hears nothing meanwhile.
bool confer(const Leg& one, const Leg& other) {
    const auto* here = std::get_if<media::HearConference>(&one.hears);
    const auto* there = std::get_if<media::HearConference>(&other.hears);
    if (here != nullptr && there != nullptr) return here->conference == there->conference;
    return (here != nullptr && other.agreed.peer_holds) ||
           (there != nullptr && one.agreed.peer_holds) ||
           (one.agreed.peer_holds && other.agreed.peer_holds);
}
bool confers(const Leg& leg) {
    return std::holds_alternative<media::HearConference>(leg.hears) || leg.agreed.peer_holds;
}
bool hear_each_other(const Leg& one, const Leg& other) {
    return (hears(one, other) && hears(other, one)) || confer(one, other);
}

/// What is wrong between a caller and the agent who has the call.
std::string flaw_between(const acd::Call& call,
                         const Leg& caller,
                         const Leg* agent,
                         Settings::HoldMusic music) {
    if (call.passed.confers && agent == nullptr)
        return confers(caller) ? "" : "it is in a conference and does not hear it";
    if (agent == nullptr) return "an agent has it who has no leg";
    if (agent->agent != call.agent) return "its agent's leg is another's";
    const auto state = call.lane.state;
    const bool talks = state == acd::caller::talking || state == acd::caller::conference;
    if (talks) return hear_each_other(caller, *agent) ? "" : "its two do not hear each other";
    if (!hears_somebody(caller)) return {};
    const bool waits = state == acd::caller::held || state == acd::caller::consult;
    if (waits && music == Settings::HoldMusic::phone && hears(caller, *agent)) return {};
    return fmt::format("it is {} and the caller hears somebody", text(state));
}

}  // namespace

/// What is wrong between a caller and what the caller hears.
std::string Engine::Impl::flaw_of(const acd::Call& call) {
    const Leg* caller = queue_calls_.caller_leg(call.id);
    if (caller == nullptr) return "it has no caller's leg";
    const auto state = call.lane.state;
    if (state == acd::caller::setup && call.kind == acd::CallKind::outbound) return {};
    if (state == acd::caller::outside) {
        const Leg* partner = queue_calls_.caller_leg(call.passed.partner);
        if (partner == nullptr) return "it talks with nobody outside";
        return hear_each_other(*caller, *partner) ? "" : "the two outside do not hear each other";
    }
    const bool passed = state == acd::caller::transferring && !call.agent;
    if (!acd::caller::connected.has(state) || passed)
        return hears_somebody(*caller) ? "nobody has it and the caller hears somebody" : "";
    const auto music =
        call.queue ? settings_.sounds[call.queue.value - 1].hold_music : Settings::HoldMusic::ours;
    return flaw_between(call, *caller, queue_calls_.agent_leg(call.id), music);
}

std::string Engine::Impl::flaw() {
    for (const LegId id : legs_.ids())
        if (auto why = flaw_of(*legs_.find(id)); !why.empty())
            return fmt::format("{}: {}", in_words(*legs_.find(id)), why);
    for (const CallId id : floor_.calls())
        if (auto why = flaw_of(*floor_.call(id)); !why.empty())
            return fmt::format("call {}: {}", id.value, why);
    for (std::uint32_t i = 1; i <= settings_.trunks.size(); ++i) {
        const auto calls = std::ranges::count(
            legs_.ids(), TrunkId{i}, [this](LegId id) { return legs_.find(id)->trunk; });
        if (calls != legs_.calls_of(TrunkId{i}))
            return fmt::format(
                "trunk {} has {} calls and counts {}", i, calls, legs_.calls_of(TrunkId{i}));
    }
    return {};
}

Engine::Census Engine::Impl::census() {
    const auto recount = floor_.recount();
    const auto sip = sip_.counts();
    Census c;
    c.calls = floor_.call_count();
    c.legs = legs_.size();
    c.dials = dials_.size();
    c.sessions = sip.sessions;
    c.deadlines = deadlines_->size();
    c.client_transactions = sip.client_transactions;
    c.server_transactions = sip.server_transactions;
    c.uncommitted_rows = floor_.uncommitted().size();
    c.flaw = recount.sound ? flaw() : recount.flaw;
    c.sound = c.flaw.empty();
    for (const LegId id : legs_.ids()) {
        const Leg& leg = *legs_.find(id);
        if (c.a_leg.empty() || (!leg.media_open && c.unopened == 0)) c.a_leg = in_words(leg);
        c.unopened += leg.media_open ? 0 : 1;
    }
    return c;
}

}  // namespace holdfast::engine
