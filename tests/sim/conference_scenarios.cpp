// A caller, the agent and colleagues in one call, in virtual time.
#include "sim/desk.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sim;

namespace {

/// The first agent has a caller on hold and the second on the phone; a third and fourth are free.
struct Round : Desk {
    Round() : Desk{4, centre(4)} { consult("2102", 0); }
    void consult(const char* number, std::size_t held) {
        phone(0).hold_call(held, true, w.now);
        w.run(500ms);
        phone(0).dial(number, w.now);
        w.run(3s);
    }
    /// All in one call: the phone is told so, and has one call left.
    void confer() {
        phone(0).pass_on(0, "*4", false, w.now);
        w.run(1s);
        CHECK(phone(0).notified().back() == "SIP/2.0 200 OK");
        CHECK(phone(0).calls() == 1);
    }
};

Kinds with_it(std::initializer_list<const char*> more) {
    Kinds kinds = then({"held", "consult"});
    kinds.insert(kinds.end(), more.begin(), more.end());
    return kinds;
}

}  // namespace

SCENARIO("one of three in one call leaves", "[sim]") {
    Round r;
    REQUIRE(r.w.agent_state(0) == "consult");
    r.confer();
    CHECK(r.w.conferring() == 3);
    CHECK(r.caller_state() == "conference");
    CHECK(r.w.agent_state(0) == "conference");
    CHECK(r.w.agent_state(1) == "internal");
    CHECK(r.w.playing().empty());
    WHEN("the colleague leaves") {
        r.phone(1).hang_up_all(r.w.now);
        r.w.run(1s);
        THEN("caller and agent talk as before") {
            CHECK(r.w.conferring() == 0);
            CHECK(r.w.agent_state(0) == "talking");
            CHECK(r.w.agent_state(1) == "ready");
            CHECK(r.close() == with_it({"conference", "talking"}));
        }
    }
    WHEN("the agent leaves") {
        r.phone(0).hang_up_all(r.w.now);
        r.w.run(1s);
        THEN("the caller stays with the colleague, whose call it is") {
            CHECK(r.w.conferring() == 0);
            CHECK(r.w.agent_state(0) == "wrapping");
            CHECK(r.w.agent_state(1) == "talking");
            CHECK(r.close() == with_it({"conference", "talking"}));
        }
    }
    WHEN("the caller leaves") {
        r.w.carrier->hang_up_all(r.w.now);
        r.w.run(1s);
        THEN("the colleagues talk on") {
            CHECK(r.caller_state() == "gone");
            CHECK(r.w.conferring() == 0);
            CHECK(r.w.agent_state(0) == "internal");
            CHECK(r.w.agent_state(1) == "internal");
            r.phone(1).hang_up_all(r.w.now);
            r.w.run(1s);
            CHECK(r.phone(0).calls() == 0);
            CHECK(r.close() == with_it({"conference"}));
        }
    }
}

SCENARIO("what happens to three in one call meanwhile", "[sim]") {
    Round r;
    r.confer();
    WHEN("the agent's phone holds, and resumes") {
        r.phone(0).hold_call(0, true, r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 2);  // the others go on
        CHECK(r.w.playing().empty());
        CHECK(r.caller_state() == "conference");
        r.phone(0).hold_call(0, false, r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 3);
        CHECK(r.close() == with_it({"conference"}));
    }
    WHEN("the daemon dies") {
        r.w.crash(2s);
        r.w.run(4s);
        CHECK(r.w.agent_state(0) == "conference");
        CHECK(r.w.conferring() == 3);
        r.phone(0).hang_up_all(r.w.now);
        r.w.run(1s);
        CHECK(r.w.agent_state(1) == "talking");
        CHECK(r.close() == with_it({"conference", "talking"}));
    }
    WHEN("the media process dies") {
        r.w.media_crash();
        r.w.run(2s);
        CHECK(r.w.conferring() == 3);
        CHECK(r.close() == with_it({"conference"}));
    }
}

