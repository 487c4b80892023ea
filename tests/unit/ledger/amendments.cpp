#include "ledger/amendments.hpp"

#include "ledger/verify.hpp"
#include "ledger_fixture.hpp"
#include "support/ledger_day.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace holdfast;
using namespace holdfast::ledger;

namespace {

const Grounds by_anna{"Anna", "the caller asked for it", WallInstant{1h}};

bool bytes_stand_in(const std::string& path, const std::string& bytes) {
    std::ifstream in{path, std::ios::binary};
    const std::string all{std::istreambuf_iterator<char>{in}, {}};
    return all.find(bytes) != std::string::npos;
}

std::string one(const std::string& path, const std::string& sql) {
    SQLite::Database db{path, SQLite::OPEN_READONLY};
    return db.execAndGet(sql).getString();
}

}  // namespace

TEST_CASE("corrections: a new line, with author and reason; the row stays", "[ledger]") {
    const LedgerFile file;
    auto ledger = Ledger::open(file.path);
    REQUIRE(ledger->write(one_call()));
    REQUIRE(ledger->correct({3, "queue", "sales"}, by_anna));
    REQUIRE(ledger->correct({3, "queue", "billing"}, by_anna));
    REQUIRE(ledger->correct({1, "trunk", "carrier-b"}, by_anna));
    REQUIRE(ledger->seal(WallInstant{2h}).value());
    REQUIRE(ledger->correct({4, "kind", "not_ready"}, by_anna));
    CHECK(one(file.path, "SELECT queue FROM segment WHERE row = 3") == "support");
    CHECK(one(file.path, "SELECT queue FROM segment_corrected WHERE row = 3") == "billing");
    CHECK(one(file.path, "SELECT queue FROM segment_corrected WHERE row = 5") == "support");
    CHECK(one(file.path, "SELECT author || ', ' || reason FROM correction WHERE number = 1") ==
          "Anna, the caller asked for it");
    const auto verdict = verify(file.path);
    INFO((verdict->sentences.empty() ? "" : verdict->sentences.front()));
    CHECK(verdict->sound());
    CHECK(verdict->corrections == 4);
    CHECK_THROWS_WITH(file.exec("DELETE FROM correction"), Catch::Contains("append-only"));
    CHECK(ledger->seal(WallInstant{3h}).value()->number == 2);  // a correction alone is news
}

TEST_CASE("corrections: what makes no sense is refused", "[ledger]") {
    struct Case {
        Correction correction;
        Grounds by;
        const char* sentence;
    };
    const auto c = GENERATE(
        Case{{77, "queue", "sales"}, by_anna, "there is no row 77"},
        Case{{3, "ended_us", "7"}, by_anna, "\"ended_us\" cannot be corrected in row 3, a segment"},
        Case{{1, "caller_number", "7"}, by_anna, "there are dialled, trunk"},
        Case{{3, "person", ""}, by_anna, "cannot be corrected"},
        Case{{3, "kind", "wrapping"}, by_anna, "\"wrapping\" is no kind of segment in a caller's"},
        Case{{4, "kind", "queued"}, by_anna, "no kind of segment in an agent's lane"},
        Case{{9, "outcome", "fine"}, by_anna, "\"fine\" is no outcome"},
        Case{{3, "queue", std::string(501, 'x')}, by_anna, "longer than 500 bytes"},
        Case{{3, "queue", "sales"}, {"", "why", {}}, "the author must be named"},
        Case{{3, "queue", "sales"}, {"Anna", "", {}}, "the reason must be given"});
    const LedgerFile file;
    auto ledger = Ledger::open(file.path);
    REQUIRE(ledger->write(one_call()));
    const auto done = ledger->correct(c.correction, c.by);
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == Fault::Kind::refused);
    CAPTURE(done.error().text);
    CHECK(done.error().text.find(c.sentence) != std::string::npos);
    CHECK(verify(file.path)->corrections == 0);
}

TEST_CASE("corrections: verify finds what was done to them", "[ledger]") {
    struct Case {
        const char *sql, *sentence;
    };
    const auto c = GENERATE(
        Case{"UPDATE correction SET value = 'x' WHERE number = 1", "correction 1: its hash does"},
        Case{"UPDATE correction SET hash = x'00' WHERE number = 1", "correction 2: its hash does"},
        Case{"DELETE FROM correction WHERE number = 1", "correction 2: it follows correction 0"},
        Case{"DELETE FROM correction WHERE number = 3", "table head: correction 3 is the last"},
        Case{"DELETE FROM correction WHERE number = 3; UPDATE head SET correction = 2, "
             "correction_hash = (SELECT hash FROM correction WHERE number = 2)",
             "seal 1: correction 3 is missing"},
        Case{"DELETE FROM correction WHERE number = 3; INSERT INTO correction SELECT 3, row, "
             "field, value, author, reason, made_utc_us, hash FROM correction WHERE number = 2",
             "correction 3: its hash does"},
        Case{"INSERT INTO person SELECT 1, salt, number, name, dialled FROM person",
             "row 1: its person is not what was written"});
    CAPTURE(c.sql);
    const LedgerFile file;
    {
        auto ledger = Ledger::open(file.path);
        auto rows = one_call();
        std::get<acd::ShiftOpened>(rows[1].what).agent_name = "Bernd";
        REQUIRE(ledger->write(rows));
        REQUIRE(ledger->correct({3, "queue", "sales"}, by_anna));
        REQUIRE(ledger->erase({1}, by_anna));
        REQUIRE(ledger->correct({3, "queue", "billing"}, by_anna));
        REQUIRE(ledger->seal(WallInstant{2h}).value());
    }
    CHECK(verify(file.path)->sound());
    file.damage(c.sql);
    const auto verdict = verify(file.path);
    std::string all;
    for (const auto& s : verdict->sentences)
        all += s + "\n";
    CAPTURE(all);
    CHECK(verdict->flaws > 0);
    CHECK(all.find(c.sentence) != all.npos);
}

