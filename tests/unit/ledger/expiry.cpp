// What is kept for so long and no longer; everything verifies afterwards, and only what was said to
// go is gone.
#include "ledger/expiry.hpp"

#include "ledger/verify.hpp"
#include "ledger_fixture.hpp"
#include "support/ledger_day.hpp"

using namespace holdfast;
using namespace holdfast::ledger;

namespace {

WallInstant minute(int minutes) {
    return WallInstant{std::chrono::minutes{minutes}};
}

/// Ten groups of about 100 rows, each sealed five minutes after the one before.
struct Years : LedgerFile {
    test::LedgerDay day{7};
    std::optional<Ledger> ledger;

    Years() {
        auto opened = Ledger::open(path);
        REQUIRE(opened);
        ledger = *std::move(opened);
        for (int i = 1; i <= 10; ++i)
            write_and_seal(5 * i);
    }
    void write_and_seal(int minutes) {
        REQUIRE(ledger->write(day.rows(100)));
        REQUIRE(ledger->seal(minute(minutes)));
    }
    Expired expire(const Retention& retention) {
        Expired all;
        for (;;) {
            const auto some = ledger->expire(retention, minute(1000));
            REQUIRE(some);
            all.persons += some->persons;
            all.rows += some->rows;
            if (!some->more) return all;
        }
    }
    std::int64_t count(const std::string& sql) const {
        return SQLite::Database{path, SQLite::OPEN_READONLY}.execAndGet(sql).getInt64();
    }
    Verdict verdict() const {
        auto verdict = verify(path);
        REQUIRE(verdict);
        return *std::move(verdict);
    }
    void check_sound() const {
        const auto found = verdict();
        INFO((found.sentences.empty() ? "" : found.sentences.front()));
        CHECK(found.sound());
    }
};

}  // namespace

TEST_CASE("expiry: persons go, their rows stay", "[ledger]") {
    Years years;
    const auto before = years.count("SELECT count(*) FROM person");
    const auto rows = years.count("SELECT count(*) FROM segment");
    const auto kept = years.count(
        "SELECT count(*) FROM person WHERE row > (SELECT last_row FROM seal WHERE number = 5)");
    const auto expired = years.expire({.persons_before = minute(26), .rows_before = {}});
    CHECK(static_cast<std::int64_t>(expired.persons) == before - kept);
    CHECK(kept > 0);
    CHECK(years.count("SELECT count(*) FROM person") == kept);
    CHECK(years.count("SELECT count(*) FROM segment") == rows);
    CHECK(years.verdict().persons_erased == expired.persons);
    years.check_sound();
    SECTION("nothing goes twice") {
        CHECK(years.expire({.persons_before = minute(26), .rows_before = {}}).persons == 0);
    }
    SECTION("the ledger goes on") {
        years.write_and_seal(60);
        years.check_sound();
    }
}

TEST_CASE("expiry: rows go up to a seal, and the verifier begins behind it", "[ledger]") {
    Years years;
    const Retention retention{.persons_before = {}, .rows_before = minute(26)};
    const auto cut = years.count("SELECT last_row FROM seal WHERE number = 5");
    const auto after =
        years.count("SELECT count(*) FROM segment WHERE row > " + std::to_string(cut));
    CHECK(years.expire(retention).rows > 200);
    CHECK(years.count("SELECT cut FROM head") == cut);
    CHECK(years.count("SELECT count(*) FROM segment WHERE row > " + std::to_string(cut)) == after);
    const auto verdict = years.verdict();
    CHECK(verdict.cut_row == static_cast<std::uint64_t>(cut));
    years.check_sound();
    SECTION("of lanes that ended before it nothing is left") {
        CHECK(years.count("SELECT count(*) FROM segment WHERE outcome <> '' AND row <= " +
                          std::to_string(cut)) == 0);
        CHECK(years.count("SELECT count(*) FROM person WHERE row NOT IN (SELECT row FROM journey "
                          "UNION SELECT row FROM shift)") == 0);
    }
    SECTION("it goes on, also in a new life, and is cut again") {
        years.write_and_seal(60);
        years.ledger.reset();
        auto again = Ledger::open(years.path);
        REQUIRE(again);
        years.ledger = *std::move(again);
        years.write_and_seal(65);
        years.check_sound();
        CHECK(years.expire({.persons_before = minute(45), .rows_before = minute(45)}).rows > 100);
        years.check_sound();
    }
    SECTION("a cut is finished by the next life") {
        years.write_and_seal(60);
        REQUIRE(
            years.ledger->expire({.persons_before = {}, .rows_before = minute(45)}, minute(1000)));
        years.ledger.reset();
        years.check_sound();
        auto again = Ledger::open(years.path);
        REQUIRE(again);
        years.ledger = *std::move(again);
        CHECK(years.expire(retention).rows > 100);
        years.check_sound();
    }
    SECTION("a row behind it is still protected") {
        years.damage("UPDATE segment SET queue = 'x' WHERE row = (SELECT max(row) FROM segment)");
        CHECK_FALSE(years.verdict().sound());
    }
    SECTION("rows behind it are still missed") {
        years.damage(
            "DELETE FROM segment WHERE row = (SELECT row FROM segment ORDER BY row DESC "
            "LIMIT 1 OFFSET 5)");
        CHECK_FALSE(years.verdict().sound());
    }
    SECTION("rows behind it cannot be deleted by honest tools") {
        CHECK_THROWS(years.exec("DELETE FROM segment"));
        CHECK_THROWS(years.exec("DELETE FROM person"));
    }
}

TEST_CASE("expiry: a cut that nobody has sealed is a flaw", "[ledger]") {
    Years years;
    const auto sql = GENERATE(
        // As somebody who has a database tool and no key.
        "UPDATE head SET cut = (SELECT last_row FROM seal WHERE number = 5);"
        "DELETE FROM segment WHERE row <= (SELECT cut FROM head)",
        "UPDATE head SET cut = 17; DELETE FROM segment WHERE row <= 17",
        "INSERT INTO correction SELECT 1, last_row, 'rows', '5 0', 'retention', 'x', 0, x'00' "
        "FROM seal WHERE number = 5;"
        "UPDATE head SET cut = (SELECT last_row FROM seal WHERE number = 5), correction = 1");
    years.damage(sql);
    CHECK_FALSE(years.verdict().sound());
}
