// Callers who are passed on, in virtual time.
#include "sim/desk.hpp"

#include <algorithm>

using namespace holdfast;
using namespace holdfast::sim;

SCENARIO("a caller is passed on to a colleague without a word", "[sim]") {
    Desk d;
    GIVEN("a colleague who answers") {
        d.phone(0).pass_on(0, "2102", false, d.w.now);
        d.w.run(1s);
        CHECK(d.caller_state() == "transferring");
        CHECK(d.w.agent_state(0) == "transferring");
        CHECK(d.w.agent_state(1) == "called");
        CHECK_FALSE(d.w.playing().empty());  // the caller hears music
        CHECK(d.phone(1).display() == "Caller");
        d.w.run(3s);
        THEN("the caller is the colleague's, and who sent it wraps up and was told") {
            CHECK(d.w.agent_state(0) == "wrapping");
            CHECK(d.w.agent_state(1) == "talking");
            CHECK(d.phone(0).calls() == 0);
            CHECK(
                d.phone(0).notified() ==
                Lines{"REFER 202", "SIP/2.0 100 Trying", "SIP/2.0 180 Ringing", "SIP/2.0 200 OK"});
            CHECK(d.close() == then({"transferring", "talking"}));
        }
    }
    GIVEN("a colleague who rejects the call") {
        d.phone(1).decide = [](Random&) { return peers::Manner{.rejects_with = 486}; };
        d.phone(0).pass_on(0, "2102", false, d.w.now);
        d.w.run(4s);
        THEN("the agent talks with the caller again") {
            CHECK(d.phone(0).notified().back() == "SIP/2.0 486 Busy Here");
            CHECK(d.w.agent_state(0) == "talking");
            CHECK(d.w.agent_state(1) == "ready");
            CHECK(d.close() == then({"transferring", "talking"}));
        }
    }
}

SCENARIO("a phone hangs up straight after REFER", "[sim]") {
    Desk d;
    GIVEN("a colleague who answers") {
        d.phone(0).pass_on(0, "2102", true, d.w.now);
        d.w.run(500ms);
        CHECK(d.caller_state() == "transferring");
        CHECK(d.w.agent_state(0) == "wrapping");
        d.w.run(3s);
        THEN("the colleague has the caller") {
            CHECK(d.w.agent_state(1) == "talking");
            CHECK(d.close() == then({"transferring", "transferring", "talking"}));
        }
    }
    GIVEN("a colleague who does not answer") {
        d.phone(1).decide = [](Random&) { return peers::Manner{.answers = false}; };
        d.phone(0).pass_on(0, "2102", true, d.w.now);
        d.w.run(31s);
        THEN("the sender's phone rings, and answering it the sender has the caller again") {
            CHECK(d.w.agent_state(1) == "ready");
            CHECK(d.w.agent_state(0) == "called");
            CHECK(d.phone(0).display() == "Back: Caller");
            d.w.run(3s);
            CHECK(d.w.agent_state(0) == "talking");
            CHECK(d.close() == then({"transferring", "transferring", "talking"}));
        }
    }
    GIVEN("nobody who answers at all") {
        for (std::size_t i : {0, 1})
            d.phone(i).decide = [](Random&) { return peers::Manner{.answers = false}; };
        const auto entered = d.w.floor().call(d.w.floor().calls().front())->entered;
        d.w.command(console::OrderAgent{"2102", console::AgentOrder::pause, {}});
        d.phone(0).pass_on(0, "2102", true, d.w.now);
        d.w.run(61s);
        THEN("the caller is at the head of the queue, with the time of the first entry") {
            CHECK(d.caller_state() != "transferring");
            CHECK(d.w.floor().call(d.w.floor().calls().front())->entered == entered);
            d.close();
        }
    }
}

SCENARIO("something happens while the colleague's phone rings", "[sim]") {
    Desk d;
    GIVEN("the daemon dies") {
        d.phone(0).pass_on(0, "2102", false, d.w.now);
        d.w.run(1s);
        d.w.crash(300ms);
        d.w.run(4s);
        THEN("the next life connects them") {
            CHECK(d.w.agent_state(1) == "talking");
            CHECK(d.w.agent_state(0) == "wrapping");
            CHECK(d.close() == then({"transferring", "talking"}));
        }
    }
    GIVEN("the caller gives up") {
        d.phone(0).pass_on(0, "2102", false, d.w.now);
        d.w.run(1s);
        d.w.carrier->hang_up_all(d.w.now);
        d.w.run(1s);
        THEN("no phone rings any more") {
            CHECK(d.w.agent_state(0) == "wrapping");
            CHECK(d.w.agent_state(1) == "ready");
            CHECK(d.phone(1).calls() == 0);
            CHECK(d.close() == then({"transferring"}));
        }
    }
}

