// A caller's way: arrival, queue, announcements, connected call, end.
#include "acd/floor.hpp"
#include "base/ensure.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::acd {

Floor::CallEntry& Floor::new_call(CallKind kind, When when) {
    const CallId id{state_.next_call++};
    changed_.floor = true;
    auto& c = calls_[id];
    c.call.id = id;
    c.call.kind = kind;
    c.call.journey = new_uuid(when.at);
    c.call.lane.began = when.at;
    touch(c);
    return c;
}

CallId Floor::caller_arrived(const Arrival& arrival, When when) {
    if (arrival.dialler) when.at = together(when, nullptr, &entry(arrival.dialler));
    auto& c = new_call(CallKind::queue, when);
    auto& call = c.call;
    call.caller_number = arrival.number;
    call.caller_name = arrival.name;
    call.dialled = arrival.dialled;
    call.trunk = arrival.trunk;
    call.entered = when.at;
    add_row(JourneyOpened{call.journey,
                          call.caller_number,
                          call.caller_name,
                          call.dialled,
                          call.trunk ? settings_.trunks[call.trunk.value - 1] : std::string{},
                          false,
                          when.at,
                          stamp_of(when.at)});
    const CallId id = call.id;
    call.passed.dialler = arrival.dialler;
    call.passed.dialler_talks = arrival.dialler_talked;
    if (arrival.dialler && !arrival.dialler_talked) side_call_began(arrival.dialler, false, when);
    if (arrival.queue)
        place(c, arrival.queue, when);
    else if (state_.draining)
        refuse(c, RefusalCause::draining, when);
    return id;
}

void Floor::not_reached(CallId id, QueueId queue, When when) {
    auto* c = find(id);
    if (c != nullptr && c->call.lane.state == caller::setup) place(*c, queue, when);
}

Floor::Obstacle Floor::obstacle(QueueId queue) const {
    const auto& s = queue_settings(queue);
    const auto& q = queues_[queue.value - 1];
    if (!is_open(queue, now_)) return Obstacle::closed;
    if (q.waiting.size() >= s.capacity) return Obstacle::full;
    if (q.logged_in == 0 && s.no_agent != NoAgent::wait) return Obstacle::no_agent;
    return Obstacle::none;
}

/// Finds the queue that takes the caller, along the overflow targets; a circle of them ends after
/// as many steps as there are queues.
void Floor::place(CallEntry& c, QueueId queue, When when) {
    now_ = when.now;
    if (state_.draining) return refuse(c, RefusalCause::draining, when);
    QueueId at = queue;
    for (std::size_t hops = 0; hops <= queues_.size(); ++hops) {
        const auto why = obstacle(at);
        if (why == Obstacle::none) {
            c.call.queue = at;
            return enter_queue(c, when);
        }
        const auto& s = queue_settings(at);
        const bool follow = why != Obstacle::no_agent || s.no_agent == NoAgent::overflow;
        if (s.overflow && follow) {
            at = s.overflow;
            continue;
        }
        break;
    }
    c.call.queue = queue;
    const auto why = obstacle(queue);
    if (why == Obstacle::closed && queue_settings(queue).has_closed_announcement) {
        c.call.closing = true;
        step_caller(c, LaneEvent::announcement_began, together(when, &c, nullptr));
        effects_.push_back(AnswerCaller{c.call.id});
        effects_.push_back(PlayToCaller{c.call.id, Playing::closed, queue});
        return;
    }
    refuse(c,
           why == Obstacle::closed ? RefusalCause::closed
           : why == Obstacle::full ? RefusalCause::full
                                   : RefusalCause::no_agent,
           when);
}

