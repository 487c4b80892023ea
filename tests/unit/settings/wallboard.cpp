#include "settings/settings.hpp"
#include "wallboard/values.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

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
rows = [[{ value = "clock", align = "left" },
         { bar = "service_level_today", queue = "sales", marks = ["below 80 red"] },
         { spark = "waiting", full = 20, width = 60, height = 10, every = "30s" },
         { bar = "longest_hold", full = "2m" },
         { bitmap = "bell", value = "waiting", marks = ["from 3 phone blink"] }]]
[[bitmap]]
name = "phone"
rows = ["g.g", ".g."]
[[bitmap]]
name = "bell"
rows = [".y.", "yyy", "yyy", ".r."]

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
[[wallboard]]
name = "east"
driver = "holdfast"
device = "/dev/ttyUSB1"
layout = "four_queues"
queues = ["sales", "support"]
[[wallboard]]
name = "west"
driver = "holdfast"
device = "/dev/ttyUSB1"
node = 2
layout = "four_queues"
queues = ["support", "sales"]
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

std::vector<std::string> split(std::string_view text, std::string_view by) {
    std::vector<std::string> parts;
    for (auto at = text.find(by); at != text.npos; at = text.find(by)) {
        parts.emplace_back(text.substr(0, at));
        text.remove_prefix(at + by.size());
    }
    parts.emplace_back(text);
    return parts;
}

std::vector<std::string> lines_of(std::string_view table) {
    auto lines = split(table, "\n");
    std::erase(lines, "");
    return lines;
}

void check_drawn(const wallboard::Layout& layout) {
    using wallboard::CellKind;
    const auto& cells = layout.pages[1].rows[0].cells;
    REQUIRE(cells.size() == 5);
    CHECK(cells[1].kind == CellKind::bar);
    CHECK(cells[1].full == 1000);
    CHECK(cells[1].scope == 1);
    CHECK(cells[2].kind == CellKind::spark);
    CHECK(cells[2].full == 20);
    CHECK(cells[2].every == 30s);
    CHECK(cells[3].full == 120);
    REQUIRE(layout.bitmaps.size() == 2);
    CHECK(layout.bitmaps[cells[4].bitmap].name == "bell");
    CHECK(layout.bitmaps[cells[4].marks.at(0).bitmap].name == "phone");
    CHECK(cells[4].height == 4);
}

}  // namespace

TEST_CASE("settings: wallboards, their layouts and alarms", "[settings]") {
    const auto read = settings::read(floor_of_two + boards);
    INFO((read ? "" : text_of(read.error(), "f")));
    REQUIRE(read);
    REQUIRE(read->host.boards.size() == 4);
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
    check_drawn(hall.layout);
    const auto& door = read->host.boards[1];
    CHECK(door.line.format == wallboard::LineFormat::seven_even_one);
    CHECK(door.line.baud == 9600);
    CHECK(text_of(door.line) == "192.0.2.40:4001");
    CHECK(door.receiver.address == "1?");
    CHECK(door.layout.name == "one_queue");
    const auto& told = read->engine.wallboards;
    REQUIRE(told.boards.size() == 4);
    CHECK(told.boards[1].line == "192.0.2.40:4001");
    REQUIRE(told.watches.size() == 1);
    CHECK(told.watches[0].name == "floor-long wait");
    CHECK(told.watches[0].scope == 1);
    CHECK(told.watches[0].bound.at == 300);
    CHECK(told.watches[0].latches);
}

