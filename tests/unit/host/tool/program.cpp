// The program as it is run, word by word, against a control server.
#include "ledger/ledger.hpp"
#include "unit/host/tool/served_program.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <sys/stat.h>

using namespace holdfast;
using test::Program;
using test::ServedProgram;

namespace {
using Words = std::vector<std::string>;

bool no_space_ends_a_line(const std::string& text) {
    return text.find(" \n") == text.npos;
}
}  // namespace

TEST_CASE("holdfast: questions are answered with tables", "[host][tool]") {
    struct Case {
        Words words;
        std::vector<const char*> parts;
    };
    const auto c = GENERATE(
        Case{{"status"},
             {"holdfastd  1.2.3\nsite       Main street\nup         3d 4:05:06\n",
              "9 of 10 registered",
              "           3 too-long\n"}},
        Case{{"queues"},
             {"QUEUE    OPEN  WAITING  LONGEST m:s",
              "sales    yes         2         1:23",
              "  escalations\n"}},
        Case{{"agents"}, {"AGENT  NAME", "  101  Ann Miller", "paused", "missed", "1:02:03"}},
        Case{{"calls"},
             {"CALL  CALLER", "  17  +4930555117  +493012345  sales", "SINCE ENTRY m:s"}},
        Case{{"phones"}, {"There are no phones.\n"}},
        Case{{"trunks"},
             {"TRUNK    STATE  SERVER", "carrier  up     sip:carrier.example      3\n"}},
        Case{{"alarms"}, {"trunk-carrier  active       1:11  trunk \"carrier\" does not answer"}},
        Case{{"state"}, {"a1b2\n"}},
        Case{{"drain", "on"}, {"done\n"}});
    ServedProgram served;
    const auto program = served.run(c.words);
    CAPTURE(program->out(), program->err());
    CHECK(program->code == 0);
    CHECK(program->err().empty());
    for (const auto* part : c.parts)
        CHECK(program->out().find(part) != std::string::npos);
    CHECK(no_space_ends_a_line(program->out()));
}

TEST_CASE("holdfast: --json gives the daemon's line", "[host][tool]") {
    ServedProgram served;
    const auto program = served.run({"--json", "state"});
    CHECK(program->code == 0);
    CHECK(program->out() == "{\"v\":1,\"id\":1,\"answer\":\"state\",\"hash\":\"a1b2\"}\n");
}

TEST_CASE("holdfast: a refused order ends with 1 and its sentence", "[host][tool]") {
    ServedProgram served;
    served.answer = [](const auto&) { return console::Refused{"there is no agent \"9\""}; };
    const auto program = served.run({"agent", "9", "ready"});
    CHECK(program->code == 1);
    CHECK(program->out().empty());
    CHECK(program->err() == "holdfast: there is no agent \"9\"\n");
    REQUIRE(served.requests.size() == 1);
    CHECK(std::get<console::OrderAgent>(served.requests[0]).agent == "9");
    const auto json = served.run({"agent", "9", "ready", "--json"});
    CHECK(json->code == 1);
    CHECK(json->out().find("\"refused\":\"there is no agent") != std::string::npos);
}

TEST_CASE("holdfast: no daemon is a sentence and 69", "[host][tool]") {
    ServedProgram served;
    served.server.reset();  // the socket's file is left
    for (const auto* word : {"status", "watch", "top"}) {
        const auto stale = served.run({word});
        CHECK(stale->code == 69);
        CHECK(stale->err().find("nobody serves " + served.path) != std::string::npos);
    }
    served.path = served.folder / "nowhere";
    const auto absent = served.run({"status"});
    CHECK(absent->code == 69);
    CHECK(absent->out().empty());
    CHECK(absent->err().find("holdfastd is not there: nothing is at") != std::string::npos);
    CHECK(absent->err().find("Start it") != std::string::npos);
}

TEST_CASE("holdfast: a daemon that goes in the middle is 69 too", "[host][tool]") {
    ServedProgram served;
    Program program{{"watch", "--socket", served.path}, served.folder};
    REQUIRE(served.until([&] { return served.watcher != 0; }));
    served.server.reset();
    REQUIRE(served.until([&] { return program.ended(); }));
    CHECK(program.code == 69);
    CHECK(program.err().find("holdfastd has closed the connection") != std::string::npos);
}

TEST_CASE("holdfast: a wrong command line is 64", "[host][tool]") {
    ServedProgram served;
    const auto program = served.run({"coffee"});
    CHECK(program->code == 64);
    CHECK(served.requests.empty());
}

