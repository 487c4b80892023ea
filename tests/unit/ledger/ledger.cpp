#include "ledger/ledger.hpp"

#include "ledger/open_lanes.hpp"
#include "ledger/verify.hpp"
#include "ledger_fixture.hpp"
#include "support/ledger_day.hpp"

#include <cstdio>
#include <fstream>

using namespace holdfast;
using namespace holdfast::ledger;

TEST_CASE("ledger: rows are there after a new start, and are not written twice", "[ledger]") {
    const LedgerFile file;
    {
        auto ledger = Ledger::open(file.path);
        REQUIRE(ledger);
        CHECK(ledger->last_row() == 0);
        REQUIRE(ledger->write(one_call()));
        CHECK(ledger->last_row() == 9);
    }
    auto ledger = Ledger::open(file.path);
    REQUIRE(ledger);
    CHECK(ledger->last_row() == 9);
    REQUIRE(ledger->write(one_call()));
    const auto verdict = verify(file.path);
    REQUIRE(verdict);
    INFO((verdict->sentences.empty() ? "" : verdict->sentences.front()));
    CHECK(verdict->sound());
    CHECK(verdict->rows == 6);
    CHECK(verdict->open_lanes == 1);  // the shift goes on
    CHECK(verdict->lane_us == verdict->segment_us);
}

TEST_CASE("ledger: what is written never changes", "[ledger]") {
    const LedgerFile file;
    auto ledger = Ledger::open(file.path);
    REQUIRE(ledger->write(one_call()));
    for (const char* table : {"journey", "shift", "segment", "mark"}) {
        CHECK_THROWS_WITH(file.exec(std::string{"UPDATE "} + table + " SET row = 99"),
                          Catch::Contains("append-only"));
        CHECK_THROWS_WITH(file.exec(std::string{"DELETE FROM "} + table),
                          Catch::Contains("append-only"));
    }
    CHECK_THROWS_WITH(file.exec("UPDATE person SET name = ''"), Catch::Contains("only erased"));
}

TEST_CASE("ledger: verify finds every kind of damage and names the row", "[ledger]") {
    struct Case {
        const char* sql;
        std::uint64_t row;
        const char* sentence;
    };
    const auto c = GENERATE(
        Case{"UPDATE segment SET began_us = began_us + 1 WHERE row = 5", 5, "1 us away"},
        Case{"UPDATE segment SET queue = 'sales' WHERE row = 5", 5, "its hash (segment)"},
        Case{"UPDATE segment SET hash = zeroblob(32) WHERE row = 8", 8, "its hash (segment)"},
        Case{"UPDATE segment SET queue = CAST(queue AS BLOB) WHERE row = 5", 5, "its hash"},
        Case{"UPDATE segment SET previous = 3 WHERE row = 9", 9, "where row 7 is the last"},
        Case{"UPDATE segment SET number = 3 WHERE row = 5", 5, "segment 3 follows 1"},
        Case{"DELETE FROM segment WHERE row = 5", 5, "is missing"},
        Case{"DELETE FROM segment WHERE row >= 8", 8, "the end was cut off"},
        Case{"UPDATE segment SET outcome = 'completed' WHERE row = 3", 3, "its hash (segment)"},
        Case{"UPDATE segment SET outcome = 'completed' WHERE row = 5", 7, "the end of its lane"},
        Case{"UPDATE segment SET kind = 'musing' WHERE row = 3", 3, "is none of its lane"},
        Case{"UPDATE segment SET kind = 'held' WHERE row = 6",
             5,
             "agent 2101: the caller's lane has 30000000 us of talking more than the agent's"},
        Case{"UPDATE segment SET number = 2 WHERE row = 3", 3, "first segment is number 2"},
        Case{"UPDATE mark SET ended_us = began_us - 1", 7, "ends 1 us before it begins"},
        Case{"UPDATE person SET number = '+49301'", 1, "its person is not what was written"},
        Case{"DELETE FROM person", 1, "its person is missing, and no erasure tells why"},
        Case{"INSERT INTO person VALUES (5, x'00', '1', '', '')", 5, "no such row"},
        Case{"INSERT INTO segment SELECT 10, previous, lane_kind, lane, number, kind, ended_by, "
             "journey, agent, queue, reason, began_us, ended_us, began_utc_us, utc_offset_s, "
             "sip_status, outcome, hash FROM segment WHERE row = 8",
             10,
             "is beyond the end, which is row 9"},
        Case{"UPDATE head SET rows_hash = zeroblob(32)", 0, "its hash is not that of the rows"},
        Case{"UPDATE head SET first_row = 0", 1, "the ledger begins at row 0"},
        Case{"DELETE FROM journey", 1, "is missing"});
    CAPTURE(c.sql);
    const LedgerFile file;
    {
        auto ledger = Ledger::open(file.path);
        REQUIRE(ledger->write(one_call()));
    }
    file.damage(c.sql);
    const auto verdict = verify(file.path);
    REQUIRE(verdict);
    REQUIRE_FALSE(verdict->sound());
    std::string all;
    for (const auto& s : verdict->sentences)
        all += s + "\n";
    CAPTURE(all);
    CHECK((c.row == 0 || all.find("row " + std::to_string(c.row) + ": ") != all.npos));
    CHECK(verdict->first_bad_row <= c.row);
    CHECK(all.find(c.sentence) != all.npos);
}

