#include "host/tool/incoming.hpp"

#include "console/json.hpp"
#include "unit/host/tool/example_floor.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::tool;

TEST_CASE("incoming: every answer survives its line", "[host][tool]") {
    const auto floor = test::example_floor();
    console::PhoneLine phone{"desk1", "101", "192.0.2.1:5060", "UDP", true, false, 17.5};
    const auto answer = GENERATE_COPY(console::Answer{console::Done{}},
                                      console::Answer{console::Refused{"no"}},
                                      console::Answer{console::StateAnswer{"abc"}},
                                      console::Answer{floor.status},
                                      console::Answer{floor.queues},
                                      console::Answer{floor.agents},
                                      console::Answer{floor.calls},
                                      console::Answer{floor.alarms},
                                      console::Answer{std::vector{phone}},
                                      console::Answer{std::vector{console::TrunkLine{
                                          "carrier", "up", "sip:carrier.example", 3}}});
    const auto line = console::write_answer(7, answer);
    CAPTURE(line);
    const auto back = read_incoming(line);
    REQUIRE(back);
    CHECK(std::get<Answered>(*back).id == 7);
    CHECK(console::write_answer(7, std::get<Answered>(*back).answer) == line);
}

TEST_CASE("incoming: every event survives its line", "[host][tool]") {
    const auto floor = test::example_floor();
    const auto event = GENERATE_COPY(console::Event{floor.queues[0]},
                                     console::Event{floor.agents[0]},
                                     console::Event{floor.calls[0]},
                                     console::Event{floor.alarms[0]});
    const auto line = console::write_event(event);
    const auto back = read_incoming(line);
    REQUIRE(back);
    CHECK(console::write_event(std::get<console::Event>(*back)) == line);
}

TEST_CASE("incoming: a daemon a little older or newer is understood", "[host][tool]") {
    const auto read =
        read_incoming(R"({"v":1,"id":1,"answer":"calls","calls":[{"call":7,"new":1}]})");
    REQUIRE(read);
    const auto& answer = std::get<Answered>(*read).answer;
    CHECK(std::get<std::vector<console::CallLine>>(answer)[0].call == 7);
}

TEST_CASE("incoming: another protocol is a sentence", "[host][tool]") {
    struct Case {
        const char *line, *what;
    };
    const auto c =
        GENERATE(Case{"", "does not understand"},
                 Case{"[]", "does not understand"},
                 Case{R"({"v":2,"answer":"done"})", "speaks version 2"},
                 Case{R"({"v":1,"answer":"tea"})", "does not understand"},
                 Case{R"({"v":1,"answer":"calls","calls":[{"call":"x"}]})", "does not understand"},
                 Case{R"({"v":1,"event":"tea","tea":{}})", "an event \"tea\""});
    const auto read = read_incoming(c.line);
    REQUIRE_FALSE(read);
    CHECK(read.error().find(c.what) != std::string::npos);
}
