// Offers: one caller is bound to exactly one agent, whatever crosses on the wire.
#include "acd/floor.hpp"
#include "base/ensure.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::acd {

/// Remembers what the offer's table orders; the floor acts on it when the step is done, because
/// acting may drop the offer.
struct Floor::OfferRoom {
    Set<offer::Action> ordered{};
    Set<offer::Timer> stopped{};

    bool holds(offer::Guard) const { return true; }
    void start(offer::Timer) {}
    void stop(offer::Timer timer) { stopped = stopped | Set{timer}; }
    void perform(offer::Action action) { ordered = ordered | Set{action}; }
};

OfferId Floor::make_offer(const Match& match, Instant now) {
    auto& c = entry(match.call);
    auto& a = entry(match.agent);
    if (c.waiting) stop_waiting(c);
    const OfferId id{state_.next_offer++};
    changed_.floor = true;
    const auto& s = queue_settings(c.call.queue);
    c.call.offers.push_back({id, match.call, match.agent, a.agent.device, {}, now + s.ring_time});
    auto& ring = c.rings.emplace_back(id, Timer{});
    deadlines_.arm(ring.second, now + s.ring_time, {DeadlineOwner::offer, 0, id.value});
    offers_.emplace(id, match.call);
    const Instant at = together({now, now}, &c, &a);
    step_agent(a, LaneEvent::offer_made, at);
    a.agent.call = match.call;
    a.agent.journey = c.call.journey;
    a.agent.offer = id;
    a.agent.queue = c.call.queue;
    a.agent.wrap_up = s.wrap_up;
    step_caller(c, LaneEvent::offer_made, at);
    touch(c);
    return id;
}

void Floor::ring(const Match& match, Instant now) {
    const OfferId id = make_offer(match, now);
    const auto& c = entry(match.call).call;
    const DeviceId device = entry(match.agent).agent.device;
    effects_.push_back(RingPhone{id, match.call, match.agent, device, c.queue, now - c.entered});
}

OfferId Floor::pick_up(CallId id, AgentId agent, When when) {
    const auto* c = find(id);
    const auto& a = entry(agent).agent;
    const bool can = a.lane.state == agent::ready && !a.device_lost;
    if (c == nullptr || !can || c->call.lane.state != caller::ringing) return {};
    return make_offer({id, agent}, when.now);
}

Offer* Floor::find_offer(CallEntry& c, OfferId id) {
    const auto it = std::ranges::find(c.call.offers, id, &Offer::id);
    return it == c.call.offers.end() ? nullptr : &*it;
}

void Floor::drop_offer(CallEntry& c, OfferId id) {
    std::erase_if(c.call.offers, [&](const Offer& o) { return o.id == id; });
    std::erase_if(c.rings, [&](auto& ring) {
        if (ring.first != id) return false;
        deadlines_.stop(ring.second);
        return true;
    });
    offers_.erase(id);
    touch(c);
}

void Floor::offer_event(OfferId id, offer::Event event, When when, std::uint16_t status) {
    const auto at = offers_.find(id);
    if (at == offers_.end()) return;  // withdrawn before: the phone's answer came too late
    offer_step(entry(at->second), id, event, when, status, Withdrawal::agent_lost);
}

void Floor::phone_rang(OfferId id, When when) {
    offer_event(id, offer::phone_rang, when, 0);
}
void Floor::phone_answered(OfferId id, When when) {
    offer_event(id, offer::phone_answered, when, 0);
}
void Floor::phone_refused(OfferId id, std::uint16_t sip_status, When when) {
    offer_event(id, offer::phone_refused, when, sip_status);
}
void Floor::phone_failed(OfferId id, std::uint16_t sip_status, When when) {
    offer_event(id, offer::phone_failed, when, sip_status);
}

void Floor::offer_step(CallEntry& c,
                       OfferId id,
                       offer::Machine::Cause cause,
                       When when,
                       std::uint16_t status,
                       Withdrawal why) {
    Offer* o = find_offer(c, id);
    if (o == nullptr) return;
    OfferRoom room;
    if (step<offer::Machine>(o->state, cause, room) == nullptr) return;
    touch(c);
    if (room.ordered.has(offer::cancel_phone)) effects_.push_back(CancelPhone{id, why});
    if (room.ordered.has(offer::tell_rang)) {
        auto& a = entry(o->agent);
        step_agent(a, LaneEvent::phone_rang, together(when, nullptr, &a));
    }
    if (room.ordered.has(offer::tell_answered)) won(c, id, when);
    if (room.ordered.has(offer::tell_missed))
        offer_result(c, id, LaneEvent::offer_missed, when, status);
    if (room.ordered.has(offer::tell_refused))
        offer_result(c, id, LaneEvent::offer_refused, when, status);
    if (room.ordered.has(offer::tell_unreachable))
        offer_result(c, id, LaneEvent::agent_lost, when, status);
}

/// An offer came to nothing. The caller goes back when it was the last one open.
void Floor::offer_result(
    CallEntry& c, OfferId id, LaneEvent event, When when, std::uint16_t status) {
    auto& a = entry(find_offer(c, id)->agent);
    const Instant at = together(when, &c, &a);
    if (event == LaneEvent::offer_missed) ++entry(c.call.queue).today.missed_offers;
    if (c.call.offers.size() == 1) step_caller(c, event, at, status);
    step_agent(a, event, at, status);
    after_call(a, at);
    drop_offer(c, id);
    if (c.call.offers.empty()) return_to_queue(c);
}

void Floor::won(CallEntry& c, OfferId id, When when) {
    auto& a = entry(find_offer(c, id)->agent);
    Instant at = together(when, &c, &a);
    if (c.call.passed.dialler)
        at = together({at, when.now}, nullptr, &entry(c.call.passed.dialler));
    withdraw_all(c, id, Withdrawal::answered_elsewhere, LaneEvent::offer_withdrawn, at);
    for (auto& [offer, timer] : c.rings)
        deadlines_.stop(timer);
    find_offer(c, id)->ring_limit = never;
    c.call.agent = a.agent.id;
    c.call.hold = hold::talking;
    step_caller(c, LaneEvent::agent_answered, at);
    step_agent(a, LaneEvent::agent_answered, at);
    ++a.today.handled;
    c.call.returned = false;
    touch(a);
    effects_.push_back(ConnectCall{c.call.id, id});
    dialler_answered(c, {at, when.now});
}

/// Ends every offer of the call except `but`.
void Floor::withdraw_all(CallEntry& c, OfferId but, Withdrawal why, LaneEvent event, Instant at) {
    for (const Offer& o : std::vector(c.call.offers)) {
        if (o.id == but) continue;
        auto& a = entry(o.agent);
        const bool open = o.state != offer::won && o.state != offer::over;
        if (open) {
            effects_.push_back(CancelPhone{o.id, why});
            step_agent(a, event, at);
            after_call(a, at);
        }
        drop_offer(c, o.id);
    }
}

}  // namespace holdfast::acd
