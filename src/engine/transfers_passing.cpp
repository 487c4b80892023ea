// The way of a caller who is passed on, step by step: what the table of passing.hpp orders.
#include "engine/identity.hpp"
#include "engine/transfers.hpp"
#include "sip/writer.hpp"

#include <array>
#include <utility>

namespace holdfast::engine {
namespace {

// A target rings that long; then the sender's phone does, and then the queue has the caller again.
constexpr Micros target_rings = 30s;

}  // namespace

struct Transfers::Room {
    Transfers& transfers;
    DialId id;
    int status;
    bool nobody = false;  // The sender's phone cannot be called either.

    Dial& dial() const { return *transfers.dials_.find(id); }
    bool holds(passing::Guard) const { return true; }
    void start(passing::Timer timer) {
        const Micros span =
            timer == passing::park_limit ? transfers.context_.settings.park_limit : target_rings;
        dial().passing.due = transfers.context_.now + span;
        transfers.arm(dial());
    }
    void stop(passing::Timer timer) {
        // Both timers share one deadline: a state has one of them.
        if (!may_run<passing::Machine>(dial().passing.state).has(timer)) transfers.arm(dial());
    }
    void perform(passing::Action action) {
        auto& p = dial().passing;
        switch (action) {
            case passing::tell_trying:
                return transfers.notify(p.sender_leg, p.event, 100, false);
            case passing::tell_rang:
                return transfers.notify(p.sender_leg, p.event, 180, false);
            case passing::tell_done:
                return transfers.notify(p.sender_leg, p.event, 200, true);
            case passing::tell_failed:
                return transfers.notify(p.sender_leg, p.event, status, true);
            case passing::release_sender:
                if (p.of_colleague()) return transfers.part_with_colleague(dial());
                return transfers.end_leg(std::exchange(p.sender_leg, {}));
            case passing::stop_target:
                return transfers.dials_.stop_targets(dial());
            case passing::give_back:
                if (p.of_colleague()) return transfers.give_back(dial());
                return transfers.context_.floor.transfer_failed(p.call, transfers.context_.when());
            case passing::ring_sender:
                nobody = !transfers.ring_sender(dial());
                return;
            case passing::hand_over:
                if (p.of_colleague()) return transfers.hand_over_colleague(dial());
                return transfers.hand_over(dial());
            case passing::take_up:  // who fetches a caller has been given the caller
                if (p.of_colleague()) transfers.hand_over_colleague(dial());
                return;
            case passing::give_up:
                if (p.of_colleague()) return transfers.give_up_colleague(dial());
                return transfers.context_.floor.give_up(p.call, transfers.context_.when());
            case passing::tell_caller:
                return transfers.tell_caller(dial());
            case passing::refuse_caller:
                return transfers.refuse_caller(dial(), status);
        }
    }
};

void Transfers::step(DialId id, passing::Machine::Cause cause, int status) {
    Dial* dial = dials_.find(id);
    if (dial == nullptr || !dial->passing) return;
    Room room{*this, id, status};
    const auto* row = holdfast::step<passing::Machine>(dial->passing.state, cause, room);
    if (row == nullptr) return;
    dials_.touch(*dial);
    if (room.nobody) return step(id, passing::target_failed, 480);
    if (row->to != passing::over) return;
    if (const auto it = timers_.find(id); it != timers_.end()) {
        context_.deadlines.stop(it->second);
        timers_.erase(it);
    }
    if (dial->passing) dials_.forget(*dial);  // else two talk by it from now on
}

void Transfers::arm(const Dial& dial) {
    auto& timer = timers_[dial.id];
    const auto& p = dial.passing;
    if (may_run<passing::Machine>(p.state) == Set<passing::Timer>{})
        context_.deadlines.stop(timer);
    else
        context_.deadlines.arm(timer, p.due, {DeadlineOwner::dial, 0, dial.id.value});
}

void Transfers::deadline(DialId id) {
    const Dial* dial = dials_.find(id);
    if (dial == nullptr) return;
    const bool parked = dial->passing.state == passing::parked;
    step(id, parked ? passing::park_limit : passing::ring_limit, 480);
}

void Transfers::leg_gone(CallId call, LegId leg) {
    if (Dial* dial = passing_of(call); dial != nullptr && dial->passing.sender_leg == leg)
        step(dial->id, passing::sender_left);
}

void Transfers::call_over(CallId call) {
    if (Dial* dial = passing_of(call)) step(dial->id, passing::caller_left, 487);
}

Dial* Transfers::passing_of(CallId call) {
    for (const DialId id : dials_.ids())
        if (Dial* dial = dials_.find(id); call && dial->passing.call == call) return dial;
    return nullptr;
}

void Transfers::resume() {
    for (const DialId id : dials_.ids()) {
        Dial& dial = *dials_.find(id);
        if (!dial.passing) continue;
        const CallId call = dial.passing.call;
        if (call && context_.floor.call(call) == nullptr)
            step(id, passing::caller_left, 487);
        else
            arm(dial);
    }
}

// ---- Whom a caller is passed on to. -------------------------------------------------------------

Shown Transfers::shown_of(CallId id, AgentId sender) const {
    const auto* call = context_.floor.call(id);
    const auto& number = call->caller_number.empty() ? call->dialled : call->caller_number;
    return {call->caller_name.empty() ? number : call->caller_name,
            number,
            sender ? context_.settings.floor.agents[sender.value - 1].number : std::string{}};
}

void Transfers::show_caller(Leg& leg, CallId call) {
    show(leg, shown_of(call, leg.agent));
}

/// Who is at the other end now: by UPDATE where the phone takes it, else by re-INVITE.
void Transfers::show(Leg& leg, const Shown& shown) {
    const auto record = context_.sip.record(leg.session);
    if (!record) return;
    const auto host = own_host(context_.settings, record->hop.listener);
    const auto who = sip::name_addr(
        shown.display, own_uri(shown.number.empty() ? "anonymous" : shown.number, host));
    const std::array extra{sip::ExtraHeader{sip::Header::p_asserted_identity, who},
                           sip::ExtraHeader{sip::Header::remote_party_id,
                                            who + ";party=calling;privacy=off;screen=yes"}};
    if (context_.sip.peer_allows(leg.session, sip::Method::update))
        context_.sip.request_in_dialog(
            leg.session, sip::Method::update, extra, {}, {}, context_.now);
    else
        legs_.offer_again(leg, extra);
}

/// Begins to pass the caller on; whoever is called next is called by that dial.
Dial& Transfers::begin(const Wish& wish, CallId call) {
    accept(wish);
    conferring_.part(call);
    auto& dial = dials_.begin_passing(*queue_calls_.caller_leg(call),
                                      wish.agent,
                                      {{}, call, wish.agent, wish.leg, wish.event, {}, never});
    context_.floor.transfer_began(call, context_.when());
    // In a conference that was no hold; where nobody answers it will have been one.
    if (const Leg* own = legs_.find(wish.leg); own->agreed.peer_holds)
        context_.floor.agent_held(call, context_.when());
    step(dial.id, passing::target_called);
    return dial;
}

void Transfers::call_in(Leg& leg, const acd::Arrival& arrival, AgentId agent) {
    queue_calls_.arrived(leg, arrival);
    const CallId call = leg.call;
    if (context_.floor.call(call) == nullptr) return;  // refused: the centre drains
    auto& dial = dials_.begin_passing(leg, {}, {{}, call, {}, {}, {}, {}, never});
    const DialId id = dial.id;
    step(id, passing::caller_arrived);
    if (const int status = dials_.obstacle(agent, {}); status != 0)
        return step(id, passing::target_failed, status);
    dials_.ring_colleague(*dials_.find(id), agent, shown_of(call, {}));
}

void Transfers::tell_caller(const Dial& dial) {
    const Leg* caller = legs_.find(dial.from);
    if (caller != nullptr && !Legs::was_answered(*caller))
        context_.sip.progress(caller->session, 180, {}, context_.now);
}

/// The queue for who dialled an agent's own number and was not answered, if there is one.
QueueId Transfers::no_answer_queue(CallId id) const {
    const auto* call = context_.floor.call(id);
    if (call == nullptr || !call->trunk) return {};
    const auto to = inbound_destination(context_.settings, call->trunk, call->dialled);
    const auto* agent = std::get_if<ToAgent>(&to);
    return agent == nullptr ? QueueId{}
                            : context_.settings.floor.agents[agent->agent.value - 1].no_answer;
}

/// Nobody has answered.
void Transfers::refuse_caller(const Dial& dial, int status) {
    const CallId call = dial.passing.call;
    if (const QueueId queue = no_answer_queue(call))
        return context_.floor.not_reached(call, queue, context_.when());
    const auto code = static_cast<std::uint16_t>(status);
    if (Leg* caller = legs_.find(dial.from)) legs_.end(*caller, {}, status);
    context_.floor.customer_refused(call, code, context_.when());
}

void Transfers::to_agent(const Wish& wish, CallId call, AgentId agent) {
    if (const int status = dials_.obstacle(agent, wish.agent); status != 0)
        return finish(wish, status);
    dials_.ring_colleague(begin(wish, call), agent, shown_of(call, wish.agent));
}

void Transfers::to_outside(const Wish& wish, CallId call, const ToTrunk& to) {
    if (const int status = dials_.admit(wish.agent, to); status != 0) return finish(wish, status);
    dials_.ring_outside(begin(wish, call), to);
}

bool Transfers::ring_sender(Dial& dial) {
    const auto& p = dial.passing;
    // The parked caller had nobody; from now on somebody is called.
    if (p.call && context_.floor.call(p.call)->lane.state == acd::caller::parked)
        context_.floor.transfer_began(p.call, context_.when());
    if (dials_.obstacle(p.sender, {}) != 0) return false;
    auto shown = p.call ? shown_of(p.call, p.sender) : shown_of(dial.caller, p.sender);
    shown.display = "Back: " + shown.display;
    dial.answered = false;
    dials_.ring_colleague(dial, p.sender, shown);
    return true;
}

/// Whoever answered has the caller.
void Transfers::hand_over(Dial& dial) {
    const CallId call = dial.passing.call;
    Leg* target = dial.to.empty() ? nullptr : legs_.find(dial.to.front());
    Leg* caller = legs_.find(dial.from);
    if (target == nullptr || caller == nullptr) return;
    dial.to.clear();
    if (const CallId customer = std::exchange(dial.call, {})) {
        context_.floor.customer_answered(customer, context_.when());
        target->call = customer;
        queue_calls_.bind(customer, target->id, {});
        join_outside(call, customer);
    } else {
        const AgentId colleague = std::exchange(dial.colleague, {});
        context_.floor.side_call_passed(colleague, false);
        answer_caller(*caller, *target);
        give(call, colleague, *target);
    }
}

/// A caller who has heard ringing so far.
void Transfers::answer_caller(Leg& caller, const Leg& target) {
    if (caller.outbound || Legs::was_answered(caller)) return;
    legs_.prefer_codecs_of(target, caller);
    legs_.answer(caller);
}

/// The caller is that agent's, at that leg.
void Transfers::give(CallId call, AgentId agent, Leg& leg) {
    context_.floor.took_over(call, agent, context_.when());
    seat(call, agent, leg);
}

void Transfers::seat(CallId call, AgentId agent, Leg& leg) {
    Leg& caller = *queue_calls_.caller_leg(call);
    leg.role = Role::agent;
    leg.call = call;
    leg.agent = agent;
    leg.dial = {};
    leg.offer = {};
    queue_calls_.bind(call, caller.id, leg.id);
    legs_.join(caller, leg);
}

void Transfers::join_outside(CallId call, CallId other) {
    context_.floor.join_outside(call, other, context_.when());
    Leg* one = queue_calls_.caller_leg(call);
    Leg* two = queue_calls_.caller_leg(other);
    for (Leg* leg : {one, two}) {
        leg->role = Role::caller;
        leg->dial = {};
        queue_calls_.bind(leg->call, leg->id, {});
    }
    legs_.join(*one, *two);
}

}  // namespace holdfast::engine