TEST_CASE("ledger: a missing trigger is a flaw, an index of somebody's own is none", "[ledger]") {
    const LedgerFile file;
    { REQUIRE(Ledger::open(file.path)->write(one_call())); }
    file.exec("CREATE INDEX of_a_report ON segment (queue)");
    CHECK(verify(file.path)->sound());
    file.exec("DROP TRIGGER segment_never_goes");
    CHECK(verify(file.path)->sentences.at(0) == "segment_never_goes is missing from the schema");
}

TEST_CASE("ledger: the hash is what README.md says", "[ledger]") {
    const LedgerFile file;
    { REQUIRE(Ledger::open(file.path)->write(one_call())); }
    SQLite::Database db{file.path, SQLite::OPEN_READONLY};
    // The shift has no person, so that nothing in it is random.
    const auto hash = [&](int row) {
        return db
            .execAndGet(
                "SELECT lower(hex(hash)) FROM (SELECT row, hash FROM shift UNION ALL "
                "SELECT row, hash FROM segment) WHERE row = " +
                std::to_string(row))
            .getString();
    };
    CHECK(hash(2) == "ad06112ce3db5073ab5fdb722df0f474864a811ad706ab5aba4412cd9c4c6c7a");
    CHECK(hash(4) == "a0f86ff8a7f578c6a0280d0bcf57f979cecfc121e76843f34d12f611f2051af6");
}

TEST_CASE("ledger: chains go on over a new start, and over a fault", "[ledger]") {
    const LedgerFile file;
    const auto rows = one_call();
    for (const auto& row : rows) {
        auto ledger = Ledger::open(file.path);
        REQUIRE(ledger->write(std::vector{row}));
        if (row.row != 5) continue;
        auto refused = rows[5];
        std::get<acd::SegmentClosed>(refused.what).ended = at(0);
        CHECK_FALSE(ledger->write(std::vector{refused}));
    }
    const auto verdict = verify(file.path);
    INFO((verdict->sentences.empty() ? "" : verdict->sentences.front()));
    CHECK(verdict->sound());
    CHECK(verdict->last_row == 9);
}

TEST_CASE("ledger: a day with many starts is sound", "[ledger]") {
    const LedgerFile file;
    test::LedgerDay day{7};
    std::uint64_t last = 0;
    for (int life = 0; life < 30; ++life) {
        auto ledger = Ledger::open(file.path);
        REQUIRE(ledger);
        CHECK(ledger->last_row() == last);
        for (int group = 0; group < life; ++group) {
            const auto rows = day.rows(40);
            REQUIRE(ledger->write(rows));
            last = rows.back().row;
        }
    }
    CHECK(last > 2 * OpenLanes::most_since);  // else the table of open lanes was never used
    { REQUIRE(Ledger::open(file.path)->write(day.evening())); }
    const auto verdict = verify(file.path);
    INFO((verdict->sentences.empty() ? "" : verdict->sentences.front()));
    CHECK(verdict->sound());
    CHECK(verdict->open_lanes == 0);
    CHECK(verdict->lane_us == verdict->segment_us);
}