void Floor::enter_queue(CallEntry& c, When when) {
    const auto& s = queue_settings(c.call.queue);
    const Instant at = together(when, &c, nullptr);
    c.call.priority = s.priority;
    if (s.answer == AnswerWhen::on_entry) effects_.push_back(AnswerCaller{c.call.id});
    if (s.has_greeting && c.call.lane.state == caller::setup) {
        step_caller(c, LaneEvent::announcement_began, at);
        effects_.push_back(PlayToCaller{c.call.id, Playing::greeting, c.call.queue});
        return;
    }
    c.call.visit_began = at;
    step_caller(c, LaneEvent::queue_entered, at);
    ++entry(c.call.queue).today.offered;
    effects_.push_back(PlayToCaller{c.call.id, Playing::music, c.call.queue});
    wait(c);
}

/// Puts the caller on the waiting list and starts the clocks of waiting.
void Floor::wait(CallEntry& c) {
    const auto& s = queue_settings(c.call.queue);
    c.waiting =
        WaitingKey{!c.call.returned, c.call.entered - s.ageing * c.call.priority, c.call.id};
    entry(c.call.queue).waiting.add(*c.waiting);
    set_deadline(c, CallTimer::longest_wait, c.call.visit_began + s.longest_wait);
    if (s.has_comfort) set_deadline(c, CallTimer::comfort, c.call.lane.began + s.comfort_every);
    unsettled_ = true;
    touch(c.call.queue);
    touch(c);
}

void Floor::stop_waiting(CallEntry& c) {
    if (!c.waiting) return;
    entry(c.call.queue).waiting.remove(*c.waiting);
    c.waiting.reset();
    set_deadline(c, CallTimer::longest_wait, never);
    set_deadline(c, CallTimer::comfort, never);
    touch(c.call.queue);
}

/// After an offer came to nothing, or the agent was lost: at the head, with the entry time kept.
void Floor::return_to_queue(CallEntry& c) {
    c.call.returned = true;
    c.call.agent = {};
    wait(c);
}

/// To the overflow queue with the entry time kept, or away where there is none.
void Floor::divert(CallEntry& c, When when) {
    now_ = when.now;
    const QueueId from = c.call.queue;
    const QueueId to = queue_settings(from).overflow;
    const bool waited = c.call.lane.state == caller::queued;
    ensure(waited, "only a waiting caller is diverted");
    const bool refuses =
        queue_settings(from).no_agent == NoAgent::refuse && entry(from).logged_in == 0;
    if (!to || refuses || obstacle(to) != Obstacle::none) {
        const bool empty =
            entry(from).logged_in == 0 && queue_settings(from).no_agent != NoAgent::wait;
        return refuse(c, empty ? RefusalCause::no_agent : RefusalCause::waited_too_long, when);
    }
    move_to(c, to, when);
}

/// A caller who waits is put into another queue, with the first entry's time.
void Floor::move_to(CallEntry& c, QueueId to, When when) {
    stop_waiting(c);
    const Instant at = together(when, &c, nullptr);
    step_caller(c, LaneEvent::queue_changed, at);
    ++entry(c.call.queue).today.diverted_out;
    c.call.queue = to;
    c.call.priority = queue_settings(to).priority;
    c.call.visit_began = at;
    c.call.counted = false;
    ++entry(to).today.diverted_in;
    ++entry(to).today.offered;
    effects_.push_back(PlayToCaller{c.call.id, Playing::music, to});
    wait(c);
}

void Floor::refuse(CallEntry& c, RefusalCause why, When when) {
    stop_waiting(c);
    step_caller(c, LaneEvent::call_refused, together(when, &c, nullptr));
    effects_.push_back(RefuseCaller{c.call.id, why});
    forget(c);
}

void Floor::forget(CallEntry& c) {
    ensure(c.call.lane.state == caller::closed, "a call is forgotten when its lane is closed");
    stop_waiting(c);
    for (auto& timer : c.timers)
        deadlines_.stop(timer);
    for (auto& [id, timer] : c.rings) {
        deadlines_.stop(timer);
        offers_.erase(id);
    }
    touch(c);
    effects_.push_back(CallOver{c.call.id});
    const auto passed = c.call.passed;
    // No earlier than the dialler's own lane was cut last, which may be later than this call's.
    const When ended{c.call.lane.began, never};
    calls_.erase(c.call.id);
    if (passed.dialler)
        side_call_ended(passed.dialler, passed.dialler_talks && !passed.dialler_holds, ended);
}

