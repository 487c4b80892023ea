#include "ledger/seal.hpp"
#include "ledger/signing_key.hpp"
#include "ledger/verify.hpp"
#include "ledger_fixture.hpp"
#include "support/ledger_day.hpp"

#include <fstream>
#include <sys/stat.h>

using namespace holdfast;
using namespace holdfast::ledger;

namespace {

WallInstant wall(int minutes) {
    return WallInstant{std::chrono::minutes{minutes}};
}

/// A day of `seals` groups of about 100 rows, each sealed five minutes after the one before, and 50
/// rows that are not sealed.
struct SealedDay : LedgerFile {
    std::vector<Head> heads;  // at each seal
    Head last;

    explicit SealedDay(int seals, std::uint64_t seed = 1) {
        test::LedgerDay day{seed};
        auto ledger = Ledger::open(path);
        REQUIRE(ledger);
        for (int i = 1; i <= seals; ++i) {
            REQUIRE(ledger->write(day.rows(100)));
            const auto seal = ledger->seal(wall(5 * i));
            REQUIRE(seal);
            REQUIRE(*seal);
            heads.push_back((*seal)->head);
        }
        REQUIRE(ledger->write(day.rows(50)));
        last = ledger->head();
    }
};

}  // namespace

TEST_CASE("seals: each one covers what is new", "[ledger]") {
    const LedgerFile file;
    auto ledger = Ledger::open(file.path);
    CHECK_FALSE(ledger->seal(wall(0)).value());  // nothing to seal
    REQUIRE(ledger->write(one_call()));
    const auto first = ledger->seal(wall(5)).value();
    REQUIRE(first);
    CHECK(first->number == 1);
    CHECK(first->first_row == 1);
    CHECK(first->last_row == 9);
    CHECK(first->head.row == 9);
    CHECK(first->head.rows_hash == ledger->head().rows_hash);
    CHECK_FALSE(ledger->seal(wall(10)).value());
    ledger = Ledger::open(file.path);
    CHECK_FALSE(ledger->seal(wall(15)).value());
    REQUIRE(ledger->write(std::vector{segment(10, acd::LaneKind::agent, 2, 4, "ready", 60, 70)}));
    const auto second = ledger->seal(wall(20)).value();
    CHECK(second->number == 2);
    CHECK(second->first_row == 10);
    CHECK(second->public_key == first->public_key);
    const auto verdict = verify(file.path);
    INFO((verdict->sentences.empty() ? "" : verdict->sentences.front()));
    CHECK(verdict->sound());
    CHECK(verdict->seals == 2);
    CHECK(verdict->sealed_row == 10);
    CHECK(verdict->keys.size() == 1);
    CHECK(verdict->head == text_of(second->head));
    CHECK_THROWS_WITH(file.exec("DELETE FROM seal"), Catch::Contains("append-only"));
    CHECK_THROWS_WITH(file.exec("UPDATE seal SET number = 9"), Catch::Contains("append-only"));
}

TEST_CASE("seals: verify finds what was done to them, or to the rows under them", "[ledger]") {
    struct Case {
        const char *sql, *sentence;
    };
    const auto c = GENERATE(
        Case{"UPDATE seal SET sealed_utc_us = 7 WHERE number = 2", "seal 2: its hash does not fit"},
        Case{"UPDATE seal SET signature = zeroblob(64) WHERE number = 3",
             "seal 3: its signature is not by its key"},
        Case{"UPDATE seal SET hash = zeroblob(32) WHERE number = 2", "seal 3: its hash does not"},
        Case{"DELETE FROM seal WHERE number = 2", "seal 3: it follows seal 1"},
        Case{"DELETE FROM seal WHERE number = 4", "seal 4 is the last, not 3"},
        Case{"DELETE FROM seal WHERE number = 1", "seal 2: it follows seal 0"},
        Case{"UPDATE seal SET last_row = 1000000 WHERE number = 4", "seal 4: its hash"},
        Case{"INSERT INTO seal SELECT 5, first_row, last_row, rows_hash, correction, "
             "correction_hash, sealed_utc_us, public_key, hash, signature FROM seal WHERE "
             "number = 4",
             "seal 5: its hash does not fit"},
        Case{"UPDATE head SET rows_hash = zeroblob(32)", "its hash is not that of the rows"});
    CAPTURE(c.sql);
    const SealedDay day{4};
    CHECK(verify(day.path)->sound());
    day.damage(c.sql);
    const auto verdict = verify(day.path);
    REQUIRE(verdict);
    std::string all;
    for (const auto& s : verdict->sentences)
        all += s + "\n";
    CAPTURE(all);
    CHECK(verdict->flaws > 0);
    CHECK(all.find(c.sentence) != all.npos);
}

TEST_CASE("seals: rows written anew with sound hashes are found, without the key", "[ledger]") {
    const SealedDay day{3}, other{3, 2};
    std::string copy = "ATTACH '" + other.path + "' AS other;";
    for (const char* table : {"journey", "shift", "segment", "mark", "person", "open_lane", "head"})
        copy += std::string{"DELETE FROM main."} + table + "; INSERT INTO main." + table +
                " SELECT * FROM other." + table + ";";
    day.damage(copy);
    const auto verdict = verify(day.path);
    REQUIRE_FALSE(verdict->sound());
    CHECK(verdict->first_bad_row == 1);
    CHECK(verdict->sentences.at(0).find("is not what seal 1 was made over") != std::string::npos);
}

