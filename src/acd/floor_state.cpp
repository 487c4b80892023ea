// The floor after a restart, and a recount of everything that is kept in two places.
#include "acd/floor.hpp"

#include <fmt/format.h>

#include <algorithm>

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

void Floor::mark(CallId call, std::string_view kind, Instant began, Instant ended) {
    const auto* c = find(call);
    if (c != nullptr) add_row(MarkClosed{c->call.journey, std::string{kind}, began, ended});
}

void Floor::mark_gap(Instant last_alive, Instant now) {
    const auto begins = [&](const auto& lane) {
        return std::min(std::max(last_alive, lane.began), now);
    };
    for (const CallId id : calls())
        mark(id, "degraded", begins(entry(id).call.lane), now);
    for (const auto& a : agents_)
        if (a.agent.lane.state != agent::logged_out)
            add_row(MarkClosed{a.agent.shift, "degraded", begins(a.agent.lane), now});
}

void Floor::resume(Instant now) {
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
        for (std::size_t i = 0; i < due.size(); ++i)
            set_deadline(a, static_cast<AgentTimer>(i), due[i]);
    }
    unsettled_ = true;
    settle(now);
}

Floor::Recount Floor::recount() const {
    Recount r;
    r.waiting.resize(queues_.size());
    r.logged_in.resize(queues_.size());
    const auto flaw = [&](bool wrong, std::string what) {
        if (wrong && r.sound) r.sound = false, r.flaw = std::move(what);
    };
    for (const auto& [id, c] : calls_) {
        const auto state = c.call.lane.state;
        const bool waits = state == caller::queued;
        if (waits) ++r.waiting[c.call.queue.value - 1];
        flaw(waits != c.waiting.has_value(), fmt::format("call {} waits in no list", id.value));
        flaw(state == caller::closed, fmt::format("call {} is closed and still here", id.value));
        const auto open = std::ranges::count_if(c.call.offers, [](const Offer& o) {
            return o.state == offer::made || o.state == offer::ringing;
        });
        flaw((state == caller::ringing) != (open > 0),
             fmt::format("call {} is {} with {} open offers", id.value, text(state), open));
        for (const Offer& o : c.call.offers)
            flaw(agents_[o.agent.value - 1].agent.call != id,
                 fmt::format("agent {} does not know offer {}", o.agent.value, o.id.value));
    }
    for (const auto& a : agents_) {
        const auto state = a.agent.lane.state;
        if (state != agent::logged_out && state != agent::unreachable)
            for (const QueueId q : settings_.agents[a.agent.id.value - 1].queues)
                ++r.logged_in[q.value - 1];
        const Call* c = call(a.agent.call);
        flaw(agent::in_queue_call.has(state) && c == nullptr,
             fmt::format("agent {} is {} without a call", a.agent.id.value, text(state)));
        if (c == nullptr) continue;
        flaw(agent::connected.has(state) && c->agent != a.agent.id,
             fmt::format("agent {} talks to a call of another", a.agent.id.value));
        flaw(agent::connected.has(state) && text(state) != text(c->lane.state),
             fmt::format("agent {} is {}, its caller {}",
                         a.agent.id.value,
                         text(state),
                         text(c->lane.state)));
    }
    for (std::size_t i = 0; i < queues_.size(); ++i) {
        flaw(r.waiting[i] != queues_[i].waiting.size(), fmt::format("queue {}: waiting", i + 1));
        flaw(r.logged_in[i] != queues_[i].logged_in, fmt::format("queue {}: logged in", i + 1));
    }
    return r;
}

}  // namespace holdfast::acd
