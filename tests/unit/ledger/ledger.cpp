#include "ledger/ledger.hpp"

#include "ledger/verify.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <catch2/catch.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace holdfast;
using namespace holdfast::ledger;

namespace {

/// A database file of its own for each test.
struct File {
    std::string path =
        (std::filesystem::temp_directory_path() / ("holdfast-ledger-" + std::to_string(getpid())))
            .string();
    File() { clear(); }
    ~File() { clear(); }
    void clear() const {
        for (const char* end : {"", "-wal", "-shm"})
            std::filesystem::remove(path + end);
    }
    void exec(const std::string& sql) const {
        SQLite::Database{path, SQLite::OPEN_READWRITE}.exec(sql);
    }
};

Instant at(int s) {
    return Instant{std::chrono::seconds{s}};
}

acd::LedgerRow segment(std::uint64_t row,
                       acd::LaneKind kind,
                       std::uint8_t lane,
                       std::uint32_t number,
                       const char* state,
                       int began,
                       int ended,
                       bool last = false) {
    acd::SegmentClosed s;
    s.lane_kind = kind;
    s.lane[0] = lane;
    s.journey[0] = 1;
    s.number = number;
    s.kind = state;
    s.ended_by = "caller_left";
    s.agent = "2101";
    s.queue = "support";
    s.began = at(began);
    s.ended = at(ended);
    s.outcome = last ? acd::Outcome::completed : acd::Outcome::none;
    return {row, s};
}

/// A caller's journey of three segments, and the shift of the agent who took it.
std::vector<acd::LedgerRow> one_call() {
    using enum acd::LaneKind;
    acd::JourneyOpened journey;
    journey.journey[0] = 1;
    acd::ShiftOpened shift;
    shift.shift[0] = 2;
    return {{1, journey},
            {2, shift},
            segment(3, caller, 1, 1, "queued", 10, 20),
            segment(4, agent, 2, 1, "ready", 5, 20),
            segment(5, caller, 1, 2, "talking", 20, 50),
            segment(6, agent, 2, 2, "talking", 20, 50),
            segment(7, caller, 1, 3, "held", 50, 60, true),
            segment(8, agent, 2, 3, "held", 50, 60),
            {9, acd::MarkClosed{{1}, "held_by_caller", at(21), at(22)}}};
}

}  // namespace

TEST_CASE("ledger: rows are there after a new start, and are not written twice", "[ledger]") {
    const File file;
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
    const File file;
    auto ledger = Ledger::open(file.path);
    REQUIRE(ledger->write(one_call()));
    CHECK_THROWS_WITH(file.exec("UPDATE segment SET ended_us = 0 WHERE row = 3"),
                      Catch::Contains("append-only"));
    CHECK_THROWS_WITH(file.exec("DELETE FROM segment WHERE row = 3"),
                      Catch::Contains("append-only"));
    CHECK_THROWS_WITH(file.exec("DELETE FROM mark"), Catch::Contains("append-only"));
}

TEST_CASE("ledger: verify finds every kind of damage and names the row", "[ledger]") {
    struct Case {
        const char* sql;
        std::uint64_t row;
        const char* sentence;
    };
    const auto c = GENERATE(
        Case{"UPDATE segment SET began_us = began_us + 1 WHERE row = 5", 5, "1 us away"},
        Case{"UPDATE segment SET number = 3 WHERE row = 5", 5, "segment 3 follows 1"},
        Case{"DELETE FROM segment WHERE row = 5", 6, "rows are missing"},
        Case{"UPDATE segment SET outcome = 'completed' WHERE row = 3", 5, "follows the lane's end"},
        Case{"UPDATE segment SET kind = 'musing' WHERE row = 3", 3, "is none of its lane"},
        Case{"UPDATE segment SET kind = 'talking' WHERE row = 8",
             7,
             "agent 2101: the caller's lane has"},
        Case{"UPDATE segment SET number = 2 WHERE row = 3", 3, "first segment is number 2"},
        Case{"DELETE FROM journey", 2, "rows are missing"});
    CAPTURE(c.sql);
    const File file;
    {
        auto ledger = Ledger::open(file.path);
        REQUIRE(ledger->write(one_call()));
    }
    for (const char* trigger :
         {"segment_never_changes", "segment_never_goes", "mark_never_changes", "mark_never_goes"})
        file.exec(std::string{"DROP TRIGGER "} + trigger);
    file.exec(c.sql);
    const auto verdict = verify(file.path);
    REQUIRE(verdict);
    REQUIRE_FALSE(verdict->sound());
    std::string all;
    for (const auto& s : verdict->sentences)
        all += s + "\n";
    CAPTURE(all);
    CHECK(verdict->first_bad_row == c.row);
    CHECK(all.find(c.sentence) != all.npos);
}

TEST_CASE("ledger: what cannot be opened says why and what to do", "[ledger]") {
    const File file;
    SECTION("a newer version") {
        { REQUIRE(Ledger::open(file.path)); }
        file.exec("PRAGMA user_version = 99");
        const auto ledger = Ledger::open(file.path);
        REQUIRE_FALSE(ledger);
        CHECK(ledger.error().kind == Fault::Kind::newer);
        CHECK(ledger.error().text.find("newer Holdfast") != std::string::npos);
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
    const File file;
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
