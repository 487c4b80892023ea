#include "console/json.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace holdfast::console;

TEST_CASE("control: every request survives its line", "[console]") {
    const auto request = GENERATE(Request{ShowStatus{}},
                                  Request{ShowQueues{}},
                                  Request{ShowAgents{}},
                                  Request{ShowCalls{}},
                                  Request{ShowPhones{}},
                                  Request{ShowTrunks{}},
                                  Request{ShowAlarms{}},
                                  Request{ShowState{}},
                                  Request{Watch{}},
                                  Request{OrderAgent{"2101", AgentOrder::log_in, "desk1"}},
                                  Request{OrderQueue{"sales", QueueOrder::move, "night"}},
                                  Request{HangUp{7}},
                                  Request{Drain{false}},
                                  Request{AcknowledgeAlarm{"x"}});
    const auto line = write_request(9, request);
    CAPTURE(line);
    const auto back = read_request(line);
    REQUIRE(back);
    CHECK(back->id == 9);
    CHECK(back->request.index() == request.index());
    CHECK(write_request(9, back->request) == line);
}

TEST_CASE("control: what is no request is answered with a sentence", "[console]") {
    struct Case {
        const char *line, *what;
    };
    const auto c =
        GENERATE(Case{"", "parse error"},
                 Case{"7", "one JSON object a line"},
                 Case{R"({"v":2,"id":3,"ask":"status"})", "speaks version 1"},
                 Case{R"({"v":1,"ask":"coffee"})", "\"coffee\" is no request; known are status"},
                 Case{R"({"v":1,"ask":"agent","agent":"1","order":"fly"})", "order must be"},
                 Case{R"({"v":1,"ask":"hang_up","call":"x"})", "type must be number"},
                 Case{R"({"v":1})", "key 'ask' not found"});
    const auto read = read_request(c.line);
    REQUIRE_FALSE(read);
    CAPTURE(read.error().what);
    CHECK(read.error().what.find(c.what) != std::string::npos);
}

TEST_CASE("control: answers and events are one line each, whatever names contain", "[console]") {
    CallLine call;
    call.caller = "evil\"\n\xff";
    const auto answer = write_answer(1, std::vector{call});
    CHECK(std::count(answer.begin(), answer.end(), '\n') == 1);
    CHECK(answer.starts_with(R"({"v":1,"id":1,"answer":"calls","calls":[{"call":0)"));
    CHECK(write_answer(2, Refused{"no"}) == "{\"v\":1,\"id\":2,\"refused\":\"no\"}\n");
    CHECK(write_event(AgentLine{}).starts_with(R"({"v":1,"event":"agent","agent":{"number":"")"));
}
