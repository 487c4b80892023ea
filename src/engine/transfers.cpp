// Transfers without a word to the target before: where they go, and those that need nobody's
// answer, into a queue and to the park.
#include "engine/transfers.hpp"

#include <utility>

namespace holdfast::engine {
namespace {

int status_of(acd::RefusalCause why) {
    return why == acd::RefusalCause::full ? 486 : 480;
}

}  // namespace

Transfers::Transfers(Context& context, Legs& legs, QueueCalls& queue_calls, Dials& dials)
    : context_{context}, legs_{legs}, queue_calls_{queue_calls}, dials_{dials} {}

void Transfers::end_leg(LegId id) {
    if (Leg* leg = legs_.find(id)) legs_.end(*leg, "SIP;cause=200;text=\"Passed on\"", 487);
}

CallId Transfers::connected_call(const Leg& leg) const {
    const auto* call = context_.floor.call(leg.call);
    const bool has = call != nullptr && queue_calls_.agent_leg(leg.call) == &leg &&
                     acd::caller::connected.has(call->lane.state);
    return has ? leg.call : CallId{};
}

// ---- Without asking anybody. --------------------------------------------------------------------

void Transfers::blind(const Wish& wish) {
    const Leg& own = *legs_.find(wish.leg);
    const CallId call = connected_call(own);
    if (Dial* dial = dials_.find(own.dial); dial != nullptr && !call) return colleague(wish, *dial);
    if (!call) return answer(wish, 603);
    if (context_.floor.call(call)->lane.state == acd::caller::transferring)
        return answer(wish, 491);
    if (!context_.floor.may_pass(call)) {
        context_.log(LogLevel::warning, "call {}: passed on too often, it goes round", call.value);
        return answer(wish, 482);
    }
    const auto& settings = context_.settings;
    const auto service = settings.floor.agents[wish.agent.value - 1].class_of_service;
    const auto to = phone_destination(settings, service, wish.target);
    if (const auto* queue = std::get_if<ToQueue>(&to)) return to_queue(wish, call, queue->queue);
    if (const auto* agent = std::get_if<ToAgent>(&to)) return to_agent(wish, call, agent->agent);
    if (const auto* trunk = std::get_if<ToTrunk>(&to)) return to_outside(wish, call, *trunk);
    const auto* code = std::get_if<ToCode>(&to);
    if (code != nullptr && code->code == ToCode::Code::park) return to_park(wish, call, code->rest);
    finish(wish, 404);
}

void Transfers::to_queue(const Wish& wish, CallId call, QueueId queue) {
    if (const auto why = context_.floor.closed_to(queue, context_.now))
        return finish(wish, status_of(*why));
    finish(wish, 200);
    conferring_.part(call);
    context_.floor.send_to_queue(call, queue, context_.when());
    queue_calls_.bind(call, queue_calls_.caller_leg(call)->id, {});
    end_leg(wish.leg);
}

void Transfers::to_park(const Wish& wish, CallId call, const std::string& orbit) {
    if (parked_at(orbit) != nullptr) return finish(wish, 486);
    accept(wish);
    conferring_.part(call);
    const Leg& caller = *queue_calls_.caller_leg(call);
    auto& dial = dials_.begin_passing(
        caller, wish.agent, {{}, call, wish.agent, wish.leg, wish.event, orbit, never});
    const DialId id = dial.id;
    context_.floor.park(call, context_.when());
    step(id, passing::caller_parked, 200);
    queue_calls_.bind(call, caller.id, {});
}

Dial* Transfers::parked_at(const std::string& orbit) {
    for (const DialId id : dials_.ids()) {
        Dial* dial = dials_.find(id);
        if (dial->passing.state == passing::parked && dial->passing.orbit == orbit) return dial;
    }
    return nullptr;
}

void Transfers::fetch(Leg& leg, AgentId agent, const std::string& orbit) {
    Dial* dial = parked_at(orbit);
    constexpr Set free{acd::agent::not_ready, acd::agent::ready, acd::agent::wrapping};
    if (dial == nullptr) return legs_.end(leg, {}, 404);
    if (!agent || !free.has(context_.floor.agent(agent).lane.state)) return legs_.end(leg, {}, 486);
    leg.agent = agent;
    if (dial->passing.of_colleague()) return fetch_colleague(leg, agent, *dial);
    const CallId call = dial->passing.call;
    step(dial->id, passing::fetched);
    leg.local.codecs = queue_calls_.codecs_for_agent(*queue_calls_.caller_leg(call));
    legs_.answer(leg);
    give(call, agent, leg);
}

}  // namespace holdfast::engine
