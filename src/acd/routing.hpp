// acd/routing.hpp: who is offered to whom. A pure function of the waiting callers, the ready agents
// and a draw: all waiting calls are matched at once, by the event that made a match possible.
#pragma once
#include "acd/settings.hpp"
#include "acd/waiting_list.hpp"
#include "base/random.hpp"

#include <span>
#include <vector>

namespace holdfast::acd {

/// What routing may know of an agent.
struct Candidate {
    AgentId agent;
    bool ready = false;
    Instant idle_since{};
    std::uint64_t handled = 0;
};

struct QueueView {
    QueueId queue;
    Strategy strategy{};
    const WaitingList* waiting = nullptr;
    std::span<const AgentId> agents;  ///< Who serves it, in the settings' order.
};

struct Match {
    CallId call;
    AgentId agent;
    friend bool operator==(const Match&, const Match&) = default;
};

/// Offers to make now. `candidates[n - 1]` is AgentId n. The oldest key over all queues that have a
/// ready agent goes first; an agent gets one caller; ring_all gives one caller to every ready agent
/// of its queue. Cost: matches times queues, plus agents of the matched queues.
std::vector<Match> route(std::span<const QueueView> queues,
                         std::span<Candidate> candidates,
                         Random& random);

}  // namespace holdfast::acd
