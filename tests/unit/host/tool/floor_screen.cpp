#include "host/tool/floor_screen.hpp"

#include "host/tool/text_table.hpp"
#include "support/golden.hpp"
#include "unit/host/tool/example_floor.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::tool;
using test::example_floor;

namespace {
bool shows(const std::vector<Line>& lines, const std::string& what) {
    return text_of(lines).find(what) != std::string::npos;
}
}  // namespace

TEST_CASE("floor screen: as it is looked at", "[host][tool]") {
    struct Case {
        const char* file;
        ScreenSize size;
    };
    const auto c = GENERATE(Case{"top_80.txt", {80, 34}}, Case{"top_140.txt", {140, 24}});
    const auto text = text_of(floor_screen(example_floor(), c.size));
    CHECK(text == test::golden(std::string{GOLDEN_DIR} + "/" + c.file, text));
}

TEST_CASE("floor screen: fits, whatever the size", "[host][tool]") {
    auto floor = example_floor();
    for (std::uint32_t i = 0; i < 200; ++i) {
        floor.calls.push_back(test::call(1000 + i, "queued", "sales", "", 1, 1));
        floor.agents.push_back(test::agent("500", "Somebody", "ready", i));
        floor.queues.push_back(test::queue("more", 0, 0, 10, 10, 0));
    }
    floor.trouble = "something is wrong";
    if (GENERATE(false, true)) floor = Floor{};
    for (const std::size_t columns : {1, 2, 9, 20, 40, 79, 80, 100, 119, 120, 121, 200, 500})
        for (std::size_t rows = 1; rows < 60; rows += 3) {
            const auto lines = floor_screen(floor, {columns, rows});
            CHECK(lines.size() == rows);
            for (const auto& line : lines)
                CHECK(width_of(line) <= columns);
        }
}

TEST_CASE("floor screen: what finds no room is counted", "[host][tool]") {
    auto floor = example_floor();
    const auto all = floor_screen(floor, {80, 0});
    CHECK_FALSE(shows(all, "more"));
    CHECK(shows(all, "Ida"));
    const auto small = floor_screen(floor, {80, 20});
    CHECK(shows(small, "… and "));
    // Each pane keeps its heading and something to look at.
    for (const auto* part : {"QUEUE", "sales", "AGENT", "Chiara", "CALLER", "+4930555112"})
        CHECK(shows(small, part));
}

TEST_CASE("floor screen: trouble, drain and alarms stand out", "[host][tool]") {
    auto floor = example_floor();
    floor.status.draining = true;
    floor.trouble = "holdfastd is not there; trying again";
    for (int i = 0; i < 5; ++i)
        floor.alarms.push_back(floor.alarms[0]);
    floor.alarms[0].acknowledged = true;
    floor.alarms[1].active = false;
    const auto lines = floor_screen(floor, {140, 40});
    CHECK(shows(lines, "DRAINING: no new calls"));
    CHECK(shows(lines, " ! holdfastd is not there; trying again"));
    CHECK(shows(lines, " ! trunk-carrier for 1:11, acknowledged: trunk"));
    CHECK(shows(lines, "and 2 alarms more: holdfast alarms"));
}

// A caller may call himself anything; he must not write on the supervisor's terminal.
TEST_CASE("floor screen: names do not command the terminal", "[host][tool]") {
    auto floor = example_floor();
    floor.calls[0].caller = "\x1b[2Jevil\n";
    floor.agents[0].name =
        "\xc2\x9b"
        "31m";
    floor.alarms[0].text = "\x1b]0;x\x07";
    std::string bytes;
    for (const auto& line : floor_screen(floor, {140, 40}))
        bytes += rendered(line, false);
    for (const char byte : bytes)
        CHECK((static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7f));
    CHECK(bytes.find("?[2Jevil?") != std::string::npos);
    CHECK(bytes.find("\xc2\x9b") == std::string::npos);
}

TEST_CASE("floor screen: states have their colours", "[host][tool]") {
    std::string bytes;
    for (const auto& line : floor_screen(example_floor(), {140, 40}))
        bytes += rendered(line, true);
    for (const auto* part : {"\x1b[32mready",
                             "\x1b[33mringing",
                             "\x1b[36mtalking",
                             "\x1b[35mon hold",
                             "\x1b[94mwrap-up",
                             "\x1b[90mpaused: missed"})
        CHECK(bytes.find(part) != std::string::npos);
}

TEST_CASE("floor screen: news take the place of what was known", "[host][tool]") {
    auto floor = example_floor();
    apply(floor, test::agent("102", "Bea", "ringing", 0, "sales", 24));
    CHECK(floor.agents.size() == 9);
    CHECK(floor.agents[1].state == "ringing");
    apply(floor, test::call(24, "queued", "sales", "", 0, 0));
    CHECK(floor.calls.size() == 7);
    apply(floor, test::call(24, "over", "", "", 0, 0));
    CHECK(floor.calls.size() == 6);
    apply(floor, test::call(99, "closed", "", "", 0, 0));
    CHECK(floor.calls.size() == 6);
    apply(floor, test::queue("sales", 7, 1, 1, 1, 0));
    CHECK(floor.queues[0].waiting == 7);
    auto alarm = floor.alarms[0];
    alarm.active = false;
    apply(floor, alarm);
    CHECK_FALSE(floor.alarms[0].active);
}
