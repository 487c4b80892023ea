#include "ledger/verify.hpp"

#include "ledger/database.hpp"
#include "ledger/schema.hpp"
#include "ledger/verify_rows.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <limits>
#include <map>

namespace holdfast::ledger {
namespace {

/// What the tables, views and triggers of a database are, by name.
std::map<std::string, std::string> schema_of(SQLite::Database& db) {
    SQLite::Statement parts{db,
                            "SELECT name, type || ': ' || sql FROM sqlite_schema WHERE sql > ''"};
    std::map<std::string, std::string> schema;
    while (parts.executeStep())
        schema[parts.getColumn(0).getString()] = parts.getColumn(1).getString();
    return schema;
}

/// Others may have added to them, indexes for reports.
void check_schema(SQLite::Database& db, Flaws& flaws) {
    SQLite::Database model{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    migrate(model, "");
    const auto found = schema_of(db);
    for (const auto& [name, sql] : schema_of(model)) {
        const auto part = found.find(name);
        if (part == found.end())
            flaws.elsewhere("{} is missing from the schema", name);
        else if (part->second != sql)
            flaws.elsewhere("{} in the schema is not what this version makes", name);
    }
}

void check_head(SQLite::Database& db, const RowChecks& rows, Flaws& flaws) {
    RowCursor head{db, "head", 1, 1};
    if (!head.next()) return flaws.elsewhere("table head: its line is missing");
    const auto last = head.integer("row");
    if (last > rows.last_row())
        return flaws.row(rows.last_row() + 1,
                         "this row and all up to {}, the last, are missing: the end was cut off",
                         last);
    if (last < rows.last_row())
        return flaws.row(last + 1, "is beyond the end that table head has, row {}", last);
    if (head.bytes("rows_hash") != bytes_of(rows.rows_hash()))
        flaws.elsewhere("table head: its hash is not that of the rows");
}

Verdict judge(SQLite::Database& db) {
    constexpr auto all = std::numeric_limits<std::int64_t>::max();
    Verdict verdict;
    RowChecks checks{db, verdict, {}};
    AllRows rows{db, -all, all};
    while (auto* const row = rows.next())
        checks.row(*row);
    checks.finish(true);
    check_head(db, checks, checks.flaws());
    check_schema(db, checks.flaws());
    return verdict;
}

}  // namespace

std::expected<Verdict, Fault> verify(const std::string& path) {
    try {
        SQLite::Database db{path, SQLite::OPEN_READONLY, 2000};
        const int version = db.execAndGet("PRAGMA user_version").getInt();
        if (version > schema_version) return std::unexpected{newer(path, version)};
        if (version != schema_version)
            return std::unexpected{
                Fault{Fault::Kind::other,
                      fmt::format("{}: not a ledger, or one of an older version (schema {}, this "
                                  "one knows {}): let holdfastd open it first",
                                  path,
                                  version,
                                  schema_version)}};
        SQLite::Transaction snapshot{db};
        return judge(db);
    } catch (const SQLite::Exception& e) {
        return std::unexpected{Fault{Fault::Kind::other, fmt::format("{}: {}", path, e.what())}};
    }
}

}  // namespace holdfast::ledger