TEST_CASE("settings: what a wallboard cannot show is refused, with its line", "[settings]") {
    // What is replaced, by what, and what is said of it.
    constexpr std::string_view faults = R"(
"waiting", queue -> "satisfaction", queue -> f:18: layout "lobby", page 1: "satisfaction" cannot be
"waiting", queue -> "satisfaction", queue -> shown: there are no surveys yet
"waiting", queue -> "wating", queue -> is no value; known are waiting,
queue = "support", marks -> queue = "x", marks -> which does not exist
"waiting", queue = "support" -> "escalations_waiting" -> no queue takes them; write escalation =
"waiting", queue -> "escalations_oldest", queue -> and queue "support" takes none; if it does,
"longest_wait" -> "escalations_oldest" -> "escalations_oldest" tells of escalations, and queue
layout = "one_queue" -> layout = "escalation_and_hold" -> "escalations_waiting" tells of escalations
"from 3 amber" -> "from 3 pink" -> marks: "from 3 pink": the colour must be
width = 20, font -> width = 50, font -> page 1, row 2 is 300 pixels wide, the board 256: 44 too many
font = "6x12" -> font = "16x32" -> 64 too many
font = "6x12" -> font = "7x7" -> font = "7x7" is not known; use 4x6
{ text = "Wait", width = 6 } -> { width = 6 } -> one of text, value, bar, spark and
bar = "service_level_today" -> bar = "clock" -> "clock" is no count, share or time: it cannot be
bar = "longest_hold" -> bar = "satisfaction" -> there are no surveys yet
full = 20,  ->  -> full is missing: the count that is as much as can be shown
width = 60, height -> width = 160, height -> page 2, row 1 is 331 pixels wide, the board 256: 75
height = 10 -> height = 40 -> page 2 is 40 pixels high, the board 32: 8 too many
bitmap = "bell" -> bitmap = "bill" -> there is no [[bitmap]] "bill"
bitmap = "bell", value = "waiting" -> bitmap = "bell" -> marks judge a value: say which one
from 3 phone -> from 3 pink -> behind the bound stands a [[bitmap]], and "pink" is none
rows = ["g.g", ".g."] -> rows = ["g.g", ".g"] -> rows: row 2 has 2 pixels, and row 1 has 3
rows = ["g.g", ".g."] -> rows = ["q"] -> row 1 has "q"; a pixel is one of
name = "phone" -> name = "a phone" -> must be one word
align = "left" } -> align = "left", queue = "sales" } -> is the whole centre's, not a queue's
when = "from 5m" -> when = "from 5" -> the bound must be a time
when = "from 5m" -> when = "from 5m red" -> nothing may follow the bound
value = "longest_wait" -> value = "callbacks_due" -> there are no callbacks yet
layout = "lobby" -> layout = "loby" -> there is no layout "loby"; there are one_queue, four_queues,
device = "/dev/ttyUSB0" -> device = "COM1" -> or [site] appliance whose
brightness = 60 -> baud = 1201 -> baud = 1201 is no rate
device = "/dev/ttyUSB0" ->  -> write device = "/dev/..." for a serial line
port = 4001 ->  -> address needs a port
columns = 20 ->  -> columns is missing
columns = 20 -> columns = 8 -> too many
sign_address = "1?" -> sign_address = "xx" -> must be two of 0-9 A-F
sign_address = "1?" -> memory_bytes = 600 -> too many
queues = ["sales"] -> queues = ["sales", "support"] -> shows one queue, and queues names 2
name = "door" -> name = "front door" -> must be letters, digits
address = "192.0.2.40" -> device = "/dev/ttyUSB0" -> wallboard "hall" has this line already
node = 2 -> node = 1 -> wallboard "east" is node 1 of this line; boards that share one have a node
node = 2 -> baud = 9600 -> wallboard "east" has this line at 115200 baud
)";
    for (const auto& line : lines_of(faults)) {
        const auto parts = split(line, " -> ");
        REQUIRE(parts.size() == 3);
        const auto told = refusals_of(changed(parts[0], parts[1]));
        INFO(line << "\n" << told);
        CHECK(told.find(parts[2]) != told.npos);
    }
}

TEST_CASE("settings: figures that the line cannot carry are refused, and how much is too much") {
    const std::string spark = R"({ spark = "waiting", full = 9, width = 128, height = 8 })";
    const auto told =
        refusals_of(changed(R"({ value = "message", width = 20, font = "6x12", colour = "white" })",
                            fmt::format("{0}, {0}], [{0}", spark)));
    INFO(told);
    CHECK(told.find("layout \"lobby\": the figures of page 1 may take 405 octets of the line at "
                    "once, 300 are allowed: show fewer of them") != told.npos);
}

TEST_CASE("settings: a queue takes escalations, and boards tell who waits there", "[settings]") {
    auto text = changed("name = \"sales\"", "name = \"sales\"\nescalation = true");
    const auto put = [&](const std::string& from, const std::string& to) {
        text.replace(text.find(from), from.size(), to);
    };
    put("\"waiting\", queue = \"support\"", "\"escalations_waiting\"");  // of all queues
    put("layout = \"one_queue\"", "layout = \"escalation_and_hold\"");
    put("value = \"longest_wait\"", "value = \"escalations_oldest\"");
    const auto read = settings::read(text);
    INFO((read ? "" : text_of(read.error(), "f")));
    REQUIRE(read);
    CHECK(read->engine.floor.queues[0].escalation);
    CHECK_FALSE(read->engine.floor.queues[1].escalation);
    const auto& shown = read->host.boards[1].layout.pages[0].rows[0].cells[1];
    CHECK(shown.value->name == "escalations_waiting");
    CHECK(shown.scope == 1);
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
