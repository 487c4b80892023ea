// Databases as released versions have left them, in tests/unit/ledger/released: each is opened,
// brought to the present schema, and keeps all it has.
#include "ledger/database.hpp"
#include "ledger/schema.hpp"
#include "ledger/verify.hpp"
#include "ledger_fixture.hpp"
#include "support/ledger_day.hpp"

#include <filesystem>
#include <map>

using namespace holdfast;
using namespace holdfast::ledger;

namespace {

/// Everything that a table holds, as text; columns that came later aside.
std::string contents_of(SQLite::Database& db, const std::string& table, int columns) {
    SQLite::Statement lines{db, "SELECT * FROM " + table};
    std::string all;
    while (lines.executeStep())
        for (int i = 0; i < columns; ++i)
            all += lines.getColumn(i).getString() + "|";
    return all;
}

std::map<std::string, std::string> contents_of(const std::string& path) {
    SQLite::Database db{path, SQLite::OPEN_READONLY};
    const std::map<std::string, int> columns{{"journey", 10},
                                             {"shift", 9},
                                             {"segment", 18},
                                             {"mark", 7},
                                             {"person", 5},
                                             {"seal", 10},
                                             {"head", 8},
                                             {"correction", 8}};
    std::map<std::string, std::string> all;
    for (const auto& [table, count] : columns)
        all[table] = contents_of(db, table, count);
    return all;
}

void check_migrated(const std::string& path) {
    const auto verdict = verify(path);
    REQUIRE(verdict);
    INFO((verdict->sentences.empty() ? "" : verdict->sentences.front()));
    CHECK(verdict->sound());
    CHECK(verdict->rows > 300);
}

}  // namespace

TEST_CASE("migrations: from each released version to this one", "[ledger]") {
    for (int version = 1; version < schema_version; ++version) {
        CAPTURE(version);
        const LedgerFile file;
        std::filesystem::copy_file(
            std::string{RELEASED_DIR} + "/schema-" + std::to_string(version) + ".db", file.path);
        const auto before = contents_of(file.path);
        {
            const auto not_yet = verify(file.path);
            REQUIRE_FALSE(not_yet);
            CHECK(not_yet.error().text.find("let holdfastd open it first") != std::string::npos);
        }
        auto ledger = Ledger::open(file.path);
        REQUIRE(ledger);
        CHECK(contents_of(file.path) == before);
        check_migrated(file.path);
        test::LedgerDay day{3, 5, ledger->last_row() + 1};
        REQUIRE(ledger->write(day.rows(50)));
        REQUIRE(ledger->seal(WallInstant{1'000'000h}));
        check_migrated(file.path);
    }
}
