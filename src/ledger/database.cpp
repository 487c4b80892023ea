#include "ledger/database.hpp"

#include "ledger/report_indexes.hpp"
#include "ledger/schema.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace holdfast::ledger {
namespace {

constexpr char last_row_sql[] = R"sql(
    SELECT max(coalesce((SELECT max(row) FROM segment), 0),
               coalesce((SELECT max(row) FROM mark), 0),
               coalesce((SELECT max(row) FROM journey), 0),
               coalesce((SELECT max(row) FROM shift), 0),
               coalesce((SELECT max(last_row) FROM left_out), 0)))sql";

int version_of(SQLite::Database& db) {
    return db.execAndGet("PRAGMA user_version").getInt();
}

Fault newer(const std::string& path, int version) {
    return {Fault::Kind::newer,
            fmt::format("{}: written by a newer Holdfast (schema {}, this one knows {}); install "
                        "that version, or name another state directory",
                        path,
                        version,
                        schema_version)};
}

}  // namespace

SQLite::Database open_database(const std::string& path) {
    // One thread has it at a time: SQLite's own mutexes would be a twentieth of a row's cost.
    SQLite::Database db{
        path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, busy_ms};
    db.exec("PRAGMA journal_mode = WAL");
    db.exec("PRAGMA synchronous = FULL");
    return db;
}

std::optional<Fault> other_version(SQLite::Database& db, const std::string& path) {
    const int version = version_of(db);
    if (version > schema_version) return newer(path, version);
    if (version == schema_version) return std::nullopt;
    return Fault{Fault::Kind::other,
                 fmt::format("{}: not a ledger, or one of an older version (schema {}, this one "
                             "knows {}): let holdfastd open it first",
                             path,
                             version,
                             schema_version)};
}

std::optional<Fault> migrate(SQLite::Database& db, const std::string& path) {
    const int version = version_of(db);
    if (version > schema_version) return newer(path, version);
    if (version == schema_version) return std::nullopt;
    SQLite::Transaction all{db, SQLite::TransactionBehavior::IMMEDIATE};
    for (int v = version_of(db); v < schema_version; ++v) {
        db.exec(steps[static_cast<std::size_t>(v)]);
        db.exec(fmt::format("PRAGMA user_version = {}", v + 1));
    }
    db.exec(report_indexes_sql);
    all.commit();
    return std::nullopt;
}

std::uint64_t last_row_in(SQLite::Database& db) {
    if (!db.tableExists("segment")) return 0;
    return static_cast<std::uint64_t>(db.execAndGet(last_row_sql).getInt64());
}

Fault fault_of(const SQLite::Exception& e, const std::string& path) {
    using enum Fault::Kind;
    // The file for the memory that readers share: it is the first to find the disk full.
    const bool no_room = e.getExtendedErrorCode() == SQLITE_IOERR_SHMSIZE;
    switch (no_room ? SQLITE_FULL : e.getErrorCode()) {
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
            return {
                damaged,
                fmt::format("{}: not a sound SQLite database ({}); set the file aside and restore "
                            "the last backup, or let a new one be made",
                            path,
                            e.what())};
        case SQLITE_FULL:
            return {
                full,
                fmt::format(
                    "{}: no space left on the device; free some, rows are kept aside until then",
                    path)};
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_CANTOPEN:
            return {read_only,
                    fmt::format(
                        "{}: cannot be written ({}); check that the directory exists and belongs "
                        "to the user holdfastd runs as",
                        path,
                        e.what())};
        case SQLITE_IOERR:
            return {io, fmt::format("{}: the device failed ({})", path, e.what())};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {busy, fmt::format("{}: another process is writing to it; end that one", path)};
        default:
            return {other, fmt::format("{}: {}", path, e.what())};
    }
}

Fault unreadable(const SQLite::Exception& e, const std::string& path) {
    return {Fault::Kind::other,
            fmt::format("{}: cannot be read ({}): name the ledger's database", path, e.what())};
}

std::string immutable_uri(const std::string& path) {
    std::string uri = "file:";
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#')
            uri += fmt::format("%{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        else
            uri += c;
    }
    return uri + "?immutable=1";
}

}  // namespace holdfast::ledger
