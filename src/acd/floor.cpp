#include "acd/floor.hpp"

#include "base/ensure.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::acd {

Floor::Floor(Settings settings, Deadlines& deadlines, Random& random)
    : settings_{std::move(settings)}, deadlines_{deadlines}, random_{random} {
    agents_.resize(settings_.agents.size());
    queues_.resize(settings_.queues.size());
    for (std::uint32_t i = 0; i < agents_.size(); ++i) {
        agents_[i].agent.id = AgentId{i + 1};
        agents_[i].agent.device = settings_.agents[i].bound_device;
        agents_[i].agent.pause_wished = !settings_.ready_after_login;
        for (const QueueId q : settings_.agents[i].queues)
            entry(q).agents.push_back(AgentId{i + 1});
    }
}

Floor::CallEntry* Floor::find(CallId id) {
    const auto it = calls_.find(id);
    return it == calls_.end() ? nullptr : &it->second;
}

Floor::CallEntry& Floor::entry(CallId id) {
    auto* c = find(id);
    ensure(c != nullptr, "the floor was told of a call it does not know");
    return *c;
}

void Floor::touch(CallEntry& c) {
    if (!std::exchange(c.changed, true)) changed_.calls.push_back(c.call.id);
}

void Floor::touch(AgentEntry& a) {
    if (!std::exchange(a.changed, true)) changed_.agents.push_back(a.agent.id);
}

void Floor::touch(QueueId id) {
    if (!std::exchange(entry(id).changed, true)) changed_.queues.push_back(id);
}

std::vector<Effect> Floor::take_effects() {
    return std::exchange(effects_, {});
}

Changed Floor::take_changed() {
    for (const CallId id : changed_.calls)
        if (auto* c = find(id)) c->changed = false;
    for (const AgentId id : changed_.agents)
        entry(id).changed = false;
    for (const QueueId id : changed_.queues)
        entry(id).changed = false;
    return std::exchange(changed_, {});
}

void Floor::committed(std::uint64_t row) {
    outbox_.erase(outbox_.begin(), outbox_.upper_bound(row));
}

const Call* Floor::call(CallId id) const {
    const auto it = calls_.find(id);
    return it == calls_.end() ? nullptr : &it->second.call;
}

const LedgerRow* Floor::row(std::uint64_t row) const {
    const auto it = outbox_.find(row);
    return it == outbox_.end() ? nullptr : &it->second;
}

AgentId Floor::agent_at(DeviceId device) const {
    for (const auto& a : agents_)
        if (a.agent.device == device && a.agent.lane.state != agent::logged_out) return a.agent.id;
    return {};
}

std::optional<Offer> Floor::offer(OfferId id) const {
    const auto at = offers_.find(id);
    if (at == offers_.end()) return std::nullopt;
    for (const auto& o : calls_.at(at->second).call.offers)
        if (o.id == id) return o;
    return std::nullopt;
}

std::vector<CallId> Floor::calls() const {
    std::vector<CallId> ids;
    ids.reserve(calls_.size());
    for (const auto& [id, entry] : calls_)
        ids.push_back(id);
    std::ranges::sort(ids);
    return ids;
}

/// Small corrections of the clock are no steps: the newest anchor then speaks for the past too.
void Floor::keep_anchor(const WallAnchor& anchor) {
    constexpr Micros least_step = 100ms;
    constexpr std::size_t most_past = 32;
    auto& before = state_.anchor;
    const auto off = anchor.wall - wall_of(before, anchor.at);
    const bool stepped = off > least_step || off < -least_step;
    if (before.at != Instant{} && (stepped || anchor.utc_offset_s != before.utc_offset_s)) {
        state_.past.push_back({before, anchor.at});
        if (state_.past.size() > most_past) state_.past.erase(state_.past.begin());
    }
    before = anchor;
    changed_.floor = true;
}

void Floor::anchor(const WallAnchor& anchor, Instant now) {
    keep_anchor(anchor);
    const auto utc = wall_of(anchor, now);
    const auto local = utc.time_since_epoch() + std::chrono::seconds{utc_offset_at(anchor, utc)};
    const auto day = std::chrono::floor<std::chrono::days>(local).count();
    if (std::exchange(state_.local_day, day) == day) return;
    changed_.floor = true;
    for (std::uint32_t i = 0; i < queues_.size(); ++i) {
        queues_[i].today = {};
        touch(QueueId{i + 1});
    }
    for (auto& a : agents_) {
        a.today = {};
        touch(a);
    }
}