void Floor::announcement_ended(CallId id, When when) {
    auto* c = find(id);
    if (c == nullptr) return;
    if (c->call.lane.state == caller::queued) {
        effects_.push_back(PlayToCaller{id, Playing::music, c->call.queue});
        return;
    }
    if (c->call.lane.state != caller::announced) return;
    if (c->call.closing) return refuse(*c, RefusalCause::closed, when);
    enter_queue(*c, when);
}

void Floor::wait_too_long(CallEntry& c, Instant now) {
    divert(c, {now, now});
}

void Floor::comfort(CallEntry& c, Instant now) {
    effects_.push_back(PlayToCaller{c.call.id, Playing::comfort, c.call.queue});
    set_deadline(c, CallTimer::comfort, now + queue_settings(c.call.queue).comfort_every);
}

void Floor::set_deadline(CallEntry& c, CallTimer timer, Instant at) {
    const auto i = static_cast<std::size_t>(timer);
    c.call.due[i] = at;
    if (at == never)
        deadlines_.stop(c.timers[i]);
    else
        deadlines_.arm(c.timers[i],
                       at,
                       {DeadlineOwner::call, static_cast<std::uint8_t>(timer), c.call.id.value});
    touch(c);
}

void Floor::caller_left(CallId id, When when, std::uint16_t sip_status) {
    auto* c = find(id);
    if (c == nullptr) return;
    const AgentId who = c->call.agent;
    const Instant at = together(when, c, who ? &entry(who) : nullptr);
    const bool active = is_active(c->call);
    hold_step(*c, hold::leg_ended, {at, when.now});
    leave_agent(*c, LaneEvent::caller_left, at, sip_status, active);
    withdraw_all(*c, {}, Withdrawal::caller_left, LaneEvent::caller_left, at);
    stop_waiting(*c);
    step_caller(*c, LaneEvent::caller_left, at, sip_status);
    end_partner(*c, at);
    forget(*c);
}

/// Two outside who talk with each other: one is gone, the other is hung up.
void Floor::end_partner(CallEntry& c, Instant at) {
    auto* partner = find(std::exchange(c.call.passed.partner, {}));
    if (partner == nullptr) return;
    partner->call.passed.partner = {};
    hold_step(*partner, hold::leg_ended, {at, at});
    step_caller(*partner, LaneEvent::agent_left, at);
    effects_.push_back(HangUpCaller{partner->call.id});
    forget(*partner);
}

/// The agent's side of a connected call that ends by `event`, and its leg with it.
void Floor::leave_agent(
    CallEntry& c, LaneEvent event, Instant at, std::uint16_t status, bool active) {
    // An emergency call from a logged-out phone has a leg and no agent.
    const bool has_leg = c.call.agent || c.call.kind == CallKind::outbound;
    if (has_leg && event != LaneEvent::agent_left) effects_.push_back(HangUpAgent{c.call.id});
    if (!c.call.agent) return;
    auto& a = entry(c.call.agent);
    if (c.call.beside) return side_call_ended(c.call.agent, active, {at, at});
    if (a.agent.call != c.call.id) return;
    if (a.agent.lane.state == agent::dialing) {
        a.agent.call = {};
        side_call_ended(c.call.agent, false, {at, at});
    } else {
        step_agent(a, event, at, status);
    }
    after_call(a, at);
}

void Floor::agent_hung_up(CallId id, When when) {
    auto* c = find(id);
    if (c == nullptr) return;
    if (c->call.lane.state == caller::transferring) return sender_left(id, false, when);
    constexpr Set has_agent = caller::connected | Set{caller::setup, caller::outside};
    if (!has_agent.has(c->call.lane.state)) return;
    const AgentId who = c->call.agent;
    const Instant at = together(when, c, who ? &entry(who) : nullptr);
    const bool active = is_active(c->call);
    hold_step(*c, hold::leg_ended, {at, when.now});
    leave_agent(*c, LaneEvent::agent_left, at, 0, active);
    step_caller(*c, LaneEvent::agent_left, at);
    effects_.push_back(HangUpCaller{id});
    forget(*c);
}

