#include "settings/settings.hpp"
#include "wallboard/values.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using namespace holdfast::settings;

namespace {

const std::string floor_of_two = R"(
[media]
address = "127.0.0.1"
[[listen]]
transport = "udp"
address = "127.0.0.1"
[[queue]]
name = "sales"
[[queue]]
name = "support"
)";

const std::string boards = R"(
[[layout]]
name = "lobby"
[[layout.page]]
dwell = "5s"
rows = [
  [{ text = "Wait", width = 6 },
   { value = "waiting", queue = "support", marks = ["from 3 amber", "from 6 red blink"] }],
  [{ value = "message", width = 20, font = "6x12", colour = "white" }],
]
[[layout.page]]
rows = [[{ value = "clock", align = "left" }]]

[[alarm]]
name = "long wait"
value = "longest_wait"
queue = "sales"
when = "from 5m"
after = "10s"
priority = 7
latch = true
text = "SALES WAITS"

[[wallboard]]
name = "hall"
device = "/dev/ttyUSB0"
layout = "lobby"
brightness = 60
[[wallboard]]
name = "door"
driver = "alpha"
address = "192.0.2.40"
port = 4001
columns = 20
lines = 2
sign_address = "1?"
layout = "one_queue"
queues = ["sales"]
)";

std::string refusals_of(const std::string& text) {
    const auto read = settings::read(text);
    return read ? std::string{} : text_of(read.error(), "f");
}

