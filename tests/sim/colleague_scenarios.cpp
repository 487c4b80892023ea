// Colleagues who call each other, or a queue, and pass each other on, in virtual time.
#include "sim/desk.hpp"

using namespace holdfast;
using namespace holdfast::sim;

namespace {

/// The first two of some agents talk with each other; nobody has a caller.
struct Two {
    World w;

    explicit Two(std::size_t agents = 3, std::size_t dialler = 0)
        : w{37, centre(agents), {.least_delay = 2ms, .most_delay = 2ms}} {
        for (auto& phone : w.phones)
            phone->decide = [](Random&) { return peers::Manner{.talks_for = 0s}; };
        w.run(1s);
        for (std::size_t i = 0; i < agents; ++i)
            w.log_in(i);
        w.run(1s);
        phone(dialler).dial(dialler == 0 ? "2102" : "2101", w.now);
        w.run(3s);
        REQUIRE(states() == "internal internal ready");
    }
    peers::Phone& phone(std::size_t i) { return *w.phones[i]; }
    std::string states() const {
        std::string out;
        for (std::size_t i = 0; i < 3; ++i)
            out += (i == 0 ? "" : " ") + w.agent_state(i);
        return out;
    }
    void reject_at(std::size_t i) {
        phone(i).decide = [](Random&) { return peers::Manner{.rejects_with = 486}; };
    }
    void silence_at(std::size_t i) {
        phone(i).decide = [](Random&) { return peers::Manner{.answers = false}; };
    }
};

}  // namespace

SCENARIO("a colleague is passed on to a third without a word", "[sim]") {
    Two t{3, GENERATE(std::size_t{0}, std::size_t{1})};
    GIVEN("a third who answers") {
        t.phone(0).pass_on(0, "2103", GENERATE(false, true), t.w.now);
        t.w.run(500ms);
        CHECK(t.w.agent_state(1) == "internal");
        CHECK(t.w.agent_state(2) == "called");
        CHECK_FALSE(t.w.playing().empty());
        t.w.run(3s);
        THEN("the two talk, and who sent the colleague is free") {
            CHECK(t.states() == "ready internal internal");
            CHECK(t.phone(2).display() == "Agent 2");
            CHECK(t.w.playing().empty());
            t.phone(2).hang_up_all(t.w.now);
            t.w.run(1s);
            CHECK(t.states() == "ready ready ready");
            t.w.close();
        }
    }
    GIVEN("a third who rejects the call") {
        t.reject_at(2);
        t.phone(0).pass_on(0, "2103", false, t.w.now);
        t.w.run(4s);
        THEN("the two have each other again, and the sender was told") {
            CHECK(t.states() == "internal internal ready");
            CHECK(t.phone(0).notified().back() == "SIP/2.0 486 Busy Here");
            t.w.close();
        }
    }
    GIVEN("a third whose phone forwards") {
        t.phone(2).decide = [](Random&) { return peers::Manner{.rejects_with = 302}; };
        t.phone(0).pass_on(0, "2103", false, t.w.now);
        t.w.run(4s);
        THEN("nobody is told where to") {
            CHECK(t.phone(0).notified().back() == "SIP/2.0 480 Temporarily Unavailable");
            t.w.close();
        }
    }
}

SCENARIO("something happens while the third one's phone rings", "[sim]") {
    Two t{3, GENERATE(std::size_t{0}, std::size_t{1})};
    GIVEN("a third who does not answer, and a sender who has hung up") {
        t.silence_at(2);
        t.phone(0).pass_on(0, "2103", true, t.w.now);
        t.w.run(31s);
        THEN("the sender's phone rings, and answering it the two talk again") {
            CHECK(t.states() == "called internal ready");
            CHECK(t.phone(0).display() == "Back: Agent 2");
            t.w.run(3s);
            CHECK(t.states() == "internal internal ready");
            t.w.close();
        }
    }
    GIVEN("nobody who answers at all") {
        t.silence_at(2);
        t.silence_at(0);
        t.phone(0).pass_on(0, "2103", true, t.w.now);
        t.w.run(62s);
        THEN("the colleague is let go of") {
            CHECK(t.states() == "ready ready ready");
            t.w.close();
        }
    }
    GIVEN("a colleague who hangs up meanwhile") {
        t.phone(0).pass_on(0, "2103", GENERATE(false, true), t.w.now);
        t.w.run(1s);
        t.phone(1).hang_up_all(t.w.now);
        t.w.run(2s);
        THEN("nobody has a call") {
            CHECK(t.states() == "ready ready ready");
            t.w.close();
        }
    }
    GIVEN("a daemon that dies meanwhile") {
        t.phone(0).pass_on(0, "2103", false, t.w.now);
        t.w.run(1s);
        t.w.crash(300ms);
        t.w.run(4s);
        THEN("the next life connects them") {
            CHECK(t.states() == "ready internal internal");
            t.w.close();
        }
    }
}

