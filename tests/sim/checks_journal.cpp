// What must outlive a crash: the journal is the live state at every step, and the next life goes on
// where the last one ended.
#include "engine/records.hpp"
#include "sim/checks.hpp"

#include <algorithm>

namespace holdfast::sim {
namespace {

using Kind = engine::RecordKind;

const std::string* find(const Journal& journal, Kind kind, std::uint64_t id) {
    const auto it = journal.find({static_cast<std::uint8_t>(kind), id});
    return it == journal.end() ? nullptr : &it->second;
}

template <class Record>
void same(const Journal& journal, Kind kind, std::uint64_t id, const Record& live) {
    const auto* kept = find(journal, kind, id);
    must(kept != nullptr && *kept == engine::write_record(live),
         "the journal does not have {} {} as it is",
         text(kind),
         id);
}

std::vector<CallId> waiting(const acd::Floor& floor, QueueId queue) {
    std::vector<CallId> calls;
    for (const auto& key : floor.waiting(queue))
        calls.push_back(key.call);
    return calls;
}

}  // namespace

void Checks::journal(const engine::Engine& engine, const Journal& journal) const {
    const auto& floor = engine.floor();
    same(journal, Kind::floor, 0, floor.state());
    for (const CallId id : floor.calls())
        same(journal, Kind::call, id.value, *floor.call(id));
    const auto kept = std::ranges::count_if(journal, [](const auto& record) {
        return static_cast<Kind>(record.first.first) == Kind::call;
    });
    must(static_cast<std::size_t>(kept) == floor.call_count(),
         "the journal has a call of the past");
    for (std::uint32_t i = 1; i <= settings_.agents.size(); ++i) {
        const engine::AgentRecord live{floor.agent(AgentId{i}), floor.today(AgentId{i})};
        if (live.agent.lane.number > 1) same(journal, Kind::agent, i, live);
    }
    for (std::uint32_t i = 1; i <= settings_.queues.size(); ++i)
        same(journal, Kind::queue, i, floor.today(QueueId{i}));
    for (const auto& [row, content] : floor.uncommitted())
        same(journal, Kind::row, row, content);
}

void Checks::died(const engine::Engine& engine, Instant now) {
    held_since_.clear();  // boards count from what is in the journal
    const auto& floor = engine.floor();
    before_ = {};
    before_.died = now;
    for (const CallId id : floor.calls())
        before_.calls.emplace(id, *floor.call(id));
    for (std::uint32_t i = 1; i <= settings_.queues.size(); ++i)
        before_.waiting.push_back(waiting(floor, QueueId{i}));
}

void Checks::rose(const engine::Engine& engine) {
    const auto& floor = engine.floor();
    for (const auto& [id, call] : before_.calls) {
        // A number dialled just before may have to be dialled again.
        const bool dialled =
            call.kind == acd::CallKind::outbound && call.lane.state == acd::caller::setup;
        // A phone's registration may have ended while we were dead, and with it the last agent.
        const bool nobody = call.queue && floor.logged_in(call.queue) == 0 &&
                            settings_.queues[call.queue.value - 1].no_agent != acd::NoAgent::wait;
        // So may an agent's own number, until that agent's phone has been called.
        const bool just_called = !call.queue && call.lane.state == acd::caller::setup &&
                                 before_.died - call.lane.began < 50ms;
        must(dialled || just_called || nobody || floor.call(id) != nullptr,
             "call {} did not outlive the crash",
             id.value);
    }
    must(floor.call_count() <= before_.calls.size(), "a crash has made a call");
    for (const CallId id : floor.calls())
        must(gaps_.contains(floor.call(id)->journey), "call {} has no mark of the gap", id.value);
    gaps_.clear();
    for (std::uint32_t i = 1; i <= before_.waiting.size(); ++i) {
        auto then = before_.waiting[i - 1];
        const auto now = waiting(floor, QueueId{i});
        std::erase_if(then, [&](CallId id) { return std::ranges::find(now, id) == now.end(); });
        must(then == now, "queue {} stands in another order after the crash", i);
    }
}

}  // namespace holdfast::sim
