// A caller, the agent and somebody outside in one call, in virtual time; with colleagues alone:
// conference_scenarios.cpp.
#include "sim/desk.hpp"

using namespace holdfast;
using namespace holdfast::sim;

namespace {

engine::Settings with_class(bool may_leave) {
    auto s = centre(4);
    s.classes[1].may_leave_outsiders = may_leave;
    return s;
}

/// The first agent has a caller on hold and somebody outside on the phone; others are free.
struct Outside : Desk {
    explicit Outside(bool may_leave = false, const char* number = "0309999")
        : Desk{3, with_class(may_leave)} {
        w.carrier->answers_after = 500ms;
        ask(number);
    }
    void ask(const char* number) {
        phone(0).hold_call(0, true, w.now);
        w.run(500ms);
        phone(0).dial(number, w.now);
        w.run(4s);
    }
    /// By REFER in the caller's call, or by a code pressed there.
    void confer(bool by_refer = true) {
        if (by_refer) {
            phone(0).pass_on(0, "*4", false, w.now);
        } else {
            phone(0).hold_call(0, false, w.now);
            w.run(300ms);
            phone(0).press('*', w.now);
            w.run(100ms);
            phone(0).press('4', w.now);
        }
        w.run(1s);
        if (by_refer) CHECK(phone(0).notified().back() == "SIP/2.0 200 OK");
        CHECK(phone(0).calls() == 1);
    }
    std::string second_state() const {
        const auto calls = w.floor().calls();
        return calls.size() < 2 ? "gone" : std::string{text(w.floor().call(calls[1])->lane.state)};
    }
    /// The ways of the caller and of the outsider, once all is over.
    std::pair<Kinds, Kinds> close_both() {
        w.carrier->hang_up_all(w.now);
        w.close();
        return {w.checks().caller_kinds(), w.checks().caller_kinds(1)};
    }
};

}  // namespace

SCENARIO("somebody outside joins, and one of three leaves", "[sim]") {
    Outside r;
    REQUIRE(r.w.agent_state(0) == "consult");
    r.confer(GENERATE(true, false));
    CHECK(r.w.conferring() == 3);
    CHECK(r.caller_state() == "conference");
    CHECK(r.second_state() == "conference");
    CHECK(r.w.agent_state(0) == "conference");
    CHECK(r.w.playing().empty());
    WHEN("the outsider leaves") {
        r.w.carrier->hang_up(1, r.w.now);
        r.w.run(1s);
        THEN("caller and agent talk as before") {
            CHECK(r.w.conferring() == 0);
            CHECK(r.w.agent_state(0) == "talking");
            CHECK(r.second_state() == "gone");
            CHECK(r.close().back() == "talking");
        }
    }
    WHEN("the caller leaves") {
        r.w.carrier->hang_up(0, r.w.now);
        r.w.run(1s);
        THEN("agent and outsider talk on, as in any call that the agent has dialled") {
            CHECK(r.w.conferring() == 0);
            CHECK(r.caller_state() == "talking");
            CHECK(r.w.agent_state(0) == "internal");
            CHECK(r.w.carrier->calls() == 1);
            CHECK(r.w.phones[0]->calls() == 1);
            r.phone(0).hold_call(0, true, r.w.now);
            r.w.run(1s);
            CHECK(r.caller_state() == "held");
            r.phone(0).hang_up_all(r.w.now);
            r.w.run(1s);
            CHECK(r.w.carrier->calls() == 0);
            CHECK(r.w.agent_state(0) == "ready");
            r.w.close();
        }
    }
}

SCENARIO("the agent leaves a caller and somebody outside", "[sim]") {
    Outside r;
    r.confer();
    WHEN("by hanging up") {
        r.phone(0).hang_up_all(r.w.now);
        r.w.run(1s);
        THEN("the two outside are not left alone") {
            CHECK(r.w.carrier->calls() == 0);
            CHECK(r.w.agent_state(0) == "wrapping");
            const auto [caller, outsider] = r.close_both();
            CHECK(caller.back() == "conference");
            CHECK(outsider.back() == "conference");
        }
    }
    WHEN("with a phone that dies") {
        r.w.silence_of_agent(0);
        r.w.kill_phone(0);
        r.w.run(40s);
        THEN("the caller is back in the queue, and somebody else's; the outsider is gone") {
            CHECK(r.w.carrier->calls() == 1);
            CHECK(r.w.agent_state(0) == "unreachable");
            CHECK(r.caller_state() == "talking");
            r.close();
        }
    }
}