TEST_CASE("erasure: number and name are gone, and everything verifies", "[ledger]") {
    const LedgerFile file;
    auto rows = one_call();
    auto& journey = std::get<acd::JourneyOpened>(rows[0].what);
    journey.caller_number = "+4930-5550100";
    journey.caller_name = "Erika Mustermann";
    auto ledger = Ledger::open(file.path);
    REQUIRE(ledger->write(rows));
    REQUIRE(ledger->seal(WallInstant{1h}).value());
    CHECK(one(file.path, "SELECT caller_name FROM call") == "Erika Mustermann");
    CHECK_THROWS_WITH(file.exec("DELETE FROM person"), Catch::Contains("only erased"));

    const auto erased = ledger->erase({1}, by_anna);
    REQUIRE(erased);
    CHECK(erased->row == 1);
    CHECK(erased->log_emptied);
    CHECK(one(file.path, "SELECT caller_name || erased FROM call") == "1");
    const auto verdict = verify(file.path);
    INFO((verdict->sentences.empty() ? "" : verdict->sentences.front()));
    CHECK(verdict->sound());
    CHECK(verdict->persons_erased == 1);
    for (const char* end : {"", "-wal"})
        for (const char* secret : {"5550100", "Mustermann"})
            CHECK_FALSE(bytes_stand_in(file.path + end, secret));

    CHECK(ledger->erase({1}, by_anna).error().text.find("erased already") != std::string::npos);
    CHECK(ledger->erase({2}, by_anna).error().text.find("nothing is known") != std::string::npos);
    CHECK(ledger->erase({9}, by_anna).error().text.find("no such journey") != std::string::npos);
}

TEST_CASE("erasure: while another reads, the log keeps the bytes and that is told", "[ledger]") {
    const LedgerFile file;
    auto ledger = Ledger::open(file.path);
    REQUIRE(ledger->write(one_call()));
    SQLite::Database other{file.path, SQLite::OPEN_READONLY};
    SQLite::Statement reading{other, "SELECT row FROM segment"};
    REQUIRE(reading.executeStep());
    const auto erased = ledger->erase({1}, by_anna);
    REQUIRE(erased);
    CHECK_FALSE(erased->log_emptied);
}

TEST_CASE("ledger: two programs correct and write at once, and all is sound", "[ledger]") {
    const LedgerFile file;
    test::LedgerDay day{3};
    auto daemon = Ledger::open(file.path);
    REQUIRE(daemon->write(day.rows(20)));
    auto tool = Ledger::open(file.path);
    for (int i = 0; i < 20; ++i) {
        REQUIRE(daemon->write(day.rows(20)));
        REQUIRE(tool->correct({1, "phone", std::to_string(i)}, by_anna));
        if (i % 5 == 0) REQUIRE(daemon->seal(WallInstant{Micros{i}}).value());
    }
    const auto verdict = verify(file.path);
    INFO((verdict->sentences.empty() ? "" : verdict->sentences.front()));
    CHECK(verdict->sound());
    CHECK(verdict->corrections == 20);
}

TEST_CASE("ledger: the views answer the common questions", "[ledger]") {
    const LedgerFile file;
    auto ledger = Ledger::open(file.path);
    REQUIRE(ledger->write(one_call()));
    CHECK(one(file.path,
              "SELECT day || queue || calls || answered || abandoned || mean_wait_answered_s || "
              "longest_wait_s || mean_talk_and_hold_s FROM queue_day") ==
          "1970-01-01support11010.010.040.0");
    CHECK(one(file.path,
              "SELECT agent || calls || logged_in_s || ready_s || talking_s || held_s FROM "
              "agent_day") == "2101155.015.030.010.0");
    CHECK(one(file.path, "SELECT seconds FROM wait") == "10.0");
    CHECK(one(file.path, "SELECT agent || outcome || length_s FROM call_total") ==
          "2101completed50.0");
    CHECK(one(file.path, "SELECT count(*) FROM segment_for_people") == "6");
    CHECK(one(file.path, "SELECT count(*) FROM agent_shift") == "1");
    CHECK(one(file.path, "SELECT count(*) FROM queue_today") == "0");
    // The same call, as if it were today.
    SQLite::Database db{file.path, SQLite::OPEN_READONLY};
    auto rows = one_call();
    for (auto& row : rows) {
        row.row += 9;
        if (auto* const s = std::get_if<acd::SegmentClosed>(&row.what)) {
            s->lane[1] = s->journey[1] = 1;
            s->stamp.utc = WallInstant{
                std::chrono::seconds{db.execAndGet("SELECT strftime('%s', 'now')").getInt64()}};
        }
        if (auto* const j = std::get_if<acd::JourneyOpened>(&row.what)) j->journey[1] = 1;
        if (auto* const s = std::get_if<acd::ShiftOpened>(&row.what)) s->shift[1] = 1;
        if (auto* const m = std::get_if<acd::MarkClosed>(&row.what)) m->lane[1] = 1;
    }
    REQUIRE(ledger->write(rows));
    CHECK(one(file.path, "SELECT queue || calls || answered || going_on FROM queue_today") ==
          "support110");
    CHECK(verify(file.path)->sound());
}
