// Phones that send their calls elsewhere (3xx), in virtual time.
#include "sim/desk.hpp"

using namespace holdfast;
using namespace holdfast::sim;

namespace {

/// Four agents who are ready. The phone of `from` forwards to `to`.
struct Ready {
    World w;
    std::string first_told;

    explicit Ready(engine::Settings settings = centre(4))
        : w{47, std::move(settings), {.least_delay = 2ms, .most_delay = 2ms}} {
        for (auto& phone : w.phones)
            phone->decide = [](Random&) { return peers::Manner{.talks_for = 0s}; };
        w.carrier->answers_after = 500ms;
        phone(0).tell = [this](peers::Phone&, std::string_view what) { first_told = what; };
        w.run(1s);
        for (std::size_t i = 0; i < 4; ++i)
            w.log_in(i);
        w.run(1s);
    }
    peers::Phone& phone(std::size_t i) { return *w.phones[i]; }
    void forward(std::size_t from, const std::string& to, int status = 302) {
        phone(from).decide = [to, status](Random&) {
            return peers::Manner{.answers_after = 100ms,
                                 .rejects_with = status,
                                 .forwards_to = "sip:" + to + "@10.0.0.1"};
        };
    }
    void dial(const char* number) {
        phone(0).dial(number, w.now);
        w.run(4s);
    }
    std::string states() const {
        std::string out;
        for (std::size_t i = 0; i < 4; ++i)
            out += (i == 0 ? "" : " ") + w.agent_state(i);
        return out;
    }
};

}  // namespace

SCENARIO("a phone forwards what a queue offers", "[sim]") {
    const auto status = GENERATE(301, 302, 305);
    auto settings = centre(4);
    settings.floor.queues[0].strategy = acd::Strategy::longest_idle;
    Ready r{settings};
    for (std::size_t i = 0; i < 3; ++i)
        r.forward(i, "0301112", status);
    r.w.carrier->call_in("0301234567", "100", {.hangs_up_after = 0s}, r.w.now);
    r.w.run(5s);
    THEN("the next agent has the caller, nobody outside is called, and who forwards is not ready") {
        CHECK(r.states() == "not_ready not_ready not_ready talking");
        CHECK(r.w.floor().agent(AgentId{1}).pause_reason == acd::PauseReason::forwarded);
        CHECK(r.w.floor().today(AgentId{1}).rejected == 1);
        CHECK(r.w.carrier->calls() == 1);
        r.w.carrier->hang_up_all(r.w.now);
        r.w.close();
    }
}

SCENARIO("a phone forwards a colleague's call", "[sim]") {
    Ready r;
    GIVEN("to another colleague, or over two phones") {
        const bool twice = GENERATE(false, true);
        r.forward(1, "2103", GENERATE(300, 301, 302));
        if (twice) r.forward(2, "2104");
        r.dial("2102");
        THEN("they talk") {
            CHECK(r.states() ==
                  (twice ? "internal ready ready internal" : "internal ready internal ready"));
            CHECK(r.phone(twice ? 3 : 2).diversion() ==
                  (twice ? "<sip:2103@10.0.0.1>;reason=unknown;counter=1, "
                           "<sip:2102@10.0.0.1>;reason=unknown;counter=1"
                         : "<sip:2102@10.0.0.1>;reason=unknown;counter=1"));
            r.phone(0).hang_up_all(r.w.now);
            r.w.run(1s);
            CHECK(r.states() == "ready ready ready ready");
            r.w.close();
        }
    }
    GIVEN("to the outside") {
        r.forward(1, "0301112");
        r.dial("2102");
        THEN("they talk; it counts against who forwards") {
            CHECK(r.states() == "internal ready ready ready");
            const auto& call = *r.w.floor().call(r.w.floor().calls().front());
            CHECK(text(call.lane.state) == "talking");
            CHECK(call.passed.sponsor == AgentId{2});
            if (GENERATE(false, true)) r.w.crash(300ms);
            r.w.run(1s);
            r.w.carrier->hang_up_all(r.w.now);
            r.w.run(1s);
            CHECK(r.states() == "ready ready ready ready");
            CHECK(r.phone(0).calls() == 0);
            r.w.close();
        }
    }
}

SCENARIO("a phone forwards a colleague's call elsewhere", "[sim]") {
    Ready r;
    GIVEN("into a queue") {
        r.forward(1, "200");
        r.dial("2102");
        THEN("the caller waits there, and one of those who are free answers") {
            CHECK(r.w.agent_state(0) == "internal");
            CHECK(r.w.floor().call(r.w.floor().calls().front())->queue == QueueId{2});
            r.phone(0).hang_up_all(r.w.now);
            r.w.run(1s);
            CHECK(r.w.agent_state(0) == "ready");
            r.w.close();
        }
    }
    GIVEN("to the outside, while somebody is called whose caller is held") {
        r.w.carrier->call_in("0301234567", "100", {.hangs_up_after = 0s}, r.w.now);
        r.w.run(4s);
        REQUIRE(r.w.agent_state(0) == "talking");
        r.forward(1, "0301112");
        r.phone(0).hold_call(0, true, r.w.now);
        r.w.run(500ms);
        r.dial("2102");
        THEN("it is a consult as any other") {
            CHECK(r.w.agent_state(0) == "consult");
            CHECK(r.w.carrier->calls() == 2);
            r.w.carrier->hang_up(1, r.w.now);
            r.w.run(1s);
            CHECK(r.w.agent_state(0) == "held");
            r.w.carrier->hang_up_all(r.w.now);
            r.w.close();
        }
    }
}

SCENARIO("a phone forwards a colleague's call, and that is not followed", "[sim]") {
    Ready r;
    GIVEN("where it may not, or cannot") {
        const char* to = GENERATE("1900123", "112", "2101", "2102", "*4611", "nobody", "2104");
        CAPTURE(to);
        r.forward(1, to);
        r.phone(3).dial("0301112", r.w.now);  // 2104 is busy
        r.w.run(2s);
        r.dial("2102");
        THEN("the caller hears that nobody is there, or that they are busy") {
            CHECK(r.first_told == (to == std::string{"2104"} ? "refused 486" : "refused 480"));
            CHECK(r.w.agent_state(0) == "ready");
            CHECK(r.w.agent_state(1) == "ready");
            r.w.close();
        }
    }
    GIVEN("in a circle") {
        r.forward(1, "2103");
        r.forward(2, "2104");
        r.forward(3, "2102");
        r.dial("2102");
        THEN("it is cut") {
            CHECK(r.first_told == "refused 480");
            CHECK(r.states() == "ready ready ready ready");
            r.w.close();
        }
    }
    GIVEN("to a proxy (305)") {
        r.forward(1, "2103", 305);
        r.dial("2102");
        CHECK(r.first_told == "refused 480");
        r.w.close();
    }
}
