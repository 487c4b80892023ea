#include "ledger/verify.hpp"

#include "ledger/database.hpp"
#include "ledger/expiry.hpp"
#include "ledger/schema.hpp"
#include "ledger/verify_rows.hpp"
#include "ledger/verify_seals.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <limits>
#include <map>
#include <utility>

namespace holdfast::ledger {
namespace {

constexpr auto all = std::numeric_limits<std::int64_t>::max();

/// What the tables, views and triggers of a database are, by name.
std::map<std::string, std::string> schema_of(SQLite::Database& db) {
    SQLite::Statement parts{db,
                            "SELECT name, type || ': ' || sql FROM sqlite_schema WHERE sql > ''"};
    std::map<std::string, std::string> schema;
    while (parts.executeStep())
        schema[parts.getColumn(0).getString()] = parts.getColumn(1).getString();
    return schema;
}

std::map<std::string, std::string> make_model_schema() {
    SQLite::Database model{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    migrate(model, "");
    return schema_of(model);
}

/// Others may have added to them, indexes for reports.
void check_schema(SQLite::Database& db, Flaws& flaws) {
    static const auto model = make_model_schema();
    const auto found = schema_of(db);
    for (const auto& [name, sql] : model) {
        const auto part = found.find(name);
        if (part == found.end())
            flaws.elsewhere("{} is missing from the schema", name);
        else if (part->second != sql)
            flaws.elsewhere("{} in the schema is not what this version makes", name);
    }
}

/// Where the check begins and ends, by the seals around a period.
struct Range {
    RowChecks::Start start;
    std::int64_t first_seal = 1;
    std::int64_t last_row = all;  ///< `all`: up to the end of the ledger.
};

void begin_at(Range& range, SQLite::Statement& seal) {
    if (!seal.executeStep()) return;
    range.first_seal = seal.getColumn(0).getInt64();
    range.start.row = seal.getColumn(1).getInt64();
    range.start.rows_hash = hash_of(seal.getColumn(2).getString());
}

Range range_of(SQLite::Database& db, const Question& question) {
    Range range;
    const auto cut = db.execAndGet("SELECT cut FROM head").getInt64();
    if (question.from) {
        SQLite::Statement seal{db,
                               "SELECT number, last_row, rows_hash FROM seal WHERE sealed_utc_us "
                               "<= ?1 ORDER BY number DESC LIMIT 1"};
        seal.bind(1, static_cast<std::int64_t>(question.from->time_since_epoch().count()));
        begin_at(range, seal);
    }
    if (cut > range.start.row) {
        SQLite::Statement seal{
            db, "SELECT number, last_row, rows_hash FROM seal WHERE last_row = ?1 ORDER BY number"};
        seal.bind(1, cut);
        begin_at(range, seal);
    }
    if (question.to) {
        SQLite::Statement seal{db,
                               "SELECT last_row FROM seal WHERE sealed_utc_us >= ?1 AND "
                               "number > ?2 ORDER BY number LIMIT 1"};
        seal.bind(1, static_cast<std::int64_t>(question.to->time_since_epoch().count()));
        seal.bind(2, range.first_seal);
        if (seal.executeStep()) range.last_row = seal.getColumn(0).getInt64();
    }
    return range;
}

/// Behind a cut the row that tells the last instant before it may be gone.
RowChecks::Start start_of(const Range& range, const Corrections& corrections) {
    auto start = range.start;
    if (const auto note = read_cut_note(corrections.cut().note);
        note && start.row == corrections.cut().row)
        start.border_us = note->ended_us;
    return start;
}

/// All that a check of one database takes, in the order in which it is made.
class Check {
public:
    Check(SQLite::Database& db, const Question& question)
        : db_{db},
          question_{question},
          range_{range_of(db, question)},
          corrections_{db, verdict_, flaws_},
          rows_{db, verdict_, flaws_, start_of(range_, corrections_), corrections_.erased()},
          seals_{db, verdict_, flaws_, corrections_, question.keys, range_.first_seal} {}

    Verdict run() {
        const bool whole = range_.last_row == all;
        AllRows rows{db_, range_.start.row == 0 ? -all : range_.start.row + 1, range_.last_row};
        while (auto* const row = rows.next()) {
            seals_.before(row->number(), rows_);
            rows_.row(*row);
            if (question_.head) check_exported(*question_.head);
        }
        seals_.before(whole ? all : range_.last_row + 1, rows_);
        rows_.finish(whole);
        if (whole) check_end();
        check_cut();
        if (question_.head) check_is_here(*question_.head);
        check_schema(db_, flaws_);
        verdict_.head =
            text_of(Head{static_cast<std::uint64_t>(rows_.last_row()), rows_.rows_hash()});
        return std::move(verdict_);
    }

private:
    /// Of a head that was kept elsewhere: after each row, and at the end.
    void check_exported(const Head& head);
    void check_is_here(const Head& head);
    void check_end();
    void check_cut();

    SQLite::Database& db_;
    const Question& question_;
    Range range_;
    Verdict verdict_;
    Flaws flaws_{verdict_};
    Corrections corrections_;
    RowChecks rows_;
    SealChecks seals_;
};

void Check::check_exported(const Head& head) {
    if (head.row != static_cast<std::uint64_t>(rows_.last_row())) return;
    if (head.rows_hash != rows_.rows_hash())
        flaws_.rows_from(1,
                         "this row, or one up to {}, is not what it was when its head was kept "
                         "elsewhere",
                         head.row);
}

void Check::check_is_here(const Head& head) {
    const auto row = static_cast<std::int64_t>(head.row);
    if (row > rows_.last_row() && range_.last_row == all)
        flaws_.row(rows_.last_row() + 1,
                   "is missing, up to {}, whose head was kept elsewhere: the end was cut off",
                   row);
    else if (row == range_.start.row) {
        if (head.rows_hash != range_.start.rows_hash)
            flaws_.elsewhere("head {}: its hash is not the one that is sealed", row);
    } else if (row > rows_.last_row() || row < range_.start.row)
        flaws_.elsewhere("head {}: its row is not in this period: check without one", row);
}

void Check::check_end() {
    RowCursor head{db_, "head", 1, 1};
    if (!head.next()) return flaws_.elsewhere("table head: its line is missing");
    const auto last = head.integer("row");
    if (last > rows_.last_row())
        flaws_.row(rows_.last_row() + 1, "is missing, up to {}: the end was cut off", last);
    else if (last < rows_.last_row())
        flaws_.row(last + 1, "is beyond the end, which is row {} in table head", last);
    else if (head.bytes("rows_hash") != bytes_of(rows_.rows_hash()))
        flaws_.elsewhere("table head: its hash is not that of the rows");
    if (head.integer("seal") != seals_.last())
        flaws_.elsewhere(
            "table head: seal {} is the last, not {}", head.integer("seal"), seals_.last());
    if (head.integer("correction") != corrections_.last() ||
        !corrections_.has(corrections_.last(), head.bytes("correction_hash")))
        flaws_.elsewhere(
            "table head: correction {} is the last, with another hash or number: the "
            "end was cut off",
            head.integer("correction"));
}

/// Rows are missing at the beginning only where a seal covers that they were deleted.
void Check::check_cut() {
    const auto cut = db_.execAndGet("SELECT cut FROM head").getInt64();
    const auto said = corrections_.cut();
    if (cut != said.row)
        return flaws_.elsewhere(
            "table head: rows up to {} are gone, and the last correction that says so is about row "
            "{}",
            cut,
            said.row);
    if (cut == 0) return;
    SQLite::Statement sealed{db_, "SELECT max(correction) FROM seal"};
    if (!sealed.executeStep() || sealed.getColumn(0).getInt64() < said.number)
        flaws_.elsewhere("correction {}: it says that rows are gone, and no seal covers it",
                         said.number);
    if (range_.start.row < cut) flaws_.row(1, "is missing, up to {}: no seal ends there", cut);
    verdict_.cut_row = static_cast<std::uint64_t>(cut);
}

}  // namespace

std::expected<Verdict, Fault> verify(const std::string& path, const Question& question) {
    try {
        SQLite::Database db{path, SQLite::OPEN_READONLY, busy_ms};
        if (auto fault = other_version(db, path)) return std::unexpected{*std::move(fault)};
        SQLite::Transaction snapshot{db};
        return Check{db, question}.run();
    } catch (const SQLite::Exception& e) {
        return std::unexpected{unreadable(e, path)};
    }
}

}  // namespace holdfast::ledger