SCENARIO("a colleague is passed on while the third one rings", "[sim]") {
    Two t;
    t.phone(0).hold_call(0, true, t.w.now);
    t.w.run(300ms);
    t.phone(0).dial("2103", t.w.now);
    t.w.run(500ms);
    t.phone(0).join_calls(false, false, t.w.now);
    t.w.run(4s);
    CHECK(t.states() == "ready internal internal");
    CHECK(t.phone(0).calls() == 0);
    t.w.close();
}

SCENARIO("where a colleague may not be passed on to", "[sim]") {
    Two t;
    const auto [number, status] = GENERATE(table<const char*, const char*>({
        {"1900123", "SIP/2.0 403 Forbidden"},  // the sender's class of service
        {"*4715", "SIP/2.0 404 Not Found"},
        {"nobody", "SIP/2.0 404 Not Found"},
        {"2102", "SIP/2.0 480 Temporarily Unavailable"},
        {"2101", "SIP/2.0 486 Busy Here"},
    }));
    CAPTURE(number);
    t.phone(0).pass_on(0, number, false, t.w.now);
    t.w.run(1s);
    CHECK(t.phone(0).notified().back() == status);
    CHECK(t.states() == "internal internal ready");
    t.w.close();
}

SCENARIO("a colleague is passed on to the outside", "[sim]") {
    Two t{3, GENERATE(std::size_t{0}, std::size_t{1})};
    t.w.carrier->answers_after = 1s;
    const auto first_call = [&t] {
        const auto calls = t.w.floor().calls();
        return calls.empty() ? "gone"
                             : std::string{text(t.w.floor().call(calls.front())->lane.state)};
    };
    GIVEN("somebody who answers") {
        const bool hangs_up = GENERATE(false, true);
        t.phone(0).pass_on(0, GENERATE("0301112", "112"), hangs_up, t.w.now);
        t.w.run(500ms);
        CHECK(first_call() == "setup");
        CHECK_FALSE(t.w.playing().empty());
        t.w.run(3s);
        THEN("the colleague talks with them, and the sender is free") {
            CHECK(t.states() == "ready internal ready");
            CHECK(first_call() == "talking");
            CHECK(t.w.floor().call(t.w.floor().calls().front())->passed.sponsor == AgentId{1});
            CHECK(t.w.playing().empty());
            WHEN("the daemon dies, the colleague holds, and hangs up") {
                t.w.crash(300ms);
                t.w.run(1s);
                t.phone(1).hold_call(0, true, t.w.now);
                t.w.run(1s);
                CHECK(first_call() == "held");
                t.phone(1).hang_up_all(t.w.now);
            }
            WHEN("the one outside hangs up") {
                t.w.carrier->hang_up_all(t.w.now);
            }
            t.w.run(1s);
            CHECK(t.states() == "ready ready ready");
            CHECK(t.phone(1).calls() == 0);
            t.w.close();
        }
    }
    GIVEN("somebody who is busy") {
        t.w.carrier->decide_callee = [](Random&) { return 486; };
        t.phone(0).pass_on(0, "0301112", false, t.w.now);
        t.w.run(4s);
        THEN("the two have each other again") {
            CHECK(t.states() == "internal internal ready");
            CHECK(t.phone(0).notified().back() == "SIP/2.0 486 Busy Here");
            CHECK(first_call() == "gone");
            t.w.close();
        }
    }
    GIVEN("a colleague who hangs up meanwhile") {
        t.phone(0).pass_on(0, "0301112", false, t.w.now);
        t.w.run(500ms);
        t.phone(1).hang_up_all(t.w.now);
        t.w.run(3s);
        THEN("nobody is called any more") {
            CHECK(t.states() == "ready ready ready");
            CHECK(t.w.carrier->calls() == 0);
            t.w.close();
        }
    }
}

SCENARIO("a colleague is parked", "[sim]") {
    Two t{3, GENERATE(std::size_t{0}, std::size_t{1})};
    t.phone(0).pass_on(0, "*681", GENERATE(false, true), t.w.now);
    t.w.run(1s);
    CHECK(t.states() == "ready internal ready");
    CHECK_FALSE(t.w.playing().empty());
    WHEN("somebody fetches the colleague, after the daemon has died") {
        if (GENERATE(false, true)) {
            t.w.crash(300ms);
            t.w.run(1s);
        }
        t.phone(2).dial("*681", t.w.now);
        t.w.run(1s);
        THEN("the two talk") {
            CHECK(t.states() == "ready internal internal");
            CHECK(t.w.playing().empty());
            t.phone(2).hang_up_all(t.w.now);
            t.w.run(1s);
            CHECK(t.states() == "ready ready ready");
            t.w.close();
        }
    }
    WHEN("nobody does") {
        t.w.run(121s);
        THEN("the sender's phone rings, and answering it the two talk again") {
            CHECK(t.states() == "called internal ready");
            t.w.run(3s);
            CHECK(t.states() == "internal internal ready");
            t.w.close();
        }
    }
    WHEN("the colleague hangs up") {
        t.phone(1).hang_up_all(t.w.now);
        t.w.run(1s);
        CHECK(t.states() == "ready ready ready");
        t.w.close();
    }
}