SCENARIO("what happens to a call with somebody outside meanwhile", "[sim]") {
    Outside r;
    r.confer();
    WHEN("the outsider holds, and resumes") {
        r.w.carrier->hold_call(1, true, r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 2);
        CHECK(r.second_state() == "conference");
        r.w.carrier->hold_call(1, false, r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 3);
        r.close();
    }
    WHEN("the agent's phone holds, and resumes") {
        r.phone(0).hold_call(0, true, r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 2);
        CHECK(r.caller_state() == "conference");
        r.phone(0).hold_call(0, false, r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 3);
        r.close();
    }
    WHEN("the daemon dies, and then the agent leaves") {
        r.w.crash(2s);
        r.w.run(4s);
        CHECK(r.w.conferring() == 3);
        r.phone(0).hang_up_all(r.w.now);
        r.w.run(1s);
        CHECK(r.w.carrier->calls() == 0);
        r.w.close();
    }
    WHEN("the caller is passed on") {
        r.phone(0).pass_on(0, "2102", false, r.w.now);
        r.w.run(4s);
        CHECK(r.w.agent_state(1) == "talking");
        CHECK(r.w.agent_state(0) == "wrapping");
        CHECK(r.w.carrier->calls() == 1);
        r.close();
    }
    WHEN("a third one outside joins, and the class of service has no fourth") {
        r.ask("0308888");
        r.confer();
        CHECK(r.w.conferring() == 4);
        r.phone(0).hold_call(0, true, r.w.now);
        r.phone(0).dial("0307777", r.w.now);
        r.w.run(2s);
        CHECK(r.phone(0).calls() == 1);  // 486
        r.phone(0).hang_up_all(r.w.now);
        r.w.run(1s);
        CHECK(r.w.carrier->calls() == 0);
        r.w.close();
    }
}

SCENARIO("a caller, an agent, a colleague and somebody outside", "[sim]") {
    Outside r;
    r.confer();
    r.ask("2102");
    r.confer();
    CHECK(r.w.conferring() == 4);
    WHEN("the agent leaves, and then the colleague") {
        r.phone(0).hang_up_all(r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 3);
        CHECK(r.w.agent_state(0) == "wrapping");
        CHECK(r.w.agent_state(1) == "conference");
        CHECK(r.second_state() == "conference");
        r.phone(1).hang_up_all(r.w.now);
        r.w.run(1s);
        CHECK(r.w.carrier->calls() == 0);
        CHECK(r.w.agent_state(1) == "wrapping");
        r.w.close();
    }
    WHEN("the caller leaves, then the agent, and then the colleague") {
        r.w.carrier->hang_up(0, r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 3);
        CHECK(r.w.agent_state(0) == "internal");
        r.phone(0).hang_up_all(r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 0);
        CHECK(r.w.agent_state(0) == "ready");
        CHECK(r.w.agent_state(1) == "internal");
        CHECK(r.caller_state() == "talking");
        r.phone(1).hang_up_all(r.w.now);
        r.w.run(1s);
        CHECK(r.w.carrier->calls() == 0);
        CHECK(r.w.agent_state(1) == "ready");
        r.w.close();
    }
    WHEN("the caller leaves, then the colleague, and then the outsider") {
        r.w.carrier->hang_up(0, r.w.now);
        r.w.run(1s);
        r.phone(1).hang_up_all(r.w.now);
        r.w.run(1s);
        CHECK(r.w.agent_state(1) == "ready");
        CHECK(r.caller_state() == "talking");
        r.w.carrier->hang_up_all(r.w.now);
        r.w.run(1s);
        CHECK(r.w.agent_state(0) == "ready");
        CHECK(r.phone(0).calls() == 0);
        r.w.close();
    }
}

SCENARIO("two outside who may be left alone", "[sim]") {
    GIVEN("a class of service that allows it, or an emergency") {
        const bool allowed = GENERATE(true, false);
        Outside r{allowed, allowed ? "0309999" : "112"};
        r.confer();
        CHECK(r.w.conferring() == 3);
        WHEN("the agent leaves") {
            r.phone(0).hang_up_all(r.w.now);
            r.w.run(1s);
            THEN("they talk with each other") {
                CHECK(r.caller_state() == "outside");
                CHECK(r.second_state() == "outside");
                CHECK(r.w.agent_state(0) == "wrapping");
                CHECK(r.w.conferring() == 0);
                r.w.carrier->hang_up(1, r.w.now);
                r.w.run(1s);
                CHECK(r.w.carrier->calls() == 0);
                r.w.close();
            }
        }
    }
    GIVEN("two whom the agent dialled, without the caller") {
        const bool allowed = GENERATE(true, false);
        Outside r{allowed};
        r.confer();
        r.ask("0308888");
        r.confer();
        r.w.carrier->hang_up(0, r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 3);
        CHECK(r.w.agent_state(0) == "internal");
        WHEN("the agent leaves") {
            r.phone(0).hang_up_all(r.w.now);
            r.w.run(1s);
            THEN("they talk, or are let go of") {
                CHECK(r.w.agent_state(0) == "ready");
                CHECK(r.w.carrier->calls() == (allowed ? 2 : 0));
                r.w.carrier->hang_up_all(r.w.now);
                r.w.close();
            }
        }
    }
}
