// Holds in virtual time: every form in which a phone says it, the caller's own, both at once.
#include "sim/desk.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace holdfast;
using namespace holdfast::sim;

namespace {

/// One agent in a call with one caller.
struct Talk {
    World w;

    explicit Talk(peers::Manner manner,
                  peers::Patience patience = {.hangs_up_after = 60s},
                  const engine::Settings& settings = centre(1))
        : w{21, settings} {
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

// RFC 7088 2: a phone that holds by sendonly may send music of its own; one that says inactive, or
// a zero address, sends nothing.
SCENARIO("a phone's own music is heard where the queue says so", "[sim]") {
    auto settings = centre(1);
    settings.sounds[0].hold_music = engine::Settings::HoldMusic::phone;
    const auto [form, sends] =
        GENERATE(table<peers::HoldForm, bool>({{peers::HoldForm::sendonly, true},
                                               {peers::HoldForm::by_update, true},
                                               {peers::HoldForm::inactive, false},
                                               {peers::HoldForm::zero_address, false}}));
    Talk t{{.talks_for = 30s, .holds_after = 2s, .holds_for = 5s, .holds_by = form},
           {.hangs_up_after = 60s},
           settings};
    t.w.run(3s);
    CHECK(t.w.agent_state(0) == "held");
    CHECK(t.w.playing().empty() == sends);
    t.w.run(5s);
    CHECK(t.w.agent_state(0) == "talking");
    CHECK(t.w.playing().empty());
    t.w.close();
}

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
        Talk t{{.talks_for = 0s, .holds_after = 2s, .holds_for = 60s}, {.hangs_up_after = 10s}};
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

namespace {

/// An agent with a second line, in a call that lasts.
struct LongTalk : Talk {
    LongTalk() : Talk{{.talks_for = 0s}, {.hangs_up_after = 0s}} { phone.second_line = true; }
    peers::Phone& phone = *w.phones[0];
    const acd::AgentToday& today = w.floor().today(AgentId{1});

    void hold(bool on = true) {
        phone.hold_call(0, on, w.now);
        w.run(1s);
    }
    void never_answers() {
        phone.decide = [](Random&) { return peers::Manner{.answers = false}; };
    }
    void press(const char* digits) {
        for (const char* d = digits; *d != 0; ++d) {
            phone.press(*d, w.now);
            w.run(200ms);
        }
    }
    std::string reason() const {
        for (const auto& [id, lane] : w.checks().lanes())
            for (const auto& s : lane.segments)
                if (s.kind == "held" && lane.caller) return s.reason;
        return "no hold";
    }
    bool supervisors_know() const {
        return std::ranges::any_of(w.log(), [](const std::string& line) {
            return line.find("agent 2101 has held a caller of support") != std::string::npos;
        });
    }
};

}  // namespace

SCENARIO("an agent says why, and is reminded before the promise ends", "[sim]") {
    LongTalk t;
    GIVEN("research and five minutes, by digits before the hold") {
        t.press("*15");
        t.hold();
        t.w.run(4min);
        CHECK(t.w.agent_state(0) == "held");
        CHECK(t.w.digits().empty());  // the caller has heard nothing of it
        CHECK(t.phone.rung() == 0);
        t.w.run(29s + 500ms);
        THEN("the phone rings before the time is over, and answering it connects the caller") {
            CHECK(t.phone.rung() == 1);
            CHECK(t.phone.display() == "On hold 4:30 0301234567");
            t.w.run(3s);
            CHECK(t.w.agent_state(0) == "talking");
            CHECK(t.phone.calls() == 1);
            CHECK(t.w.playing().empty());
            CHECK(t.today.holds == 1);
            CHECK(t.today.holds_unexplained == 0);
            t.w.close();
            CHECK(t.reason() == "research");
        }
    }
    GIVEN("a consult and two minutes, by a feature code while the caller is held") {
        t.hold();
        t.phone.dial("*4722", t.w.now);
        t.w.run(5s);
        CHECK(t.w.agent_state(0) == "held");  // nobody was asked anything yet
        t.hold(false);
        THEN("the hold has its reason") {
            t.w.close();
            CHECK(t.reason() == "consult");
        }
    }
    GIVEN("digits that are no code of ours") {
        t.press("5*91#*1");
        THEN("the caller gets all of them, as they were pressed") {
            t.w.run(5s);  // "*1" alone is a reason
            CHECK(t.w.digits() == "5*91#");
            CHECK(t.w.floor().call(t.w.floor().calls().front())->note.reason ==
                  acd::HoldReason::research);
            t.w.close();
        }
    }
}

SCENARIO("a hold of which nothing is said", "[sim]") {
    LongTalk t;
    t.hold();
    t.w.run(178s);
    CHECK(t.phone.rung() == 0);
    WHEN("the queue's limit comes, and the agent does not care") {
        t.never_answers();
        t.w.run(3s);
        THEN("the phone rings for a while; later the supervisors hear of it") {
            CHECK(t.phone.rung() == 1);
            t.w.run(30s);
            CHECK(t.phone.rung() == 0);
            CHECK(t.w.agent_state(0) == "held");
            t.w.run(90s);
            CHECK(t.supervisors_know());
            t.hold(false);
            CHECK(t.w.agent_state(0) == "talking");
            CHECK(t.today.holds_unexplained == 1);
            t.w.close();
            CHECK(t.reason().empty());
        }
    }
    WHEN("the agent resumes while the phone rings") {
        t.never_answers();
        t.w.run(3s);
        t.hold(false);
        THEN("it rings no more") {
            CHECK(t.phone.rung() == 0);
            CHECK(t.w.agent_state(0) == "talking");
            t.w.close();
        }
    }
    WHEN("the daemon dies while the phone rings") {
        t.w.run(1500ms);
        t.w.crash(300ms);
        t.w.run(4s);
        THEN("answering it connects the caller all the same") {
            CHECK(t.w.agent_state(0) == "talking");
            t.w.close();
        }
    }
}

SCENARIO("a machine takes nobody off the phone unless it was told to", "[sim]") {
    const bool told = GENERATE(false, true);
    auto settings = centre(1);
    settings.floor.queues[0].requeue_after_alarm = told;
    Desk d{1, settings};
    World& w = d.w;
    w.phones[0]->hold_call(0, true, w.now);
    w.run(301s);
    CHECK(w.agent_state(0) == (told ? "wrapping" : "held"));
    CHECK(w.floor().waiting(QueueId{1}).size() == (told ? 1 : 0));
    w.close();
}