TEST_CASE("holdfast: watch tells every change as a line", "[host][tool]") {
    ServedProgram served;
    const bool json = GENERATE(false, true);
    Words words{"watch", "--socket", served.path};
    if (json) words.emplace_back("--json");
    Program program{words, served.folder};
    REQUIRE(served.until([&] { return served.watcher != 0; }));
    served.server->tell({served.watcher, served.floor.agents[0]});
    served.server->tell({served.watcher, served.floor.calls[4]});
    served.server->tell({served.watcher, served.floor.queues[0]});
    served.server->tell({served.watcher, served.floor.alarms[0]});
    REQUIRE(served.until([&] {
        const auto out = program.out();
        return std::count(out.begin(), out.end(), '\n') == 4;
    }));
    const auto out = program.out();
    CAPTURE(out);
    if (json) {
        CHECK(out.starts_with(R"({"v":1,"event":"agent","agent":{"number":"101")"));
        return;
    }
    CHECK(out.find(" agent 101 Ann Miller: talking, sales, call 17\n") != out.npos);
    CHECK(out.find(" call 22: waiting, sales, from +4930555122, since 1:23\n") != out.npos);
    CHECK(out.find(" queue sales: 2 waiting up to 1:23, 1 of 5 agents ready\n") != out.npos);
    CHECK(out.find(" alarm trunk-carrier: trunk \"carrier\"") != out.npos);
}

TEST_CASE("holdfast: a refusal before the question is told", "[host][tool]") {
    ServedProgram served;
    std::vector<std::unique_ptr<Program>> watchers;
    std::vector<std::unique_ptr<test::Folder>> folders;
    for (std::size_t i = 0; i < host::most_control_connections; ++i) {
        folders.push_back(std::make_unique<test::Folder>());
        watchers.push_back(
            std::make_unique<Program>(Words{"watch", "--socket", served.path}, *folders.back()));
    }
    REQUIRE(served.until([&] { return served.requests.size() == host::most_control_connections; }));
    const auto program = served.run({"status"});
    CHECK(program->code == 1);
    CHECK(program->err().find("too many programs are connected") != std::string::npos);
}