void Floor::set_draining(bool draining) {
    state_.draining = draining;
    changed_.floor = true;
}

void Floor::close_queue(QueueId queue, bool closed) {
    std::erase(state_.closed, queue);
    if (closed) state_.closed.push_back(queue);
    changed_.floor = true;
    touch(queue);
}

bool Floor::is_closed_by_order(QueueId queue) const {
    return std::ranges::find(state_.closed, queue) != state_.closed.end();
}

bool Floor::is_open(QueueId queue, Instant now) const {
    const auto utc = wall_of(state_.anchor, now);
    return !is_closed_by_order(queue) &&
           open_at(queue_settings(queue).hours, utc, utc_offset_at(state_.anchor, utc));
}

std::size_t Floor::move_waiting(QueueId from, QueueId to, When when) {
    now_ = when.now;
    std::size_t moved = 0;
    const auto& waiting = entry(from).waiting;
    for (const WaitingKey& key : std::vector(waiting.begin(), waiting.end())) {
        if (obstacle(to) != Obstacle::none) break;
        move_to(entry(key.call), to, when);
        ++moved;
    }
    return moved;
}

/// What peers do has the instant at which the kernel had it. An offer is ours: it has the one at
/// which it is made and the phone is called, however long its cause had waited to be read. Nobody's
/// phone rang before.
void Floor::settle(Instant now) {
    while (std::exchange(unsettled_, false))
        settle_once(now);
}

void Floor::settle_once(Instant now) {
    std::vector<QueueView> views;
    for (std::uint32_t i = 0; i < queues_.size(); ++i) {
        const auto& q = queues_[i];
        const auto& s = settings_.queues[i];
        if (!q.waiting.empty() && q.logged_in == 0 && s.no_agent != NoAgent::wait)
            for (const WaitingKey& key : std::vector(q.waiting.begin(), q.waiting.end()))
                divert(entry(key.call), {now, now});
        if (!q.waiting.empty()) views.push_back({QueueId{i + 1}, s.strategy, &q.waiting, q.agents});
    }
    if (views.empty()) return;
    std::vector<Candidate> candidates;
    candidates.reserve(agents_.size());
    for (const auto& a : agents_)
        candidates.push_back({a.agent.id,
                              a.agent.lane.state == agent::ready && !a.agent.device_lost &&
                                  !devices_in_use_.contains(a.agent.device),
                              a.agent.idle_since,
                              a.today.handled});
    for (const Match& match : route(views, candidates, random_))
        ring(match, now);
}

void Floor::call_deadline(CallEntry& c, std::uint8_t timer, Instant now) {
    c.call.due[timer] = never;
    touch(c);
    switch (static_cast<CallTimer>(timer)) {
        case CallTimer::longest_wait:
            return wait_too_long(c, now);
        case CallTimer::comfort:
            return c.call.note.holding ? promise_due(c, now) : comfort(c, now);
        case CallTimer::hold_reminder:
            return held_long(c, now);
        case CallTimer::hold_alarm:
            return held_too_long(c, now);
        case CallTimer::dead_air:
            return silent_long(c, now);
        case CallTimer::mask_limit:
            return masked_too_long(c, now);
    }
}

void Floor::deadline(const DeadlineKey& key, Instant now) {
    if (key.owner == DeadlineOwner::call) {
        if (auto* c = find(CallId{key.id})) call_deadline(*c, key.what, now);
    } else if (key.owner == DeadlineOwner::agent) {
        auto& a = entry(AgentId{key.id});
        const Instant due = std::exchange(a.agent.due[key.what], never);
        const bool wrap = static_cast<AgentTimer>(key.what) == AgentTimer::wrap_limit;
        const Instant at = together({due, now}, nullptr, &a);
        step_agent(a, wrap ? agent::wrap_limit : agent::absence_limit, at);
    } else if (key.owner == DeadlineOwner::offer) {
        const auto at = offers_.find(OfferId{key.id});
        if (at == offers_.end()) return;
        offer_step(entry(at->second),
                   at->first,
                   offer::ring_limit,
                   {now, now},
                   0,
                   Withdrawal::ring_timeout);
    }
}

}  // namespace holdfast::acd
