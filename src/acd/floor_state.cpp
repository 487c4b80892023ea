// The floor after a restart, and a recount of everything that is kept in two places.
#include "acd/floor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace holdfast::acd {

void Floor::restore(const Call& call) {
    auto& c = calls_[call.id];
    c.call = call;
    for (const Offer& o : call.offers) {
        offers_.emplace(o.id, call.id);
        c.rings.emplace_back(o.id, Timer{});
    }
}

void Floor::restore(const Agent& agent, const AgentToday& today) {
    auto& a = entry(agent.id);
    a.agent = agent;
    a.today = today;
}

void Floor::restore(QueueId queue, const QueueToday& today) {
    entry(queue).today = today;
}

QueueToday& QueueToday::operator+=(const QueueToday& more) {
    const auto counts = {&QueueToday::offered,
                         &QueueToday::answered,
                         &QueueToday::answered_in_target,
                         &QueueToday::abandoned,
                         &QueueToday::short_abandoned,
                         &QueueToday::refused,
                         &QueueToday::abandoned_on_hold,
                         &QueueToday::diverted_out,
                         &QueueToday::diverted_in,
                         &QueueToday::missed_offers};
    for (const auto count : counts)
        this->*count += more.*count;
    for (const auto time :
         {&QueueToday::wait_of_answered, &QueueToday::talk_measured, &QueueToday::dead_air})
        this->*time += more.*time;
    longest_wait = std::max(longest_wait, more.longest_wait);
    return *this;
}

AgentToday& AgentToday::operator+=(const AgentToday& more) {
    const auto counts = {&AgentToday::handled,
                         &AgentToday::missed,
                         &AgentToday::rejected,
                         &AgentToday::holds,
                         &AgentToday::holds_unexplained};
    for (const auto count : counts)
        this->*count += more.*count;
    for (const auto time : {&AgentToday::talk,
                            &AgentToday::hold,
                            &AgentToday::wrap,
                            &AgentToday::talk_measured,
                            &AgentToday::dead_air})
        this->*time += more.*time;
    return *this;
}

void Floor::add(QueueId queue, const QueueToday& more) {
    entry(queue).today += more;
    touch(queue);
}

void Floor::add(AgentId agent, const AgentToday& more) {
    auto& a = entry(agent);
    a.today += more;
    touch(a);
}

void Floor::mark(CallId call, MarkKind kind, Instant began, Instant ended) {
    const auto* c = find(call);
    if (c != nullptr) add_row(mark_of(c->call.journey, kind, began, ended));
}

void Floor::mark_gap(Instant last_alive, Instant now) {
    lost_sight(last_alive);
    last_alive = std::max(last_alive, std::exchange(state_.gap_until, now));
    changed_.floor = true;
    const auto begins = [&](const auto& lane) {
        return std::min(std::max(last_alive, lane.began), now);
    };
    for (const CallId id : calls())
        mark(id, MarkKind::degraded, begins(entry(id).call.lane), now);
    for (const auto& a : agents_)
        if (a.agent.lane.state != agent::logged_out)
            add_row(mark_of(a.agent.shift, MarkKind::degraded, begins(a.agent.lane), now));
}

void Floor::resume(Instant now) {
    lost_sight(now);
    for (const CallId id : calls()) {
        auto& c = entry(id);
        const auto due = c.call.due;
        if (c.call.lane.state == caller::queued) wait(c);
        for (std::size_t i = 0; i < due.size(); ++i)
            set_deadline(c, static_cast<CallTimer>(i), due[i]);
        for (auto& [offer, timer] : c.rings)
            if (const Offer* o = find_offer(c, offer); o->ring_limit != never)
                deadlines_.arm(timer, o->ring_limit, {DeadlineOwner::offer, 0, offer.value});
    }
    for (auto& a : agents_) {
        constexpr Set absent{agent::logged_out, agent::unreachable};
        if (!absent.has(a.agent.lane.state))
            for (const QueueId q : settings_.agents[a.agent.id.value - 1].queues)
                ++entry(q).logged_in;
        const auto due = a.agent.due;
        for (const auto timer : {AgentTimer::wrap_limit, AgentTimer::absence_limit})
            set_deadline(a, timer, due[static_cast<std::size_t>(timer)]);
    }
    unsettled_ = true;
    settle(now);
}

void Floor::Recount::must(bool holds, std::string otherwise) {
    if (!holds && sound) sound = false, flaw = std::move(otherwise);
}

void Floor::recount(const Call& call, bool listed, Recount& r) const {
    const auto id = call.id.value;
    const auto state = call.lane.state;
    const bool is_waiting = state == caller::queued;
    if (is_waiting) ++r.waiting[call.queue.value - 1];
    r.must(is_waiting == listed, fmt::format("call {} waits in no list", id));
    r.must(state != caller::closed, fmt::format("call {} is closed and still here", id));
    const auto open = std::ranges::count_if(call.offers, [](const Offer& o) {
        return o.state == offer::made || o.state == offer::ringing;
    });
    r.must((state == caller::ringing) == (open > 0),
           fmt::format("call {} is {} with {} open offers", id, text(state), open));
    for (const Offer& o : call.offers)
        r.must(agents_[o.agent.value - 1].agent.call == call.id,
               fmt::format("agent {} does not know offer {}", o.agent.value, o.id.value));
}

void Floor::recount(const Agent& a, Recount& r) const {
    const auto id = a.id.value;
    const auto state = a.lane.state;
    if (state != agent::logged_out && state != agent::unreachable)
        for (const QueueId q : settings_.agents[id - 1].queues)
            ++r.logged_in[q.value - 1];
    const Call* c = call(a.call);
    r.must(!agent::in_queue_call.has(state) || c != nullptr,
           fmt::format("agent {} is {} without a call", id, text(state)));
    if (c == nullptr || !agent::connected.has(state)) return;
    r.must(c->agent == a.id, fmt::format("agent {} talks to a call of another", id));
    r.must(text(state) == text(c->lane.state),
           fmt::format("agent {} is {}, its caller {}", id, text(state), text(c->lane.state)));
}

Floor::Recount Floor::recount() const {
    Recount r;
    r.waiting.resize(queues_.size());
    r.logged_in.resize(queues_.size());
    for (const auto& [id, c] : calls_)
        recount(c.call, c.waiting.has_value(), r);
    for (const auto& a : agents_)
        recount(a.agent, r);
    for (std::size_t i = 0; i < queues_.size(); ++i) {
        r.must(r.waiting[i] == queues_[i].waiting.size(), fmt::format("queue {}: waiting", i + 1));
        r.must(r.logged_in[i] == queues_[i].logged_in, fmt::format("queue {}: logged in", i + 1));
    }
    return r;
}

}  // namespace holdfast::acd
