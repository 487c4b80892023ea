// Whole calls in virtual time, as a supervisor would tell them.
#include "sim/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace holdfast;
using namespace holdfast::sim;
using Kinds = std::vector<std::string>;

SCENARIO("a caller waits for the agent and is answered", "[sim]") {
    GIVEN("one agent, logged in and ready") {
        World w{1, centre(1)};
        w.run(1s);
        REQUIRE(w.phones[0]->registered());
        w.log_in(0);
        w.run(1s);
        REQUIRE(w.agent_state(0) == "ready");
        WHEN("a caller calls the queue's number") {
            w.carrier->call_in("0301234567", "100", {}, w.now);
            w.run(1s);
            THEN("the phone rings and shows queue, waited time and caller") {
                CHECK(w.agent_state(0) == "ringing");
                CHECK(w.phones[0]->display() == "support 0:00 0301234567");
                AND_THEN("both talk when the agent answers, and the ledger has every second") {
                    w.run(10s);
                    CHECK(w.agent_state(0) == "talking");
                    CHECK(w.carrier->figures().answered == 1);
                    w.run(30s);
                    CHECK(w.agent_state(0) == "wrapping");
                    w.close();
                    CHECK(w.checks().caller_kinds() ==
                          Kinds{"setup", "queued", "ringing", "talking"});
                }
            }
        }
    }
}

SCENARIO("an agent who does not answer loses the offer, not the caller's place", "[sim]") {
    GIVEN("two agents, of whom the first is away from the desk") {
        World w{2, centre(2)};
        w.phones[0]->decide = [](Random&) { return peers::Manner{.answers = false}; };
        w.run(1s);
        w.log_in(0);
        w.run(1s);
        WHEN("a caller comes, and the second agent logs in later") {
            w.carrier->call_in("0301234567", "100", {}, w.now);
            w.run(10s);
            w.log_in(1);
            w.run(13s);
            THEN("the first is not ready with the reason rona, the second talks") {
                CHECK(w.agent_state(0) == "not_ready");
                CHECK(w.floor().agent(AgentId{1}).pause_reason == acd::PauseReason::rona);
                CHECK(w.agent_state(1) == "talking");
                CHECK(w.phones[1]->display() == "support 0:20 0301234567");
                w.close();
                CHECK(w.checks().caller_kinds() ==
                      Kinds{"setup", "queued", "ringing", "queued", "ringing", "talking"});
            }
        }
    }
}

SCENARIO("an agent logs in, gets ready and pauses by feature codes", "[sim]") {
    GIVEN("a registered phone bound to an agent") {
        World w{3, centre(1)};
        w.run(1s);
        std::string last;
        w.phones[0]->tell = [&](auto&, std::string_view what) { last = what; };
        const auto dial = [&](std::string_view number) {
            w.phones[0]->dial(number, w.now);
            w.run(6s);
            CHECK(last == "ended");
        };
        WHEN("*45, *46, *463 and *45 are dialled") {
            dial("*45");
            CHECK(w.agent_state(0) == "not_ready");
            dial("*46");
            CHECK(w.agent_state(0) == "ready");
            dial("*463");
            CHECK(w.agent_state(0) == "not_ready");
            CHECK(w.floor().agent(AgentId{1}).pause_code == 3);
            dial("*45");
            THEN("the agent is logged out again") {
                CHECK(w.agent_state(0) == "logged_out");
                w.close();
            }
        }
    }
    GIVEN("a phone that is nobody's") {
        auto settings = centre(1);
        settings.floor.agents[0].bound_device = {};
        World w{4, settings};
        w.run(1s);
        WHEN("number and PIN are given") {
            w.phones[0]->dial("*45", w.now);
            w.run(1s);
            for (const char c : std::string{"2101#4711#"}) {
                w.phones[0]->press(c, w.now);
                w.run(300ms);
            }
            THEN("the agent is there") {
                w.run(5s);
                CHECK(w.agent_state(0) == "not_ready");
                w.close();
            }
        }
        WHEN("the PIN is wrong three times") {
            w.phones[0]->dial("*45", w.now);
            w.run(1s);
            for (const char c : std::string{"2101#4712#2101#1#2101#0000#"}) {
                w.phones[0]->press(c, w.now);
                w.run(300ms);
            }
            w.run(5s);
            THEN("nobody is, and the phone was hung up") {
                CHECK(w.agent_state(0) == "logged_out");
                CHECK(w.phones[0]->calls() == 0);
                w.close();
            }
        }
    }
}

SCENARIO("an agent who gets ready by code is offered nobody before the code's call ends", "[sim]") {
    GIVEN("a caller who waits for an agent that is not ready") {
        World w{3, centre(1)};
        w.run(1s);
        w.phones[0]->dial("*45", w.now);
        w.run(6s);
        REQUIRE(w.agent_state(0) == "not_ready");
        w.carrier->call_in("0301234567", "100", {}, w.now);
        w.run(1s);
        WHEN("the agent dials *46") {
            bool in_code_call = true, offered_meanwhile = false;
            w.phones[0]->tell = [&](auto&, std::string_view what) {
                if (what == "ended") in_code_call = false;
            };
            w.phones[0]->dial("*46", w.now);
            while (in_code_call) {
                w.run(20ms);
                offered_meanwhile |= in_code_call && w.agent_state(0) == "ringing";
            }
            THEN("the offer comes when the tone is over, and no earlier") {
                CHECK_FALSE(offered_meanwhile);
                w.run(1s);
                CHECK(w.agent_state(0) == "ringing");
                w.run(20s);
                w.close();
            }
        }
    }
}