SCENARIO("a caller is passed on to a queue", "[sim]") {
    Desk d{1};
    const CallId call = d.w.floor().calls().front();
    const auto entered = d.w.floor().call(call)->entered;
    d.w.run(5s);
    d.phone(0).pass_on(0, "200", false, d.w.now);
    d.w.run(500ms);
    THEN("it waits there with the time of its first entry") {
        CHECK(d.w.floor().call(call)->entered == entered);
        CHECK(d.w.floor().call(call)->queue == QueueId{2});
        CHECK(d.w.floor().waiting(QueueId{2}).size() == 1);
        CHECK(d.w.agent_state(0) == "wrapping");
        CHECK(d.phone(0).notified() == Lines{"REFER 202", "SIP/2.0 200 OK"});
        CHECK(d.close()[4] == "queued");
    }
}

SCENARIO("a caller is passed on to the outside", "[sim]") {
    Desk d{1};
    GIVEN("a number that the agent may call") {
        d.phone(0).pass_on(0, "0301112", false, d.w.now);
        d.w.run(4s);
        THEN("the two outside talk, and the agent is free of both") {
            CHECK(d.caller_state() == "outside");
            CHECK(d.w.agent_state(0) == "wrapping");
            CHECK(d.w.floor().call_count() == 2);
            CHECK(d.close() == then({"transferring", "outside"}));
        }
    }
    GIVEN("a number outside the class of service") {
        d.phone(0).pass_on(0, "1900123", false, d.w.now);
        d.w.run(1s);
        THEN("it is refused") {
            CHECK(d.phone(0).notified().back() == "SIP/2.0 403 Forbidden");
            CHECK(d.w.agent_state(0) == "talking");
            CHECK(d.close() == before);
        }
    }
    GIVEN("a number that is busy") {
        d.w.carrier->decide_callee = [](Random&) { return 486; };
        d.phone(0).pass_on(0, "0301112", false, d.w.now);
        d.w.run(4s);
        THEN("the agent has the caller again") {
            CHECK(d.phone(0).notified().back() == "SIP/2.0 486 Busy Here");
            CHECK(d.w.agent_state(0) == "talking");
            CHECK(d.close() == then({"transferring", "talking"}));
        }
    }
}

SCENARIO("an agent asks a colleague while the caller is held", "[sim]") {
    Desk d;
    d.consult("2102");
    GIVEN("the colleague has answered") {
        d.w.run(3s);
        REQUIRE(d.w.agent_state(1) == "internal");
        WHEN("the agent passes the caller on, in either call, with tags in either order") {
            const bool in_second = GENERATE(false, true), swapped = GENERATE(false, true);
            d.w.narrate = true;
            d.phone(0).join_calls(in_second, swapped, d.w.now);
            d.w.run(1s);
            THEN("the colleague has the caller and sees who it is") {
                CHECK(d.w.agent_state(0) == "wrapping");
                CHECK(d.w.agent_state(1) == "talking");
                CHECK(d.phone(0).calls() == 0);
                CHECK(d.phone(0).notified() == Lines{"REFER 202", "SIP/2.0 200 OK"});
                CHECK(std::ranges::any_of(d.w.log(), [](const std::string& line) {
                    return line.find("us -> desk2: UPDATE") != std::string::npos;
                }));
                CHECK(d.w.playing().empty());
                CHECK(d.close() == then({"held", "consult", "talking"}));
            }
        }
        WHEN("the agent swaps: holds the colleague and resumes the caller, and back") {
            d.phone(0).hold_call(1, true, d.w.now);
            d.w.run(300ms);
            d.phone(0).hold_call(0, false, d.w.now);
            d.w.run(1s);
            CHECK(d.w.agent_state(0) == "talking");
            d.phone(0).hold_call(0, true, d.w.now);
            d.w.run(300ms);
            d.phone(0).hold_call(1, false, d.w.now);
            d.w.run(1s);
            CHECK(d.w.agent_state(0) == "consult");
            d.phone(0).hang_up(1, d.w.now);
            d.w.run(1s);
            CHECK(d.w.agent_state(0) == "held");
            d.phone(0).hold_call(0, false, d.w.now);
            d.w.run(1s);
            THEN("each is a segment, and the colleague is free again") {
                CHECK(d.w.agent_state(1) == "ready");
                CHECK(d.close() ==
                      then({"held", "consult", "talking", "consult", "held", "talking"}));
            }
        }
    }
}

