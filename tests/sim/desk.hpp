// tests/sim/desk.hpp: an agent who talks with a caller, and colleagues, in virtual time.
#pragma once
#include "sim/world.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace holdfast::sim {

using Kinds = std::vector<std::string>;
using Lines = std::vector<std::string>;

/// A caller who talks with the first of some agents; the others answer within two seconds.
struct Desk {
    World w;

    explicit Desk(std::size_t agents = 2, engine::Settings settings = centre(3))
        // Nothing overtakes: what a phone says first is heard first.
        : w{31, std::move(settings), {.least_delay = 2ms, .most_delay = 2ms}} {
        for (auto& phone : w.phones)
            phone->decide = [](Random&) { return peers::Manner{.talks_for = 0s}; };
        w.run(1s);
        w.log_in(0);
        w.run(1s);
        w.carrier->call_in("0301234567", "100", {.hangs_up_after = 0s}, w.now);
        w.run(3s);
        REQUIRE(w.agent_state(0) == "talking");
        for (std::size_t i = 1; i < agents; ++i)
            w.log_in(i);
        w.run(1s);
    }
    peers::Phone& phone(std::size_t i) { return *w.phones[i]; }
    void consult(const char* number) {
        phone(0).hold_call(0, true, w.now);
        w.run(500ms);
        CHECK(w.agent_state(0) == "held");
        phone(0).dial(number, w.now);
        w.run(500ms);
        CHECK(w.agent_state(0) == "consult");
    }
    std::string caller_state() const {
        const auto calls = w.floor().calls();
        return calls.empty() ? "gone"
                             : std::string{text(w.floor().call(calls.front())->lane.state)};
    }
    /// The caller hangs up; what the ledger has is the same for both lanes.
    Kinds close() {
        w.carrier->hang_up_all(w.now);
        w.close();
        return w.checks().caller_kinds();
    }
};

inline const Kinds before{"setup", "queued", "ringing", "talking"};

inline Kinds then(std::initializer_list<const char*> more) {
    Kinds kinds = before;
    kinds.insert(kinds.end(), more.begin(), more.end());
    return kinds;
}

}  // namespace holdfast::sim
