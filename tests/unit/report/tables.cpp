// Ledgers of another shape: persons in a table of their own, corrected rows, no ledger at all.
#include "report/machine_forms.hpp"
#include "unit/report/ledger_fixture.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::test;
using enum report::Subject::Kind;

namespace {

constexpr char tables_sql[] = R"sql(
    CREATE TABLE journey (row INTEGER PRIMARY KEY, journey BLOB UNIQUE, outbound INTEGER,
        began_utc_us INTEGER, utc_offset_s INTEGER);
    CREATE TABLE person (row INTEGER PRIMARY KEY, number TEXT);
    CREATE TABLE segment (row INTEGER PRIMARY KEY, lane_kind TEXT, lane BLOB, number INTEGER,
        kind TEXT, ended_by TEXT, agent TEXT, queue TEXT, reason TEXT, began_us INTEGER,
        ended_us INTEGER, began_utc_us INTEGER, utc_offset_s INTEGER, outcome TEXT);
    CREATE TABLE correction (number INTEGER PRIMARY KEY, row INTEGER, field TEXT, value TEXT);
    )sql";

/// Callers of the same number on the first and third of January 1970 and 40 days later. Each is
/// answered after 10 s and talks for a minute.
class Handmade {
public:
    Handmade() {
        db_.exec(tables_sql);
        std::int64_t row = 0;
        for (const std::int64_t day : {0, 2, 40}) {
            const std::int64_t at = day * 86'400'000'000;
            add_journey(++row, at);
            add(++row, at, 1, "queued", "offer_made", 4'000'000, "");
            add(++row, at, 2, "ringing", "agent_answered", 6'000'000, "");
            add(++row, at, 3, "talking", "caller_left", 60'000'000, "completed");
        }
    }
    void exec(const std::string& sql) { db_.exec(sql); }
    report::Report report() const {
        report::Question question;
        question.from = question.to = report::Day{days{0}};
        auto report = report::make_report(path_, question);
        REQUIRE(report);
        return *std::move(report);
    }

private:
    static acd::Uuid id(std::int64_t at) {
        acd::Uuid id{};
        for (std::size_t i = 0; i < 6; ++i)
            id[i] = static_cast<std::uint8_t>(at / 1000 >> (40 - 8 * i));
        id[15] = 1;
        return id;
    }
    void add_journey(std::int64_t row, std::int64_t at) {
        SQLite::Statement journey{db_, "INSERT INTO journey VALUES (?, ?, 0, ?, 0)"};
        const auto lane = id(at);
        journey.bind(1, row);
        journey.bind(2, lane.data(), 16);
        journey.bind(3, at);
        journey.exec();
        db_.exec("INSERT INTO person VALUES (" + std::to_string(row) + ", '030')");
    }
    void add(std::int64_t row,
             std::int64_t at,
             int number,
             const char* kind,
             const char* ended_by,
             std::int64_t length,
             const char* outcome) {
        SQLite::Statement segment{db_,
                                  "INSERT INTO segment VALUES (?, 'caller', ?, ?, ?, ?, '101', "
                                  "'support', '', 0, ?, ?, 0, ?)"};
        const auto lane = id(at);
        segment.bind(1, row);
        segment.bind(2, lane.data(), 16);
        segment.bind(3, number);
        segment.bind(4, kind);
        segment.bind(5, ended_by);
        segment.bind(6, length);
        segment.bind(7, at);
        segment.bind(8, outcome);
        segment.exec();
    }

    Folder folder_;
    std::string path_ = folder_ / "ledger.db";
    SQLite::Database db_{path_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
};

}  // namespace

TEST_CASE("tables: numbers in a table of persons, and one erased", "[report]") {
    Handmade ledger;
    CHECK(figure(ledger.report(), "fcr_1d") == "1.000000");
    CHECK(figure(ledger.report(), "fcr_3d") == "0.000000");
    ledger.exec("DELETE FROM person WHERE row = 1");
    CHECK(figure(ledger.report(), "fcr_1d") == "-");
    CHECK(figure(ledger.report(), "asa") == "10.000000");
}

TEST_CASE("tables: rows count as they were corrected last", "[report]") {
    Handmade ledger;
    CHECK(ledger.report().corrected_rows == 0);
    ledger.exec(
        "INSERT INTO correction VALUES (1, 3, 'agent', '105'), (2, 2, 'queue', 'sales'), "
        "(3, 3, 'queue', 'sales'), (4, 3, 'agent', '102'), (5, 1, 'person', '')");
    const auto r = ledger.report();
    CHECK(r.corrected_rows == 2);
    CHECK(figure(r, "handled", agent, "102") == "1");
    CHECK(figure(r, "offered", queue, "sales") == "1");
    CHECK(report::json_of(r).find("\"corrected_rows\":2") != std::string::npos);
}

TEST_CASE("tables: what is no ledger is told", "[report]") {
    const Folder folder;
    const auto error = [&](const std::string& name) {
        const auto report = report::make_report(folder / name, {});
        REQUIRE_FALSE(report);
        return report.error();
    };
    CHECK(error("nothing.db").find("cannot be read") != std::string::npos);
    SQLite::Database{folder / "other.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}.exec(
        "CREATE TABLE a (b)");
    CHECK(error("other.db").find("no ledger: it has no tables") != std::string::npos);
}