TEST_CASE("ledger: a row that never came is told", "[ledger]") {
    const LedgerFile file;
    auto rows = one_call();
    rows.erase(rows.begin() + 6);  // the mark
    { REQUIRE(Ledger::open(file.path)->write(rows)); }
    const auto verdict = verify(file.path);
    CHECK(verdict->flaws == 1);
    CHECK(verdict->first_bad_row == 7);
    CHECK(verdict->sentences.at(0) ==
          "row 7: is missing: it was left out when it was to be written");
}

TEST_CASE("ledger: a new one may begin in the middle", "[ledger]") {
    const LedgerFile file;
    test::LedgerDay day{1};
    day.rows(100);
    { REQUIRE(Ledger::open(file.path)->write(day.rows(100))); }
    const auto verdict = verify(file.path);
    INFO((verdict->sentences.empty() ? "" : verdict->sentences.front()));
    CHECK(verdict->sound());
    CHECK(verdict->first_row > 100);
    file.damage("DELETE FROM segment WHERE row = (SELECT min(row) FROM segment)");
    CHECK_FALSE(verify(file.path)->sound());
}

TEST_CASE("ledger: what cannot be opened says why and what to do", "[ledger]") {
    const LedgerFile file;
    SECTION("a newer version") {
        { REQUIRE(Ledger::open(file.path)); }
        file.exec("PRAGMA user_version = 99");
        const auto ledger = Ledger::open(file.path);
        REQUIRE_FALSE(ledger);
        CHECK(ledger.error().kind == Fault::Kind::newer);
        CHECK(ledger.error().text ==
              file.path + ": written by a newer Holdfast (schema 99, this one knows 3); install " +
                  "that version, or name another state directory");
        CHECK(verify(file.path).error().text == ledger.error().text);
        CHECK(Ledger::read_head(file.path).error().text == ledger.error().text);
    }
    SECTION("a version from before the first: only who writes may bring it forward") {
        SQLite::Database{file.path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}.exec(
            "CREATE TABLE t (a); DROP TABLE t");
        CHECK(verify(file.path).error().text.find("let holdfastd open it first") !=
              std::string::npos);
        CHECK(Ledger::open(file.path));
        CHECK(verify(file.path)->sound());
    }
    SECTION("no database") {
        std::FILE* f = std::fopen(file.path.c_str(), "w");
        for (int i = 0; i < 1000; ++i)
            std::fputs("this is not a database ", f);
        std::fclose(f);
        const auto ledger = Ledger::open(file.path);
        REQUIRE_FALSE(ledger);
        CHECK(ledger.error().kind == Fault::Kind::damaged);
    }
    SECTION("no directory") {
        const auto ledger = Ledger::open("/nowhere/at/all/ledger.db");
        REQUIRE_FALSE(ledger);
        CHECK(ledger.error().kind == Fault::Kind::read_only);
    }
}

TEST_CASE("ledger: the last row can be read where nothing can be written", "[ledger]") {
    const LedgerFile file;
    CHECK(Ledger::read_last_row(file.path).value() == 0);
    std::ofstream{file.path}.close();
    CHECK(Ledger::read_last_row(file.path).value() == 0);
    {
        auto ledger = Ledger::open(file.path);
        REQUIRE(ledger->write(one_call()));
    }
    CHECK(Ledger::read_last_row(file.path).value() == 9);
    std::ofstream{file.path} << std::string(5000, 'x');
    CHECK(Ledger::read_last_row(file.path).error().kind == Fault::Kind::damaged);
}
