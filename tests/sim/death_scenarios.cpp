// The daemon's death in virtual time: what goes on, and what is let go of.
#include "engine/in_hand.hpp"
#include "sim/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace holdfast;
using namespace holdfast::sim;

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

SCENARIO("kill -9 between a refusal's rows and its response", "[sim]") {
    const auto seed = GENERATE(range(1, 9));
    auto settings = centre(1);
    settings.floor.queues[0].capacity = 0;
    settings.registrar.options_every = 0s;
    World w{static_cast<std::uint64_t>(seed), settings};
    w.run(3s);
    w.carrier->call_in("0301234567", "100", {}, w.now);
    w.crash_while_sending(100ms);
    w.run(10s);
    THEN("the repeated INVITE gets the same answer, and is nobody new") {
        CHECK(w.carrier->figures().by_status.contains(486));
        w.close();
        const auto rows = w.checks().all_rows();
        CHECK(std::ranges::count_if(rows, [](const acd::LedgerRow& row) {
                  return std::holds_alternative<acd::JourneyOpened>(row.what);
              }) == 1);
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
