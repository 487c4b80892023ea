#include "acd/routing.hpp"

#include <algorithm>
#include <tuple>

namespace holdfast::acd {
namespace {

/// One queue's reading position: callers before `next` have their offer in this round.
struct Cursor {
    const QueueView* view = nullptr;
    std::set<WaitingKey>::const_iterator next;
    std::vector<AgentId> ready;  // still free, in the settings' order
};

std::vector<AgentId> ready_of(const QueueView& view, std::span<const Candidate> candidates) {
    std::vector<AgentId> ready;
    for (const AgentId agent : view.agents)
        if (candidates[agent.value - 1].ready) ready.push_back(agent);
    return ready;
}

AgentId choose(const Cursor& at, std::span<const Candidate> candidates, Random& random) {
    const auto of = [&](AgentId a) -> const Candidate& { return candidates[a.value - 1]; };
    const auto idlest = [&](AgentId a) { return std::tuple{of(a).idle_since, a}; };
    switch (at.view->strategy) {
        case Strategy::random:
            return at.ready[random.below(static_cast<std::uint32_t>(at.ready.size()))];
        case Strategy::fixed_order:
            return at.ready.front();
        case Strategy::fewest_calls:
            return *std::ranges::min_element(at.ready, {}, [&](AgentId a) {
                return std::tuple{of(a).handled, of(a).idle_since, a};
            });
        case Strategy::longest_idle:
        case Strategy::ring_all:
            break;
    }
    return *std::ranges::min_element(at.ready, {}, idlest);
}

/// The queue whose next caller is due first, among those with a caller and a ready agent.
Cursor* first_due(std::vector<Cursor>& cursors) {
    Cursor* best = nullptr;
    for (auto& c : cursors)
        if (c.next != c.view->waiting->end() && !c.ready.empty() &&
            (best == nullptr || *c.next < *best->next))
            best = &c;
    return best;
}

}  // namespace

std::vector<Match> route(std::span<const QueueView> queues,
                         std::span<Candidate> candidates,
                         Random& random) {
    std::vector<Cursor> cursors;
    for (const auto& view : queues) {
        if (view.waiting->empty()) continue;
        if (auto ready = ready_of(view, candidates); !ready.empty())
            cursors.push_back({&view, view.waiting->begin(), std::move(ready)});
    }
    std::vector<Match> matches;
    const auto take = [&](CallId call, AgentId agent) {
        matches.push_back({call, agent});
        candidates[agent.value - 1].ready = false;
        for (auto& c : cursors)
            std::erase(c.ready, agent);
    };
    while (Cursor* at = first_due(cursors)) {
        const CallId call = at->next->call;
        ++at->next;
        if (at->view->strategy != Strategy::ring_all) {
            take(call, choose(*at, candidates, random));
            continue;
        }
        for (const AgentId agent : std::vector{at->ready})
            take(call, agent);
    }
    return matches;
}

}  // namespace holdfast::acd
