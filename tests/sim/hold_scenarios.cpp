// Holds in virtual time: every form in which a phone says it, the caller's own, both at once.
#include "sim/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace holdfast;
using namespace holdfast::sim;
using Kinds = std::vector<std::string>;

namespace {

/// One agent in a call with one caller.
struct Talk {
    World w{21, centre(1)};

    explicit Talk(peers::Manner manner, peers::Patience patience = {.hangs_up_after = 60s}) {
        w.phones[0]->decide = [manner](Random&) { return manner; };
        w.run(1s);
        w.log_in(0);
        w.run(1s);
        w.carrier->call_in("0301234567", "100", patience, w.now);
        w.run(3s);
        REQUIRE(w.agent_state(0) == "talking");
    }
    /// Re-INVITEs and UPDATEs that went to the carrier.
    std::ptrdiff_t offers_to_carrier() const {
        return std::ranges::count_if(w.log(), [](const std::string& line) {
            return line.find("us -> carrier: INVITE") != std::string::npos ||
                   line.find("us -> carrier: UPDATE") != std::string::npos;
        });
    }
};

}  // namespace

SCENARIO("a phone holds in each form that phones know", "[sim]") {
    const auto form = GENERATE(peers::HoldForm::sendonly,
                               peers::HoldForm::inactive,
                               peers::HoldForm::zero_address,
                               peers::HoldForm::by_update);
    GIVEN("an agent in a call, whose phone says it once or twice") {
        const bool again = GENERATE(false, true);
        Talk t{{.talks_for = 30s,
                .holds_after = 2s,
                .holds_for = 5s,
                .holds_by = form,
                .holds_again = again}};
        t.w.narrate = true;
        WHEN("it holds") {
            t.w.run(3s);
            THEN("the caller hears music, the trunk hears nothing of it, and the ledger has it") {
                CHECK(t.w.agent_state(0) == "held");
                CHECK_FALSE(t.w.playing().empty());
                t.w.run(5s);
                CHECK(t.w.agent_state(0) == "talking");
                CHECK(t.w.playing().empty());
                CHECK(t.offers_to_carrier() == 0);
                t.w.close();
                CHECK(t.w.checks().caller_kinds() ==
                      Kinds{"setup", "queued", "ringing", "talking", "held", "talking"});
            }
        }
    }
}

SCENARIO("a session refresh is no hold and no resume", "[sim]") {
    GIVEN("sessions that are refreshed every 45 s, and an agent who holds for two minutes") {
        auto settings = centre(1);
        settings.session_expires = 90s;
        World w{22, settings};
        w.phones[0]->decide = [](Random&) {
            return peers::Manner{.talks_for = 150s, .holds_after = 2s, .holds_for = 120s};
        };
        w.run(1s);
        w.log_in(0);
        w.run(1s);
        w.carrier->call_in("0301234567", "100", {.hangs_up_after = 0s}, w.now);
        w.run(100s);
        THEN("it is one hold") {
            CHECK(w.agent_state(0) == "held");
            w.run(60s);
            w.close();
            CHECK(w.checks().caller_kinds() ==
                  Kinds{"setup", "queued", "ringing", "talking", "held", "talking"});
        }
    }
}

SCENARIO("the caller holds us", "[sim]") {
    GIVEN("a caller who holds, and an agent who does not") {
        Talk t{{.talks_for = 30s}, {.hangs_up_after = 60s, .holds_after = 3s, .holds_for = 4s}};
        t.w.run(2s);
        THEN("it is a mark on the agent's talk, not a hold of the agent's") {
            CHECK(t.w.floor().call(t.w.floor().calls().front())->hold == acd::hold::away);
            CHECK(t.w.agent_state(0) == "talking");
            t.w.close();
            CHECK(t.w.checks().caller_kinds() == Kinds{"setup", "queued", "ringing", "talking"});
        }
    }
    GIVEN("a caller who holds, and an agent who holds and resumes meanwhile") {
        Talk t{{.talks_for = 40s, .holds_after = 2s, .holds_for = 4s},
               {.hangs_up_after = 60s, .holds_after = 3s, .holds_for = 20s}};
        t.w.run(3s);
        const CallId call = t.w.floor().calls().front();
        THEN("both are seen, each is resumed by who holds, and the agent's hold is a segment") {
            CHECK(t.w.floor().call(call)->hold == acd::hold::apart);
            t.w.run(4s);
            CHECK(t.w.floor().call(call)->hold == acd::hold::away);
            CHECK(t.w.agent_state(0) == "talking");
            t.w.close();
            CHECK(t.w.checks().caller_kinds() ==
                  Kinds{"setup", "queued", "ringing", "talking", "held", "talking"});
        }
    }
}

SCENARIO("a caller who is held hangs up", "[sim]") {
    GIVEN("an agent who holds") {
        Talk t{{.talks_for = 0s, .holds_after = 2s, .holds_for = 60s},
               {.hangs_up_after = 10s}};
        t.w.run(10s);
        THEN("it is no completed call, and counted apart from those that waited in vain") {
            CHECK(t.w.floor().today(QueueId{1}).abandoned_on_hold == 1);
            CHECK(t.w.floor().today(QueueId{1}).abandoned == 0);
            t.w.close();
            const auto& lanes = t.w.checks().lanes();
            CHECK(std::ranges::any_of(lanes, [](const auto& lane) {
                return lane.second.segments.back().outcome == acd::Outcome::abandoned_on_hold;
            }));
        }
    }
}
