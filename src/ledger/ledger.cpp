#include "ledger/ledger.hpp"

#include "base/enum_text.hpp"
#include "ledger/schema.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace holdfast::ledger {
namespace {

constexpr char insert_journey_sql[] = R"sql(
    INSERT INTO journey VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10))sql";
constexpr char insert_shift_sql[] = R"sql(
    INSERT INTO shift VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))sql";
constexpr char insert_segment_sql[] = R"sql(
    INSERT INTO segment VALUES (
        ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16))sql";
constexpr char insert_mark_sql[] = R"sql(
    INSERT INTO mark VALUES (?1, ?2, ?3, ?4, ?5))sql";
constexpr char last_row_sql[] = R"sql(
    SELECT max(coalesce((SELECT max(row) FROM segment), 0),
               coalesce((SELECT max(row) FROM mark), 0),
               coalesce((SELECT max(row) FROM journey), 0),
               coalesce((SELECT max(row) FROM shift), 0)))sql";

/// Binds values to a prepared statement in order, runs it once, and leaves it ready for the next.
class Insert {
public:
    Insert(SQLite::Database& db, const char* sql) : statement_{db, sql} {}

    template <class... Values>
    void run(const Values&... values) {
        int at = 0;
        (bind(++at, values), ...);
        statement_.exec();
        statement_.reset();
    }

private:
    void bind(int at, const acd::Uuid& uuid) {
        if (uuid == acd::Uuid{})
            statement_.bind(at, "", 0);
        else
            statement_.bind(at, uuid.data(), static_cast<int>(uuid.size()));
    }
    void bind(int at, const std::string& text) { statement_.bindNoCopy(at, text); }
    void bind(int at, std::int64_t number) { statement_.bind(at, number); }
    void bind(int at, Instant instant) { statement_.bind(at, instant.time_since_epoch().count()); }
    void bind(int at, WallInstant wall) { statement_.bind(at, wall.time_since_epoch().count()); }

    SQLite::Statement statement_;
};

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

std::uint64_t last_row_in(SQLite::Database& db) {
    if (!db.tableExists("segment")) return 0;
    return static_cast<std::uint64_t>(db.execAndGet(last_row_sql).getInt64());
}

/// As SQLite wants the path of a file that nobody changes: it then asks for no lock and no memory.
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

}  // namespace

class Ledger::Impl {
public:
    explicit Impl(const std::string& file)
        : path{file}, db{file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 2000} {
        db.exec("PRAGMA journal_mode = WAL");
        db.exec("PRAGMA synchronous = FULL");
        db.exec("PRAGMA foreign_keys = ON");
    }

    /// False where a newer version wrote it.
    bool migrate() {
        const int version = db.execAndGet("PRAGMA user_version").getInt();
        if (version > schema_version) return false;
        for (int v = version; v < schema_version; ++v) {
            SQLite::Transaction step{db};
            db.exec(steps[static_cast<std::size_t>(v)]);
            db.exec(fmt::format("PRAGMA user_version = {}", v + 1));
            step.commit();
        }
        last_row = static_cast<std::uint64_t>(db.execAndGet(last_row_sql).getInt64());
        inserts.emplace(db);
        return true;
    }

    void add(const acd::LedgerRow& row) {
        std::visit([&](const auto& what) { add(static_cast<std::int64_t>(row.row), what); },
                   row.what);
    }

    struct Inserts {
        explicit Inserts(SQLite::Database& db)
            : journey{db, insert_journey_sql},
              shift{db, insert_shift_sql},
              segment{db, insert_segment_sql},
              mark{db, insert_mark_sql} {}
        Insert journey, shift, segment, mark;
    };

    std::string path;
    SQLite::Database db;
    std::optional<Inserts> inserts;
    std::uint64_t last_row = 0;

private:
    void add(std::int64_t row, const acd::JourneyOpened& j) {
        inserts->journey.run(j.journey,
                             row,
                             j.caller_number,
                             j.caller_name,
                             j.dialled,
                             j.trunk,
                             std::int64_t{j.outbound},
                             j.began,
                             j.stamp.utc,
                             std::int64_t{j.stamp.utc_offset_s});
    }
    void add(std::int64_t row, const acd::ShiftOpened& s) {
        inserts->shift.run(s.shift,
                           row,
                           s.agent_number,
                           s.agent_name,
                           s.phone,
                           s.began,
                           s.stamp.utc,
                           std::int64_t{s.stamp.utc_offset_s});
    }
    void add(std::int64_t row, const acd::SegmentClosed& s) {
        const std::string outcome{s.outcome == acd::Outcome::none ? "" : text(s.outcome)};
        inserts->segment.run(row,
                             std::string{text(s.lane_kind)},
                             s.lane,
                             std::int64_t{s.number},
                             s.kind,
                             s.ended_by,
                             s.journey,
                             s.agent,
                             s.queue,
                             s.reason,
                             s.began,
                             s.ended,
                             s.stamp.utc,
                             std::int64_t{s.stamp.utc_offset_s},
                             std::int64_t{s.sip_status},
                             outcome);
    }
    void add(std::int64_t row, const acd::MarkClosed& m) {
        inserts->mark.run(row, m.lane, m.kind, m.began, m.ended);
    }
};

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

std::expected<Ledger, Fault> Ledger::open(const std::string& path) {
    try {
        auto impl = std::make_unique<Impl>(path);
        if (!impl->migrate())
            return std::unexpected{
                Fault{Fault::Kind::newer,
                      fmt::format("{}: written by a newer Holdfast (schema {}, this one knows {}); "
                                  "install that version, or name another state directory",
                                  path,
                                  impl->db.execAndGet("PRAGMA user_version").getInt(),
                                  schema_version)}};
        return Ledger{std::move(impl)};
    } catch (const SQLite::Exception& e) {
        return std::unexpected{fault_of(e, path)};
    }
}

std::expected<std::uint64_t, Fault> Ledger::read_last_row(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error) && !error) return 0;
    try {
        // Alone it needs no file for the memory that readers share.
        SQLite::Database db{path, SQLite::OPEN_READWRITE};
        db.exec("PRAGMA locking_mode = EXCLUSIVE");
        return last_row_in(db);
    } catch (const SQLite::Exception& e) {
        const auto log_bytes = std::filesystem::file_size(path + "-wal", error);
        if (!error && log_bytes > 0) return std::unexpected{fault_of(e, path)};
    }
    try {
        // Every row is in the one file: reading it needs nothing else.
        SQLite::Database db{immutable_uri(path), SQLite::OPEN_READONLY | SQLite::OPEN_URI};
        return last_row_in(db);
    } catch (const SQLite::Exception& e) {
        return std::unexpected{fault_of(e, path)};
    }
}

std::expected<void, Fault> Ledger::write(std::span<const acd::LedgerRow> rows) {
    try {
        SQLite::Transaction transaction{impl_->db};
        std::uint64_t last = impl_->last_row;
        for (const auto& row : rows) {
            if (row.row <= impl_->last_row) continue;
            impl_->add(row);
            last = row.row;
        }
        transaction.commit();
        impl_->last_row = last;
        return {};
    } catch (const SQLite::Exception& e) {
        return std::unexpected{fault_of(e, impl_->path)};
    }
}

std::uint64_t Ledger::last_row() const {
    return impl_->last_row;
}

}  // namespace holdfast::ledger
