// tests/support/machine_walk.hpp: walks a machine's table over every state and every set of running
// deadlines, so that each room can test its tables with one line.
#pragma once
#include "base/machine.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <utility>
#include <vector>

namespace holdfast::test {

/// A room that only remembers which deadlines run. One guard holds: `always` stands for none.
template <class M>
struct WalkRoom {
    typename M::Guard holding = M::Guard::always;
    Set<typename M::Timer> running = M::at_start;

    bool holds(typename M::Guard guard) const { return guard == holding; }
    void start(typename M::Timer t) { running = running | Set{t}; }
    void stop(typename M::Timer t) { running = running - Set{t}; }
    void perform(typename M::Action) {}
};

/// Every (state, running deadlines) a machine can get into, and every row it takes on the way.
template <class M>
struct Walk {
    using Place = std::pair<typename M::State, Set<typename M::Timer>>;
    std::set<Place> places{{typename M::State{}, M::at_start}};
    std::set<const typename M::Row*> rows;

    Walk() {
        std::vector<Place> open(places.begin(), places.end());
        while (!open.empty()) {
            const auto [state, running] = open.back();
            open.pop_back();
            for (const auto event : every<typename M::Event>)
                visit(state, running, event, open);
            for (const auto timer : every<typename M::Timer>)
                if (running.has(timer)) visit(state, running - Set{timer}, timer, open);
        }
    }

private:
    void visit(typename M::State from,
               Set<typename M::Timer> running,
               typename M::Cause cause,
               std::vector<Place>& open) {
        for (const auto holding : every<typename M::Guard>) {
            auto state = from;
            WalkRoom<M> room{holding, running};
            rows.insert(step<M>(state, cause, room));
            if (places.emplace(state, room.running).second) open.emplace_back(state, room.running);
        }
    }
};

/// Every row can be taken, every name is used, every listed deadline is met, and a state that may
/// have deadlines never waits without one.
template <class M>
void check_table() {
    const Walk<M> walk;
    Set<typename M::Guard> guards;
    Set<typename M::Action> actions;
    guards = guards | Set{M::Guard::always};
    for (const auto& row : M::rows) {
        CAPTURE(text(row.from), row.on.index, text(row.to));
        CHECK(walk.rows.contains(&row));
        guards = guards | Set{row.when};
        for (const auto action : row.actions)
            actions = actions | Set{action};
    }
    CHECK(guards == Set<typename M::Guard>::all());
    CHECK(actions == Set<typename M::Action>::all());
    std::map<typename M::State, Set<typename M::Timer>> met;
    for (const auto& [state, running] : walk.places) {
        CAPTURE(text(state));
        CHECK((may_run<M>(state).bits == 0) == (running.bits == 0));
        met[state] = met[state] | running;
    }
    for (const auto state : every<typename M::State>) {
        CAPTURE(text(state));
        REQUIRE(met.contains(state));
        CHECK(met[state] == may_run<M>(state));
    }
}

}  // namespace holdfast::test
