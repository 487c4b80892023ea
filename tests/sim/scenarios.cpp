// Whole calls in virtual time, as a supervisor would tell them.
#include "engine/in_hand.hpp"
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

SCENARIO("kill -9 with callers waiting, ringing and talking", "[sim]") {
    GIVEN("ten callers of each kind") {
        World w{6, centre(20)};
        for (std::size_t i = 0; i < 20; ++i)
            w.phones[i]->decide = [i](Random&) {
                return peers::Manner{.answers = i < 10, .talks_for = 0s};
            };
        w.run(1s);
        int caller = 301'000'000;
        const auto call_in = [&](int n) {
            for (int i = 0; i < n; ++i)
                w.carrier->call_in(std::to_string(++caller), "100", {.hangs_up_after = 0s}, w.now);
            w.run(4s);
        };
        for (std::size_t i = 0; i < 10; ++i)
            w.log_in(i);
        call_in(10);
        for (std::size_t i = 10; i < 20; ++i)
            w.log_in(i);
        call_in(20);
        const auto count = [&](acd::caller::State state) {
            int n = 0;
            for (const CallId id : w.floor().calls())
                n += w.floor().call(id)->lane.state == state ? 1 : 0;
            return n;
        };
        REQUIRE(count(acd::caller::talking) == 10);
        REQUIRE(count(acd::caller::ringing) == 10);
        REQUIRE(count(acd::caller::queued) == 10);
        WHEN("the daemon is killed and is back after 300 ms") {
            w.crash(300ms);
            w.run(2s);
            THEN("all of them are still there, and end as they should") {
                REQUIRE(w.alive());
                CHECK(count(acd::caller::talking) == 10);
                CHECK(count(acd::caller::ringing) == 10);
                CHECK(count(acd::caller::queued) == 10);
                CHECK(w.carrier->calls() == 30);
                w.close();
                CHECK(w.carrier->calls() == 0);
            }
        }
    }
}

SCENARIO("a call that has ended lives is let go of, and no other", "[sim]") {
    GIVEN("a caller who talks, and one who waits") {
        World w{11, centre(1)};
        w.phones[0]->decide = [](Random&) { return peers::Manner{.talks_for = 900s}; };
        w.run(1s);
        w.log_in(0);
        w.carrier->call_in("0301234567", "100", {}, w.now);
        w.run(5s);
        w.carrier->call_in("0307654321", "100", {}, w.now);
        w.run(2s);
        REQUIRE(w.agent_state(0) == "talking");
        const auto calls = w.floor().calls();
        REQUIRE(calls.size() == 2);
        const auto word_of_call = [](CallId call) {
            return engine::word_of({engine::InHand::Kind::call, call.value});
        };
        WHEN("two lives died over the one who waits") {
            w.suspects = {{word_of_call(calls[1]), 2}};
            w.crash(300ms);
            w.run(2s);
            THEN("that caller is told, and the other talks on") {
                CHECK(w.floor().calls() == std::vector{calls[0]});
                CHECK(w.agent_state(0) == "talking");
                CHECK(w.carrier->calls() == 1);
                w.close();
            }
        }
        WHEN("two lives died over the one who talks") {
            w.suspects = {{word_of_call(calls[0]), 2}};
            w.crash(300ms);
            w.run(500ms);
            THEN("both sides are told, and the other waits on") {
                CHECK(w.floor().calls() == std::vector{calls[1]});
                CHECK(w.carrier->calls() == 1);
                w.close();
            }
        }
        WHEN("letting go of it has ended a life too") {
            w.suspects = {{word_of_call(calls[0]), 3}};
            w.crash(300ms);
            w.run(500ms);
            THEN("it is gone without a word, and its peers find out") {
                CHECK(w.floor().calls() == std::vector{calls[1]});
                CHECK(w.agent_state(0) != "talking");
                w.phones[0]->hang_up_all(w.now);
                w.close();
            }
        }
        WHEN("something comes from the one who talks") {
            w.phones[0]->hang_up_all(w.now);
            const auto before = w.floor().call_count();
            while (w.floor().call_count() == before)
                w.run(1ms);
            THEN("the call was named while it was worked at") {
                CHECK(w.named().contains(word_of_call(calls[0])));
                w.close();
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

SCENARIO("kill -9 in the milliseconds in which media is opened", "[sim]") {
    GIVEN("an agent who is ready, and a greeting for callers") {
        auto settings = centre(1);
        settings.floor.queues[1].has_greeting = true;
        settings.sounds[1].greeting = "greeting.wav";
        World w{8, settings};
        w.run(1s);
        WHEN("the caller's media was ordered, and the daemon dies") {
            w.carrier->call_in("0301234567", "100", {}, w.now);
            while (w.floor().call_count() == 0)
                w.run(50us);
            REQUIRE(w.carrier->figures().answered == 0);
            w.crash(300ms);
            w.run(2s);
            THEN("the caller is answered by the next life") {
                CHECK(w.carrier->figures().answered == 1);
                w.close();
            }
        }
        WHEN("the agent's media was ordered, and the daemon dies") {
            w.carrier->call_in("0301234567", "100", {}, w.now);
            w.run(1s);
            w.log_in(0);
            REQUIRE(w.agent_state(0) == "reserved");
            w.crash(300ms);
            w.run(1s);
            THEN("the next life calls the phone, and the agent answers") {
                CHECK(w.agent_state(0) == "ringing");
                w.run(5s);
                CHECK(w.agent_state(0) == "talking");
                w.close();
            }
        }
        WHEN("the caller hears the greeting, and the daemon dies until after its end") {
            w.log_in(0);
            w.carrier->call_in("0301234567", "200", {}, w.now);
            w.run(1500ms);
            w.crash(900ms);
            w.run(4s);
            THEN("the greeting is heard again, and the caller comes to the queue") {
                CHECK(w.agent_state(0) == "ringing");
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