TEST_CASE("holdfast: settings are checked", "[host][tool]") {
    ServedProgram served;
    const std::string file = served.folder / "settings.toml";
    std::ofstream{file}
        << "[media]\naddress = \"127.0.0.1\"\n[[listen]]\naddress = \"127.0.0.1\"\n";
    const auto good = served.run({"settings", "check", file});
    CHECK(good->code == 0);
    CHECK(good->out() == file +
                             ": good. Site \"holdfast\": 0 queues, 0 agents, 0 phones, "
                             "0 trunks, 1 listener.\n");
    CHECK(good->err().empty());

    std::ofstream{file}
        << "[media]\naddress = \"here\"\n[[queue]]\nname = \"a\"\nmusic = \"/no\"\n";
    const auto bad = served.run({"settings", "check", file});
    CHECK(bad->code == 78);
    CHECK(bad->out().empty());
    CAPTURE(bad->err());
    CHECK(bad->err().find(file + ":2: [media]: address = \"here\"") != std::string::npos);
    CHECK(bad->err().find(file + ":5: queue \"a\": music") != std::string::npos);
    CHECK(bad->err().find("faults, not usable\n") != std::string::npos);

    const auto json = served.run({"settings", "check", file, "--json"});
    CHECK(json->code == 78);
    CHECK(json->out().find(R"({"line":2,"what":"[media]: address)") != std::string::npos);

    CHECK(served.run({"settings", "check", file + "x"})->code == 66);
    CHECK(served.run({"settings", "check", served.folder.path})->code == 66);
}

TEST_CASE("holdfast: a ledger is copied, and the copy is verified by the head that is told",
          "[host][tool]") {
    ServedProgram served;
    const std::string file = served.folder / "ledger.db", copy = served.folder / "copy.db";
    {
        auto ledger = ledger::Ledger::open(file);
        acd::JourneyOpened journey;
        journey.journey[0] = 1;
        REQUIRE(ledger->write(std::vector<acd::LedgerRow>{{1, journey}}));
    }
    const auto copied = served.run({"ledger", "backup", file, copy});
    CHECK(copied->code == 0);
    CHECK(copied->out().find(copy + ": ") == 0);
    const auto told = copied->out().find("--head ") + 7;
    const auto head = copied->out().substr(told, copied->out().find('\n', told) - told);
    CHECK(served.run({"ledger", "verify", copy, "--head", head})->code == 0);
    const auto again = served.run({"ledger", "backup", file, copy});
    CHECK(again->code != 0);
    CHECK(again->err().find("is there already") != std::string::npos);
}

TEST_CASE("holdfast: a ledger is verified", "[host][tool]") {
    ServedProgram served;
    const std::string file = served.folder / "ledger.db";
    const auto absent = served.run({"ledger", "verify", file});
    CHECK(absent->code == 66);
    CHECK(absent->err().find(file) != std::string::npos);

    auto ledger = ledger::Ledger::open(file);
    REQUIRE(ledger);
    const auto sound = served.run({"ledger", "verify", file});
    CHECK(sound->code == 0);
    CHECK(sound->out() == file +
                              ": sound. 0 segments tile 0 callers' and 0 agents' lanes (0 open), "
                              "0 us.\n");
    acd::SegmentClosed segment;
    segment.lane_kind = acd::LaneKind::agent;
    segment.lane.fill(7);
    segment.kind = "nonsense";
    segment.number = 1;
    acd::ShiftOpened shift;
    shift.shift.fill(7);
    REQUIRE(ledger->write(std::vector{acd::LedgerRow{1, shift}, acd::LedgerRow{2, segment}}));
    const auto flawed = served.run({"ledger", "verify", file});
    CAPTURE(flawed->err());
    CHECK(flawed->code == 1);
    CHECK(flawed->err().starts_with(file + ": row 2: kind \"nonsense\" is none of its lane\n"));
    CHECK(flawed->err().ends_with("the first in row 2: keep the file, and ask for help\n"));
    const auto json = served.run({"ledger", "verify", file, "--json"});
    CHECK(json->code == 1);
    CHECK(json->out().find("\"sound\":false") != std::string::npos);
}

TEST_CASE("holdfast: a ledger is corrected, a caller erased, and its head told", "[host][tool]") {
    ServedProgram served;
    const std::string file = served.folder / "ledger.db";
    const std::vector<std::string> grounds{"--author", "Anna", "--reason", "it was so"};
    const auto with_grounds = [&](std::vector<std::string> words) {
        words.insert(words.end(), grounds.begin(), grounds.end());
        return served.run(words);
    };
    CHECK(with_grounds({"ledger", "correct", file, "2", "queue", "sales"})->code == 66);
    CHECK_FALSE(std::filesystem::exists(file));

    auto ledger = ledger::Ledger::open(file);
    acd::JourneyOpened journey;
    journey.journey.fill(7);
    journey.caller_number = "+49301234567";
    acd::SegmentClosed segment;
    segment.lane.fill(7);
    segment.kind = "queued";
    segment.queue = "support";
    segment.number = 1;
    REQUIRE(ledger->write(std::vector{acd::LedgerRow{1, journey}, acd::LedgerRow{2, segment}}));

    const auto head = served.run({"ledger", "head", file});
    CHECK(head->code == 0);
    auto known = ledger::text_of(ledger->head());
    CHECK(head->out() == known + "\n");

    const auto corrected = with_grounds({"ledger", "correct", file, "2", "queue", "sales"});
    CHECK(corrected->code == 0);
    CHECK(corrected->out().find("row 2: queue is \"sales\" from now on") != std::string::npos);
    const auto refused = with_grounds({"ledger", "correct", file, "9", "queue", "sales"});
    CHECK(refused->code == 1);
    CHECK(refused->err() == file + ": there is no row 9 to correct\n");

    const std::string id(32, '7');
    CHECK(with_grounds({"ledger", "erase", file, id})->code == 1);
    std::string lane;
    for (int i = 0; i < 16; ++i)
        lane += "07";
    const auto erased = with_grounds({"ledger", "erase", file, lane});
    CHECK(erased->code == 0);
    CHECK(erased->out().find("the person of row 1 is gone") != std::string::npos);

    const auto sound = served.run({"ledger", "verify", file, "--head", known});
    CAPTURE(sound->err());
    CHECK(sound->code == 0);
    CHECK(sound->out().find("2 corrections, 1 persons erased.\nHead " + known) !=
          std::string::npos);
    known.back() = known.back() == '0' ? '1' : '0';
    const auto flawed = served.run({"ledger", "verify", file, "--head", known});
    CHECK(flawed->code == 1);
    CHECK(flawed->err().find("when its head was kept elsewhere") != std::string::npos);
}
