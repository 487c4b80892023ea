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
    WHEN("the agent passes the caller on all the same") {
        r.phone(0).pass_on(0, "2103", false, r.w.now);
        r.w.run(1s);
        THEN("it is refused, and nothing changes") {
            CHECK(r.phone(0).notified().back() == "REFER 491");
            CHECK(r.w.conferring() == 3);
            r.close();
        }
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