TEST_CASE("seals: an exported head finds a cut tail that was made to fit", "[ledger]") {
    const SealedDay day{3};
    const auto sealed = day.heads.back();
    day.damage("DELETE FROM segment WHERE row > " + std::to_string(sealed.row) +
               "; DELETE FROM mark WHERE row > " + std::to_string(sealed.row) +
               "; DELETE FROM person WHERE row > " + std::to_string(sealed.row) +
               "; DELETE FROM journey WHERE row > " + std::to_string(sealed.row) +
               "; DELETE FROM shift WHERE row > " + std::to_string(sealed.row) +
               "; UPDATE head SET row = " + std::to_string(sealed.row) +
               ", rows_hash = (SELECT rows_hash FROM seal WHERE number = 3)");
    CHECK(verify(day.path)->sound());  // nobody could know
    for (const auto& head : day.heads)
        CHECK(verify(day.path, {.head = head})->sound());
    const auto verdict = verify(day.path, {.head = day.last});
    CHECK_FALSE(verdict->sound());
    CHECK(verdict->first_bad_row == sealed.row + 1);
    CHECK(verdict->sentences.at(0).find("whose head was kept elsewhere: the end was cut off") !=
          std::string::npos);
    auto other = day.heads[1];
    other.rows_hash[0] ^= 1;
    CHECK_FALSE(verify(day.path, {.head = other})->sound());
}

TEST_CASE("seals: a period is checked by the seals around it", "[ledger]") {
    const SealedDay day{10};
    const auto damaged = day.heads[2].row + 5;  // sealed in minute 20
    const Question before{{}, wall(3), wall(9)}, within{{}, wall(16), wall(19)};
    const Question after{{}, wall(21), {}}, open_begin{{}, {}, wall(13)};
    for (const auto& question : {before, within, after, open_begin}) {
        const auto verdict = verify(day.path, question);
        INFO((verdict->sentences.empty() ? "" : verdict->sentences.front()));
        CHECK(verdict->sound());
    }
    CHECK(verify(day.path, before)->last_row == day.heads[1].row);
    CHECK(verify(day.path, within)->last_row == day.heads[3].row);
    CHECK(verify(day.path, after)->last_row == day.last.row);
    CHECK(verify(day.path, after)->seals == 7);  // from the one before it on
    day.damage("UPDATE segment SET reason = 'x' WHERE row >= " + std::to_string(damaged) +
               " AND row < " + std::to_string(damaged + 10));
    CHECK(verify(day.path, before)->sound());
    CHECK(verify(day.path, after)->sound());
    CHECK_FALSE(verify(day.path, within)->sound());
    CHECK(verify(day.path, {.head = day.heads[0], .from = wall(21), .to = {}})
              ->sentences.at(0)
              .find("not in this period") != std::string::npos);
}

TEST_CASE("seals: the appliance's key is made once, and for its owner alone", "[ledger]") {
    const LedgerFile file;
    const auto path = key_path_of(file.path);
    auto ledger = Ledger::open(file.path);
    REQUIRE(ledger->write(one_call()));
    REQUIRE(ledger->seal(wall(5)));
    struct stat found{};
    REQUIRE(stat(path.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
    const auto key = SigningKey::load_or_make(path);
    REQUIRE(key);
    CHECK(key->public_key() == SigningKey::load_or_make(path)->public_key());

    SECTION("one that others may read is not used; rows are written still") {
        REQUIRE(chmod(path.c_str(), 0640) == 0);
        ledger = Ledger::open(file.path);
        REQUIRE(
            ledger->write(std::vector{segment(10, acd::LaneKind::agent, 2, 4, "ready", 60, 70)}));
        const auto seal = ledger->seal(wall(10));
        REQUIRE_FALSE(seal);
        CHECK(seal.error().kind == Fault::Kind::key);
        CHECK(seal.error().text.find("may be read by others: chmod 600") != std::string::npos);
        REQUIRE(chmod(path.c_str(), 0600) == 0);
        CHECK(ledger->seal(wall(10)).value());
    }
    SECTION("what is no key") {
        std::ofstream{path} << "-----BEGIN NOTHING-----\n";
        ledger = Ledger::open(file.path);
        CHECK(ledger->seal(wall(10)).error().text.find("no Ed25519 key") != std::string::npos);
    }
    SECTION("another key is told") {
        std::filesystem::remove(path);
        ledger = Ledger::open(file.path);
        REQUIRE(
            ledger->write(std::vector{segment(10, acd::LaneKind::agent, 2, 4, "ready", 60, 70)}));
        REQUIRE(ledger->seal(wall(10)).value());
        const auto verdict = verify(file.path);
        CHECK(verdict->sound());
        CHECK(verdict->keys.size() == 2);
    }
}

TEST_CASE("seals: a head as text", "[ledger]") {
    Head head{1234, {}};
    head.rows_hash[0] = 0xab;
    const auto text = text_of(head);
    CHECK(text == "1234:ab" + std::string(62, '0'));
    CHECK(read_head(text)->row == 1234);
    CHECK(read_head(text)->rows_hash == head.rows_hash);
    for (const auto* wrong : {"", "12", "12:", ":00", "12:zz", "x:00", "1234:ab0"})
        CHECK_FALSE(read_head(wrong));
    CHECK_FALSE(read_head(text + "00"));
}