SCENARIO("the agent's phone dies in mid-call", "[sim]") {
    GIVEN("a call between a caller and one of two agents") {
        World w{5, centre(2)};
        for (auto& p : w.phones)
            p->decide = [](Random&) { return peers::Manner{.talks_for = 0s}; };
        w.run(1s);
        w.log_in(0);
        w.run(1s);
        w.carrier->call_in("0301234567", "100", {.hangs_up_after = 600s}, w.now);
        w.run(5s);
        REQUIRE(w.agent_state(0) == "talking");
        w.log_in(1);
        WHEN("the phone is unplugged and its silence is reported") {
            w.kill_phone(0);
            w.silence_of_agent(0);
            w.run(12s);
            THEN("the caller is first in the queue again and reaches the other agent") {
                CHECK(w.agent_state(0) == "unreachable");
                CHECK(w.agent_state(1) == "talking");
                w.close();
                CHECK(
                    w.checks().caller_kinds() ==
                    Kinds{"setup", "queued", "ringing", "talking", "queued", "ringing", "talking"});
            }
        }
    }
}

SCENARIO("an agent calls out over the trunk, and to a colleague", "[sim]") {
    GIVEN("two agents") {
        World w{7, centre(2)};
        w.phones[1]->decide = [](Random&) { return peers::Manner{.talks_for = 10s}; };
        w.run(1s);
        w.log_in(0);
        w.log_in(1);
        w.run(1s);
        std::string last;
        w.phones[0]->tell = [&](auto&, std::string_view what) { last = what; };
        WHEN("a number of the class of service is dialled") {
            w.phones[0]->dial("0301234", w.now);
            w.run(1s);
            CHECK(w.agent_state(0) == "dialing");
            w.run(4s);
            CHECK(last == "talking");
            CHECK(w.agent_state(0) == "talking");
            w.phones[0]->hang_up_all(w.now);
            w.run(2s);
            THEN("the agent is ready again") {
                CHECK(w.agent_state(0) == "ready");
                w.close();
                CHECK(w.checks().caller_kinds() == Kinds{"setup", "talking"});
            }
        }
        WHEN("a number outside the class of service is dialled") {
            w.phones[0]->dial("1900123", w.now);
            w.run(1s);
            THEN("it is refused") {
                CHECK(last == "refused 403");
                w.close();
            }
        }
        WHEN("a colleague is called") {
            w.phones[0]->dial("2102", w.now);
            w.run(5s);
            CHECK(w.agent_state(0) == "internal");
            CHECK(w.agent_state(1) == "internal");
            w.run(20s);
            THEN("both are ready again after it") {
                CHECK(w.agent_state(0) == "ready");
                CHECK(w.agent_state(1) == "ready");
                w.close();
            }
        }
        WHEN("a logged-out phone dials an emergency number") {
            w.command(console::OrderAgent{"2101", console::AgentOrder::log_out, {}});
            w.run(1s);
            w.phones[0]->dial("112", w.now);
            w.run(5s);
            THEN("it is connected") {
                CHECK(last == "talking");
                w.close();
            }
        }
    }
}

SCENARIO("phones are not asked whether they live where the settings say never", "[sim]") {
    GIVEN("a registered phone and no routine of OPTIONS") {
        auto settings = centre(1);
        settings.registrar.options_every = 0s;
        World w{9, settings};
        w.run(1s);
        REQUIRE(w.phones[0]->registered());
        w.narrate = true;
        const auto asked = [&] {
            return std::ranges::count_if(w.log(), [](const std::string& line) {
                return line.find("us -> desk1: OPTIONS") != std::string::npos;
            });
        };
        WHEN("the daemon is killed, and later the phone is silent in a call") {
            w.crash(300ms);
            w.run(30s);
            CHECK(asked() == 0);
            w.log_in(0);
            w.carrier->call_in("0301234567", "100", {}, w.now);
            w.run(10s);
            REQUIRE(w.agent_state(0) == "talking");
            w.silence_of_agent(0);
            w.run(30s);
            THEN("it is asked for that silence, once") {
                CHECK(asked() == 1);
                w.close();
            }
        }
    }
}

SCENARIO("music that is loaded late is heard by those who wait already", "[sim]") {
    GIVEN("a media process that reads music slowly, and a caller who waits") {
        auto settings = centre(1);
        settings.default_music = "music.wav";
        World w{11, settings};
        w.files_load_in = 3s;
        w.run(1s);
        w.carrier->call_in("0301234567", "100", {}, w.now);
        w.run(500ms);
        const auto first = w.playing();
        REQUIRE(first.size() == 1);  // a tone stands in: nobody waits in silence
        WHEN("the music is there") {
            w.run(3s);
            THEN("the caller hears it") {
                CHECK(w.playing().size() == 1);
                CHECK(w.playing() != first);
                w.close();
            }
        }
    }
}