SCENARIO("an agent has the caller and a colleague on the phone", "[sim]") {
    Desk d;
    d.consult("2102");
    GIVEN("the colleague has answered") {
        d.w.run(3s);
        WHEN("the agent joins all three on the phone") {
            d.phone(0).hold_call(0, false, d.w.now);
            d.w.run(1s);
            CHECK(d.w.agent_state(0) == "conference");
            CHECK(d.caller_state() == "conference");
            d.phone(0).hang_up(1, d.w.now);
            d.w.run(1s);
            THEN("it is a conference until one of them leaves") {
                CHECK(d.w.agent_state(0) == "talking");
                CHECK(d.close() == then({"held", "consult", "conference", "talking"}));
            }
        }
        WHEN("the caller hangs up") {
            d.w.carrier->hang_up_all(d.w.now);
            d.w.run(1s);
            THEN("the two agents go on with each other") {
                CHECK(d.w.agent_state(0) == "internal");
                CHECK(d.w.agent_state(1) == "internal");
                CHECK(d.close() == then({"held", "consult"}));
            }
        }
        WHEN("the daemon dies, and the agent passes the caller on in the next life") {
            d.w.crash(300ms);
            d.w.run(2s);
            d.phone(0).join_calls(false, false, d.w.now);
            d.w.run(1s);
            THEN("it is all the same") {
                CHECK(d.w.agent_state(1) == "talking");
                CHECK(d.close() == then({"held", "consult", "talking"}));
            }
        }
    }
    GIVEN("the colleague's phone still rings") {
        WHEN("the agent passes the caller on") {
            d.phone(0).join_calls(false, false, d.w.now);
            d.w.run(200ms);
            CHECK(d.caller_state() == "transferring");
            d.w.run(4s);
            THEN("the colleague answers the caller") {
                CHECK(d.w.agent_state(0) == "wrapping");
                CHECK(d.w.agent_state(1) == "talking");
                CHECK(d.phone(0).calls() == 0);
                CHECK(d.close() == then({"held", "consult", "transferring", "talking"}));
            }
        }
    }
}

SCENARIO("an agent asks somebody outside while the caller is held", "[sim]") {
    Desk d{1};
    d.consult("0301112");
    d.w.run(3s);
    WHEN("the agent joins the two") {
        d.phone(0).join_calls(false, false, d.w.now);
        d.w.run(1s);
        THEN("they talk, and the agent wraps up") {
            CHECK(d.caller_state() == "outside");
            CHECK(d.w.agent_state(0) == "wrapping");
            CHECK(d.phone(0).calls() == 0);
            CHECK(d.close() == then({"held", "consult", "outside"}));
        }
    }
    WHEN("the caller hangs up") {
        d.w.carrier->hang_up_all(d.w.now);
        d.w.run(1s);
        THEN("nothing is left") {
            CHECK(d.close() == then({"held", "consult"}));
        }
    }
}

SCENARIO("a caller is parked", "[sim]") {
    Desk d;
    d.phone(0).pass_on(0, "*681", false, d.w.now);
    d.w.run(500ms);
    CHECK(d.caller_state() == "parked");
    CHECK(d.w.agent_state(0) == "wrapping");
    CHECK(d.phone(0).notified() == Lines{"REFER 202", "SIP/2.0 200 OK"});
    WHEN("a colleague fetches the caller") {
        d.phone(1).dial("*681", d.w.now);
        d.w.run(1s);
        THEN("it is the colleague's") {
            CHECK(d.w.agent_state(1) == "talking");
            CHECK(d.w.playing().empty());
            CHECK(d.close() == then({"parked", "talking"}));
        }
    }
    WHEN("nobody does") {
        d.w.run(121s);
        THEN("who parked it is called and has it again") {
            CHECK(d.w.agent_state(0) == "called");
            d.w.run(3s);
            CHECK(d.w.agent_state(0) == "talking");
            CHECK(d.close() == then({"parked", "transferring", "talking"}));
        }
    }
    WHEN("the daemon dies meanwhile") {
        d.w.crash(300ms);
        d.w.run(1s);
        d.phone(1).dial("*681", d.w.now);
        d.w.run(1s);
        THEN("the caller is still there") {
            CHECK(d.w.agent_state(1) == "talking");
            CHECK(d.close() == then({"parked", "talking"}));
        }
    }
}

SCENARIO("what goes round and round is cut", "[sim]") {
    Desk d{1};
    for (int i = 0; i < 25; ++i) {
        d.phone(0).pass_on(0, "100", false, d.w.now);
        d.w.run(1s);
        d.w.command(console::OrderAgent{"2101", console::AgentOrder::ready, {}});
        d.w.run(3s);
    }
    CHECK(d.phone(0).notified().back() == "REFER 482");
    CHECK(d.w.agent_state(0) == "talking");
    d.close();
}