SCENARIO("a colleague is passed on into a queue", "[sim]") {
    Two t;
    t.phone(0).pass_on(0, "200", false, t.w.now);
    t.w.run(4s);
    CHECK(t.phone(0).notified().back() == "SIP/2.0 200 OK");
    CHECK(t.w.agent_state(1) == "internal");
    const bool by_first = t.w.agent_state(0) == "talking";
    CHECK((by_first || t.w.agent_state(2) == "talking"));
    t.phone(1).hang_up_all(t.w.now);
    t.w.run(1s);
    CHECK(t.w.agent_state(1) == "ready");
    t.w.close();
    CHECK(t.w.checks().caller_kinds() == Kinds{"setup", "queued", "ringing", "talking"});
}

SCENARIO("an agent dials a queue", "[sim]") {
    World w{41, centre(2), {.least_delay = 2ms, .most_delay = 2ms}};
    for (auto& phone : w.phones)
        phone->decide = [](Random&) { return peers::Manner{.talks_for = 0s}; };
    w.run(1s);
    w.log_in(0);
    w.run(1s);
    w.phones[0]->dial("100", w.now);
    w.run(1s);
    CHECK(w.agent_state(0) == "dialing");
    REQUIRE(w.floor().waiting(QueueId{1}).size() == 1);
    CHECK(w.floor().call(w.floor().calls().front())->caller_number == "2101");
    GIVEN("a colleague who becomes ready") {
        w.log_in(1);
        w.run(4s);
        CHECK(w.agent_state(0) == "internal");
        CHECK(w.agent_state(1) == "talking");
        CHECK(w.playing().empty());
        WHEN("one of them hangs up") {
            const auto who = GENERATE(std::size_t{0}, std::size_t{1});
            w.phones[who]->hang_up_all(w.now);
            w.run(1s);
            THEN("the one wraps up, the other is ready") {
                CHECK(w.agent_state(0) == "ready");
                CHECK(w.agent_state(1) == "wrapping");
                w.close();
                CHECK(w.checks().caller_kinds() == Kinds{"setup", "queued", "ringing", "talking"});
            }
        }
        WHEN("the daemon dies") {
            w.crash(300ms);
            w.run(1s);
            w.phones[0]->hang_up_all(w.now);
            w.run(1s);
            THEN("it is all the same") {
                CHECK(w.agent_state(0) == "ready");
                CHECK(w.agent_state(1) == "wrapping");
                w.close();
            }
        }
    }
    GIVEN("nobody who is ready") {
        w.phones[0]->hang_up_all(w.now);
        w.run(1s);
        THEN("the agent is free again, and the visit is in the ledger") {
            CHECK(w.agent_state(0) == "ready");
            w.close();
            CHECK(w.checks().caller_kinds() == Kinds{"setup", "queued"});
        }
    }
}

SCENARIO("an agent asks a queue while the caller is held, and passes the caller on", "[sim]") {
    Desk d{2};
    const bool answered = GENERATE(true, false), in_second = GENERATE(false, true);
    CAPTURE(answered, in_second);
    if (!answered) d.w.command(console::OrderAgent{"2102", console::AgentOrder::pause, {}});
    d.w.run(500ms);
    d.consult("100");
    d.w.run(3s);
    CHECK(d.w.agent_state(1) == (answered ? "talking" : "not_ready"));
    if (!answered && in_second) return d.w.close();  // a REFER needs a dialog that is answered
    d.phone(0).join_calls(in_second, false, d.w.now);
    d.w.run(1s);
    CHECK(d.phone(0).calls() == 0);
    CHECK(d.w.agent_state(0) == "wrapping");
    if (!answered) {
        CHECK(d.w.floor().waiting(QueueId{1}).size() == 1);
        d.w.command(console::OrderAgent{"2102", console::AgentOrder::ready, {}});
        d.w.run(4s);
    }
    CHECK(d.w.agent_state(1) == "talking");
    CHECK(d.w.floor().call_count() == 1);
    CHECK(d.close() == (answered ? then({"held", "consult", "talking"})
                                 : then({"held", "consult", "queued", "ringing", "talking"})));
}