void Floor::agent_lost(CallId id, When when) {
    auto* c = find(id);
    if (c == nullptr) return;
    if (c->call.lane.state == caller::transferring) return sender_left(id, true, when);
    if (!c->call.agent && c->call.kind == CallKind::queue) return;
    if (!c->call.agent || !c->call.queue) return agent_hung_up(id, when);
    const Instant at = together(when, c, &entry(c->call.agent));
    const bool active = is_active(c->call);
    hold_step(*c, hold::leg_ended, {at, when.now});
    leave_agent(*c, LaneEvent::agent_lost, at, 0, active);
    step_caller(*c, LaneEvent::agent_lost, at);
    if (!c->call.offers.empty()) drop_offer(*c, c->call.offers.front().id);
    c->call.hold = hold::talking;
    c->call.visit_began = at;  // the longest wait is counted anew: talk was no waiting
    effects_.push_back(PlayToCaller{id, Playing::music, c->call.queue});
    return_to_queue(*c);
}

CallId Floor::dialled_out(AgentId agent, const std::string& number, TrunkId trunk, When when) {
    AgentEntry* a = agent ? &entry(agent) : nullptr;
    const Instant at = together(when, nullptr, a);
    auto& c = new_call(CallKind::outbound, {at, when.now});
    auto& call = c.call;
    call.dialled = number;
    call.trunk = trunk;
    call.agent = agent;
    call.entered = at;
    add_row(JourneyOpened{call.journey,
                          {},
                          {},
                          number,
                          trunk ? settings_.trunks[trunk.value - 1] : std::string{},
                          true,
                          at,
                          stamp_of(at)});
    call.passed.sponsor = agent;
    call.beside = a != nullptr && agent::in_call.has(a->agent.lane.state);
    if (call.beside) side_call_began(agent, false, {at, when.now});
    if (a != nullptr && !call.beside) {
        step_agent(*a, LaneEvent::agent_dialled, at);
        a->agent.call = call.id;
        a->agent.journey = call.journey;
        a->agent.wrap_up = settings_.outbound_wrap_up;
        a->agent.side_calls = 1;
    }
    return call.id;
}

void Floor::customer_answered(CallId id, When when) {
    auto* c = find(id);
    if (c == nullptr) return;
    AgentEntry* a = c->call.agent ? &entry(c->call.agent) : nullptr;
    const Instant at = together(when, c, a);
    const bool was_dialled = c->call.lane.state == caller::setup;
    step_caller(*c, LaneEvent::customer_answered, at);
    if (was_dialled && a != nullptr && c->call.beside)
        return colleague_answered(c->call.agent, {at, when.now});
    if (!was_dialled || a == nullptr || a->agent.call != id) return;
    step_agent(*a, LaneEvent::customer_answered, at);
    // The caller's call now, not a call beside.
    if (a->agent.side_calls > 0) --a->agent.side_calls;
}

void Floor::customer_refused(CallId id, std::uint16_t sip_status, When when) {
    auto* c = find(id);
    if (c == nullptr) return;
    AgentEntry* a = c->call.agent ? &entry(c->call.agent) : nullptr;
    const Instant at = together(when, c, a);
    step_caller(*c, LaneEvent::call_refused, at, sip_status);
    if (a != nullptr && c->call.beside) {
        side_call_ended(c->call.agent, false, {at, when.now});
    } else if (a != nullptr && a->agent.call == id) {
        a->agent.call = {};
        side_call_ended(c->call.agent, false, {at, when.now});
        after_call(*a, at);
    }
    forget(*c);
}

}  // namespace holdfast::acd
