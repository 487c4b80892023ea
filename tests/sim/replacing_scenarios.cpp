// A phone takes the place of another dialog (RFC 3891), in virtual time.
#include "sim/desk.hpp"

using namespace holdfast;
using namespace holdfast::sim;

namespace {

/// What the phone's person was told last.
struct Told {
    std::string last;
    explicit Told(peers::Phone& phone) {
        phone.tell = [this](peers::Phone&, std::string_view what) { last = what; };
    }
};

}  // namespace

SCENARIO("a colleague takes over a call that is answered", "[sim]") {
    Desk d;
    Told told{d.phone(1)};
    const bool swapped = GENERATE(false, true);
    GIVEN("one who serves the queue") {
        d.phone(1).take_over(d.phone(0).replaces(0, swapped), d.w.now);
        d.w.run(1s);
        THEN("the caller is that colleague's") {
            CHECK(d.w.agent_state(0) == "wrapping");
            CHECK(d.w.agent_state(1) == "talking");
            CHECK(d.phone(0).calls() == 0);
            CHECK(d.close() == then({"talking"}));
        }
    }
    GIVEN("a wish for an early dialog alone") {
        d.phone(1).take_over(d.phone(0).replaces(0, swapped) + ";early-only", d.w.now);
        d.w.run(1s);
        THEN("it is declined: 486") {
            CHECK(told.last == "refused 486");
            CHECK(d.w.agent_state(0) == "talking");
            d.close();
        }
    }
    GIVEN("one who is not ready to talk") {
        d.phone(1).dial("0301112", d.w.now);
        d.w.run(4s);
        d.phone(1).take_over(d.phone(0).replaces(0, swapped), d.w.now);
        d.w.run(1s);
        THEN("it is declined: 486") {
            CHECK(told.last == "refused 486");
            d.phone(1).hang_up_all(d.w.now);
            d.w.run(1s);
            d.close();
        }
    }
}

SCENARIO("who may not take over a call", "[sim]") {
    auto settings = centre(3);
    settings.floor.agents[1].queues = {QueueId{2}};
    Desk d{2, settings};
    Told told{d.phone(1)};
    GIVEN("a colleague of another queue") {
        d.phone(1).take_over(d.phone(0).replaces(0), d.w.now);
        d.w.run(1s);
        CHECK(told.last == "refused 403");
    }
    GIVEN("a phone that nobody is logged in at") {
        Told third{d.phone(2)};
        d.phone(2).take_over(d.phone(0).replaces(0), d.w.now);
        d.w.run(1s);
        CHECK(third.last == "refused 403");
    }
    GIVEN("tags of no dialog") {
        d.phone(1).take_over("nobody;to-tag=a;from-tag=b", d.w.now);
        d.w.run(1s);
        CHECK(told.last == "refused 481");
    }
    GIVEN("one tag that is wrong") {
        auto replaces = d.phone(0).replaces(0);
        replaces.back() = replaces.back() == '0' ? '1' : '0';
        d.phone(1).take_over(replaces, d.w.now);
        d.w.run(1s);
        CHECK(told.last == "refused 481");
    }
    GIVEN("a Replaces without a tag") {
        d.phone(1).take_over("nobody;to-tag=a", d.w.now);
        d.w.run(1s);
        CHECK(told.last == "refused 400");
    }
    CHECK(d.w.agent_state(0) == "talking");
    CHECK(d.close() == before);
}

SCENARIO("a colleague picks up a phone that rings", "[sim]") {
    World w{47, centre(2), {.least_delay = 2ms, .most_delay = 2ms}};
    for (auto& phone : w.phones)
        phone->decide = [](Random&) { return peers::Manner{.answers = false, .talks_for = 0s}; };
    w.run(1s);
    Told told{*w.phones[1]};
    GIVEN("a caller who is offered to an agent") {
        w.log_in(0);
        w.run(1s);
        w.carrier->call_in("0301234567", "100", {.hangs_up_after = 0s}, w.now);
        w.run(1s);
        REQUIRE(w.agent_state(0) == "ringing");
        const auto replaces = w.phones[0]->replaces(0);
        WHEN("the colleague is ready") {
            w.log_in(1);
            w.run(1s);
            w.phones[1]->take_over(replaces + ";early-only", w.now);
            w.run(1s);
            THEN("the colleague has the caller, the other phone rings no more") {
                CHECK(w.agent_state(0) == "ready");
                CHECK(w.agent_state(1) == "talking");
                CHECK(w.phones[0]->calls() == 0);
                CHECK(w.playing().empty());
                w.carrier->hang_up_all(w.now);
                w.close();
                CHECK(w.checks().caller_kinds() == Kinds{"setup", "queued", "ringing", "talking"});
            }
        }
        WHEN("the colleague has a pause") {
            w.log_in(1);
            w.command(console::OrderAgent{"2102", console::AgentOrder::pause, {}});
            w.run(1s);
            w.phones[1]->take_over(replaces, w.now);
            w.run(1s);
            CHECK(told.last == "refused 486");
            CHECK(w.agent_state(0) == "ringing");
            w.close();
        }
        WHEN("the caller has just left") {
            w.log_in(1);
            w.run(1s);
            w.carrier->hang_up_all(w.now);
            w.run(1ms);
            w.phones[1]->take_over(replaces, w.now);
            w.run(1s);
            THEN("there is nothing to take, or it is over") {
                CHECK((told.last == "refused 603" || told.last == "refused 481"));
                w.close();
            }
        }
    }
}

SCENARIO("a third picks up for a colleague who is called", "[sim]") {
    World w{48, centre(3), {.least_delay = 2ms, .most_delay = 2ms}};
    w.phones[1]->decide = [](Random&) { return peers::Manner{.answers = false}; };
    w.run(1s);
    for (std::size_t i = 0; i < 3; ++i)
        w.log_in(i);
    w.run(1s);
    w.phones[0]->dial("2102", w.now);
    w.run(1s);
    REQUIRE(w.agent_state(1) == "called");
    w.phones[2]->take_over(w.phones[1]->replaces(0), w.now);
    w.run(1s);
    CHECK(w.agent_state(0) == "internal");
    CHECK(w.agent_state(1) == "ready");
    CHECK(w.agent_state(2) == "internal");
    w.phones[0]->hang_up_all(w.now);
    w.run(1s);
    w.close();
}