/// The file with `from` replaced.
std::string changed(const std::string& from, const std::string& to) {
    auto text = floor_of_two + boards;
    const auto at = text.find(from);
    REQUIRE(at != text.npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("settings: wallboards, their layouts and alarms", "[settings]") {
    const auto read = settings::read(floor_of_two + boards);
    INFO((read ? "" : text_of(read.error(), "f")));
    REQUIRE(read);
    REQUIRE(read->host.boards.size() == 2);
    const auto& hall = read->host.boards[0];
    CHECK(hall.driver == wallboard::DriverKind::holdfast);
    CHECK(hall.line.device == "/dev/ttyUSB0");
    CHECK(hall.line.baud == 115'200);
    CHECK(hall.brightness == 60);
    REQUIRE(hall.layout.pages.size() == 2);
    CHECK(hall.layout.pages[0].dwell == 5s);
    const auto& cells = hall.layout.pages[0].rows[0].cells;
    CHECK(cells[0].text == "Wait");
    CHECK(cells[0].width == 6);
    CHECK(cells[1].value->name == "waiting");
    CHECK(cells[1].scope == 2);
    CHECK(cells[1].width == 3);
    REQUIRE(cells[1].marks.size() == 2);
    CHECK(cells[1].marks[1].blinks);
    const auto& door = read->host.boards[1];
    CHECK(door.line.format == wallboard::LineFormat::seven_even_one);
    CHECK(door.line.baud == 9600);
    CHECK(text_of(door.line) == "192.0.2.40:4001");
    CHECK(door.receiver.address == "1?");
    CHECK(door.layout.name == "one_queue");
    const auto& told = read->engine.wallboards;
    REQUIRE(told.boards.size() == 2);
    CHECK(told.boards[1].line == "192.0.2.40:4001");
    REQUIRE(told.watches.size() == 1);
    CHECK(told.watches[0].name == "floor-long wait");
    CHECK(told.watches[0].scope == 1);
    CHECK(told.watches[0].bound.at == 300);
    CHECK(told.watches[0].latches);
}

TEST_CASE("settings: what a wallboard cannot show is refused, with its line", "[settings]") {
    struct Case {
        const char *from, *to, *fault;
    };
    const auto c = GENERATE(
        Case{"\"waiting\", queue",
             "\"promises_due\", queue",
             "f:18: layout \"lobby\", page 1: \"promises_due\" cannot be shown: agents cannot give "
             "promises yet"},
        Case{"\"waiting\", queue", "\"wating\", queue", "is no value; known are waiting, "},
        Case{"queue = \"support\", marks", "queue = \"x\", marks", "which does not exist"},
        Case{"\"from 3 amber\"", "\"from 3 pink\"", "marks: \"from 3 pink\": the colour must be"},
        Case{"width = 20, font",
             "width = 50, font",
             "layout \"lobby\": page 1, row 2 is 300 pixels wide, the board 256: 44 too many"},
        Case{"font = \"6x12\"", "font = \"16x32\"", "64 too many"},
        Case{"font = \"6x12\"", "font = \"7x7\"", "font = \"7x7\" is not known; use 4x6"},
        Case{"{ text = \"Wait\", width = 6 }", "{ width = 6 }", "a text or a value, one of"},
        Case{"align = \"left\" }",
             "align = \"left\", queue = \"sales\" }",
             "\"clock\" is the whole centre's, not a queue's"},
        Case{"when = \"from 5m\"", "when = \"from 5\"", "the bound must be a time"},
        Case{"when = \"from 5m\"", "when = \"from 5m red\"", "nothing may follow the bound"},
        Case{"value = \"longest_wait\"", "value = \"callbacks_due\"", "there are no callbacks yet"},
        Case{"layout = \"lobby\"",
             "layout = \"loby\"",
             "there is no layout \"loby\"; there are one_queue, four_queues, escalation_and_hold, "
             "lobby"},
        Case{"device = \"/dev/ttyUSB0\"", "device = \"COM1\"", "or [site] appliance whose"},
        Case{"device = \"/dev/ttyUSB0\"",
             "baud = 1201\ndevice = \"/dev/ttyUSB0\"",
             "baud = 1201 is no rate"},
        Case{"device = \"/dev/ttyUSB0\"\n", "", "write device = \"/dev/...\" for a serial line"},
        Case{"port = 4001\n", "", "address needs a port"},
        Case{"columns = 20\n", "", "columns is missing"},
        Case{"columns = 20\n", "columns = 8\n", "too many"},
        Case{"sign_address = \"1?\"", "sign_address = \"xx\"", "must be two of 0-9 A-F"},
        Case{"sign_address = \"1?\"", "memory_bytes = 600", "too many"},
        Case{"queues = [\"sales\"]",
             "queues = [\"sales\", \"support\"]",
             "layout \"one_queue\" shows one queue, and queues names 2"},
        Case{"name = \"door\"", "name = \"front door\"", "must be letters, digits"},
        Case{"address = \"192.0.2.40\"\nport = 4001",
             "device = \"/dev/ttyUSB0\"",
             "wallboard \"hall\" has this line already"});
    CAPTURE(c.from, c.to);
    const auto text = refusals_of(changed(c.from, c.to));
    CAPTURE(text);
    CHECK(text.find(c.fault) != text.npos);
}

TEST_CASE("settings: an appliance names its serial sockets and its disk", "[settings]") {
    const auto text =
        "[site]\nappliance = \"appliance-x86\"\n" +
        changed("device = \"/dev/ttyUSB0\"", "driver = \"holdfast\"\ndevice = \"COM2\"");
    const auto read = settings::read(text);
    INFO((read ? "" : text_of(read.error(), "f")));
    REQUIRE(read);
    CHECK(read->host.boards[0].line.device == "/dev/ttyS1");
    CHECK(read->host.state == "/var/lib/holdfast");
    CHECK(refusals_of("[site]\nappliance = \"appliance-x87\"\n" + floor_of_two)
              .find("use one of appliance-x86, appliance-rpi4") != std::string::npos);
    CHECK(refusals_of("[site]\nappliance = \"appliance-rpi4\"\n" +
                      changed("device = \"/dev/ttyUSB0\"", "device = \"COM1\""))
              .find("appliance-rpi4 has HEADER and USB; or write a path") != std::string::npos);
}
