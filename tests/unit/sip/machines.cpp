// Every state machine of the room, walked through all it can do.
#include "sip/provisional_machines.hpp"
#include "sip/session_machines.hpp"
#include "sip/transaction_machines.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <utility>
#include <vector>

using namespace holdfast;
using namespace holdfast::sip;

namespace {

/// A room that remembers which deadlines run and what was done. Guards answer `holds_all`.
template <class M>
struct Room {
    bool holds_all = false;
    Set<typename M::Timer> running = M::at_start;
    Set<typename M::Action> done{};

    bool holds(typename M::Guard) const { return holds_all; }
    void start(typename M::Timer t) { running = running | Set{t}; }
    void stop(typename M::Timer t) { running = running - Set{t}; }
    void perform(typename M::Action a) { done = done | Set{a}; }
};

/// Every (state, running deadlines) a machine can get into, and every row it takes on the way.
template <class M>
struct Walk {
    using Place = std::pair<typename M::State, Set<typename M::Timer>>;
    std::set<Place> places{{typename M::State{}, M::at_start}};
    std::set<const typename M::Row*> rows;
    Set<typename M::Action> done;

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
        for (const bool holds : {false, true}) {
            auto state = from;
            Room<M> room{holds, running};
            rows.insert(step<M>(state, cause, room));
            done = done | room.done;
            if (places.emplace(state, room.running).second) open.emplace_back(state, room.running);
        }
    }
};

}  // namespace

#define ALL_MACHINES                                                                              \
    invite_client::Machine, other_client::Machine, invite_server::Machine, other_server::Machine, \
        life::Machine, exchange::Machine, assured::Machine, heard::Machine

TEMPLATE_TEST_CASE("every row is taken and every action done", "[sip][machine]", ALL_MACHINES) {
    using M = TestType;
    const Walk<M> walk;
    for (const auto& row : M::rows) {
        CAPTURE(text(row.from), text(row.to), row.on.index);
        CHECK(walk.rows.contains(&row));
    }
    CHECK(walk.done == Set<typename M::Action>::all());
}

TEMPLATE_TEST_CASE("every listed deadline is met where it is listed, and one always runs",
                   "[sip][machine]",
                   ALL_MACHINES) {
    using M = TestType;
    std::map<typename M::State, Set<typename M::Timer>> met;
    for (const auto& [state, running] : Walk<M>{}.places) {
        CAPTURE(text(state));
        met[state] = met[state] | running;
        CHECK((may_run<M>(state).bits == 0) == (running.bits == 0));
    }
    for (const auto state : every<typename M::State>)
        CHECK(met[state] == may_run<M>(state));
}

TEST_CASE("an INVITE is final once: no row leaves a final state for an earlier one",
          "[sip][machine]") {
    for (const auto& row : invite_client::Machine::rows) {
        if (row.from == invite_client::accepted || row.from == invite_client::completed)
            CHECK(row.to >= row.from);
    }
    for (const auto& row : life::Machine::rows)
        if (row.from >= life::confirmed) CHECK(row.to >= row.from);
}

TEST_CASE("CANCEL is sent only after a provisional response (RFC 3261 9.1)", "[sip][machine]") {
    for (const auto& row : life::Machine::rows)
        for (const auto action : row.actions)
            if (action == life::send_cancel)
                CHECK((row.from == life::proceeding ||
                       row.on.index == life::Machine::Cause{life::trying}.index ||
                       row.on.index == life::Machine::Cause{life::provisional}.index));
}

TEST_CASE("every way out of a standing dialog but the peer's BYE sends ours", "[sip][machine]") {
    for (const auto& row : life::Machine::rows) {
        if (row.from != life::confirmed && row.from != life::closing) continue;
        if (row.to != life::ending) continue;
        Set<life::Action> done;
        for (const auto action : row.actions)
            done = done | Set{action};
        CHECK(done.has(life::send_bye));
    }
}
