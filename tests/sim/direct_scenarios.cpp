// Callers who dial an agent's own number, in virtual time.
#include "sim/desk.hpp"

using namespace holdfast;
using namespace holdfast::sim;

SCENARIO("a caller dials an agent's own number", "[sim]") {
    auto settings = centre(1);
    settings.floor.agents[0].numbers = {"5551234"};
    World w{43, settings, {.least_delay = 2ms, .most_delay = 2ms}};
    w.phones[0]->decide = [](Random&) { return peers::Manner{.talks_for = 0s}; };
    w.run(1s);
    GIVEN("an agent who answers") {
        w.log_in(0);
        w.run(1s);
        w.carrier->call_in("0301234567", "5551234", {.hangs_up_after = 0s}, w.now);
        w.run(1s);
        CHECK(w.agent_state(0) == "called");
        if (GENERATE(false, true)) {
            w.crash(300ms);
            w.run(1s);
        }
        w.run(3s);
        CHECK(w.agent_state(0) == "talking");
        w.phones[0]->hold_call(0, true, w.now);
        w.run(1s);
        CHECK(w.agent_state(0) == "held");
        w.carrier->hang_up_all(w.now);
        w.close();
        CHECK(w.checks().caller_kinds() == Kinds{"setup", "talking", "held"});
    }
    GIVEN("an agent who is away, or does not answer") {
        const auto [there, status] = GENERATE(table<bool, int>({{false, 480}, {true, 480}}));
        w.phones[0]->decide = [](Random&) { return peers::Manner{.answers = false}; };
        if (there) w.log_in(0);
        w.run(1s);
        w.carrier->call_in("0301234567", "5551234", {.hangs_up_after = 0s}, w.now);
        w.run(32s);
        CHECK(w.carrier->figures().by_status.at(status) == 1);
        w.close();
        CHECK(w.checks().caller_kinds() == Kinds{"setup"});
    }
    GIVEN("the number by which phones reach the agent") {
        w.log_in(0);
        w.run(1s);
        w.carrier->call_in("0301234567", "2101", {}, w.now);
        w.run(1s);
        THEN("it is none that the outside has") {
            CHECK(w.carrier->figures().by_status.at(404) == 1);
            w.close();
        }
    }
}

SCENARIO("who dials an agent and is not answered goes into a queue", "[sim]") {
    auto settings = centre(2);
    settings.floor.agents[0].numbers = {"5551234"};
    settings.floor.agents[0].no_answer = QueueId{2};
    settings.floor.agents[0].queues = {QueueId{1}};
    World w{43, settings, {.least_delay = 2ms, .most_delay = 2ms}};
    const bool there = GENERATE(false, true), dies = GENERATE(false, true);
    w.phones[0]->decide = [](Random&) { return peers::Manner{.answers = false}; };
    w.run(1s);
    if (there) w.log_in(0);
    w.log_in(1);
    w.run(1s);
    w.carrier->call_in("0301234567", "5551234", {.hangs_up_after = 0s}, w.now);
    w.run(1s);
    if (dies) w.crash(300ms);
    w.run(there ? 31s : 1s);
    w.run(3s);
    THEN("the queue's agents have the caller") {
        CHECK(w.agent_state(1) == "talking");
        CHECK(w.agent_state(0) == (there ? "ready" : "logged_out"));
        w.carrier->hang_up_all(w.now);
        w.close();
        CHECK(w.checks().caller_kinds() == Kinds{"setup", "queued", "ringing", "talking"});
    }
}