SCENARIO("the agent of three in one call passes the caller on", "[sim]") {
    Round r;
    r.confer();
    const bool holds = GENERATE(false, true);
    CAPTURE(holds);
    if (holds) r.phone(0).hold_call(0, true, r.w.now);
    r.w.run(500ms);
    const auto pass_on = [&](const char* number) {
        r.phone(0).pass_on(0, number, false, r.w.now);
        r.w.run(500ms);
        CHECK(r.w.conferring() == 0);
        CHECK(r.w.agent_state(1) == "ready");
    };
    WHEN("to an agent who answers") {
        pass_on("2103");
        CHECK(r.w.agent_state(0) == "transferring");
        r.w.run(3s);
        CHECK(r.w.agent_state(0) == "wrapping");
        CHECK(r.w.agent_state(2) == "talking");
        CHECK(r.close() == with_it({"conference", "transferring", "talking"}));
    }
    WHEN("to an agent who does not") {
        r.phone(2).decide = [](Random&) { return peers::Manner{.rejects_with = 486}; };
        pass_on("2103");
        r.w.run(3s);
        THEN("the agent has the caller again, held or not") {
            CHECK(r.phone(0).notified().back() == "SIP/2.0 486 Busy Here");
            CHECK(r.w.agent_state(0) == (holds ? "held" : "talking"));
            CHECK(r.close() == with_it({"conference", "transferring", holds ? "held" : "talking"}));
        }
    }
    WHEN("into a queue") {
        pass_on("200");
        r.w.run(3s);
        CHECK(r.caller_state() == "talking");
        CHECK(r.close() == with_it({"conference", "queued", "ringing", "talking"}));
    }
    WHEN("to the park") {
        pass_on("*681");
        CHECK(r.caller_state() == "parked");
        CHECK(r.w.agent_state(0) == "wrapping");
        CHECK(r.close() == with_it({"conference", "parked"}));
    }
    WHEN("to the outside") {
        pass_on("0301112");
        r.w.run(3s);
        CHECK(r.caller_state() == "outside");
        CHECK(r.w.agent_state(0) == "wrapping");
        CHECK(r.close() == with_it({"conference", "transferring", "outside"}));
    }
}

SCENARIO("who may not pass anybody on in a conference, or whereto", "[sim]") {
    Round r;
    r.confer();
    const auto [phone, number, said] = GENERATE(table<std::size_t, const char*, const char*>({
        {1, "2103", "REFER 491"},  // a colleague: the caller is not hers
        {0, "777", "SIP/2.0 403 Forbidden"},
        {0, "2102", "SIP/2.0 486 Busy Here"},
        {0, "nobody", "SIP/2.0 404 Not Found"},
    }));
    CAPTURE(phone, number);
    r.phone(phone).pass_on(0, number, false, r.w.now);
    r.w.run(1s);
    CHECK(r.phone(phone).notified().back() == said);
    CHECK(r.w.conferring() == 3);
    r.close();
}

SCENARIO("four in one call, and who leaves in which order", "[sim]") {
    Round r;
    r.confer();
    r.consult("2103", 0);
    CHECK(r.w.conferring() == 2);
    r.confer();
    CHECK(r.w.conferring() == 4);
    CHECK(r.w.agent_state(2) == "internal");
    WHEN("the agent leaves, and then the first colleague") {
        r.phone(0).hang_up_all(r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 3);
        CHECK(r.w.agent_state(1) == "conference");
        r.phone(1).hang_up_all(r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 0);
        CHECK(r.w.agent_state(2) == "talking");
        CHECK(r.close() == with_it({"conference", "talking", "conference", "talking"}));
    }
    WHEN("the caller leaves, and then the agent") {
        r.w.carrier->hang_up_all(r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 3);
        CHECK(r.w.agent_state(0) == "internal");
        r.phone(0).hang_up_all(r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 0);
        CHECK(r.w.agent_state(0) == "ready");
        CHECK(r.w.agent_state(1) == "internal");
        CHECK(r.w.agent_state(2) == "internal");
        r.close();
    }
    WHEN("the caller leaves, and then a colleague") {
        r.w.carrier->hang_up_all(r.w.now);
        r.w.run(1s);
        r.phone(1).hang_up_all(r.w.now);
        r.w.run(1s);
        CHECK(r.w.conferring() == 0);
        CHECK(r.w.agent_state(0) == "internal");
        CHECK(r.w.agent_state(2) == "internal");
        r.close();
    }
}

SCENARIO("who has nobody to confer with is refused", "[sim]") {
    Round r;
    r.phone(1).hang_up_all(r.w.now);
    r.w.run(1s);
    REQUIRE(r.w.agent_state(0) == "held");
    r.phone(0).pass_on(0, "*4", false, r.w.now);
    r.w.run(1s);
    CHECK(r.phone(0).notified().back() == "SIP/2.0 603 Decline");
    CHECK(r.w.agent_state(0) == "held");
    r.close();
}

SCENARIO("the code is pressed in the call with the colleague", "[sim]") {
    Round r;
    // Every digit is heard in both calls of the phone; whichever comes first makes the conference.
    r.phone(0).press('*', r.w.now);
    r.w.run(100ms);
    r.phone(0).press('4', r.w.now);
    r.w.run(1s);
    CHECK(r.phone(0).calls() == 1);
    CHECK(r.w.conferring() >= 2);
    r.phone(0).hold_call(0, false, r.w.now);
    r.w.run(1s);
    CHECK(r.w.conferring() == 3);
    CHECK(r.w.agent_state(0) == "conference");
    CHECK(r.w.digits().empty());
    r.close();
}
