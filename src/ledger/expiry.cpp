#include "ledger/expiry.hpp"

#include "ledger/amending.hpp"
#include "ledger/sealing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

namespace holdfast::ledger {
namespace {

/// Lanes with rows on both sides of a cut stay whole: the hash of a row needs that of the one
/// before it.
constexpr char keep_lanes_sql[] = R"sql(
    INSERT INTO temp.kept_lane
        SELECT lane FROM (SELECT journey AS lane FROM journey WHERE row <= ?1
                          UNION SELECT shift FROM shift WHERE row <= ?1
                          UNION SELECT lane FROM segment WHERE row <= ?1)
        EXCEPT SELECT lane FROM segment WHERE row <= ?1 AND outcome <> '')sql";

constexpr const char* delete_sql[]{
    R"sql(DELETE FROM segment WHERE row BETWEEN ?1 AND ?2
          AND lane NOT IN (SELECT lane FROM temp.kept_lane))sql",
    R"sql(DELETE FROM mark WHERE row BETWEEN ?1 AND ?2
          AND lane NOT IN (SELECT lane FROM temp.kept_lane))sql",
    R"sql(DELETE FROM journey WHERE row BETWEEN ?1 AND ?2
          AND journey NOT IN (SELECT lane FROM temp.kept_lane))sql",
    R"sql(DELETE FROM shift WHERE row BETWEEN ?1 AND ?2
          AND shift NOT IN (SELECT lane FROM temp.kept_lane))sql",
    "DELETE FROM left_out WHERE row BETWEEN ?1 AND ?2",
    R"sql(DELETE FROM person WHERE row BETWEEN ?1 AND ?2
          AND row NOT IN (SELECT row FROM journey WHERE row BETWEEN ?1 AND ?2
                          UNION ALL SELECT row FROM shift WHERE row BETWEEN ?1 AND ?2))sql"};

constexpr char lowest_row_sql[] = R"sql(
    SELECT min(coalesce((SELECT min(row) FROM segment), 1 << 60),
               coalesce((SELECT min(row) FROM mark), 1 << 60),
               coalesce((SELECT min(row) FROM journey), 1 << 60),
               coalesce((SELECT min(row) FROM shift), 1 << 60),
               coalesce((SELECT min(row) FROM left_out), 1 << 60)))sql";

std::int64_t number(SQLite::Database& db, const char* sql, std::int64_t argument) {
    SQLite::Statement query{db, sql};
    query.bind(1, argument);
    return query.executeStep() ? query.getColumn(0).getInt64() : 0;
}

/// The last row that was sealed before an instant.
std::int64_t row_sealed_before(SQLite::Database& db, WallInstant before) {
    return number(db,
                  "SELECT last_row FROM seal WHERE sealed_utc_us < ?1 ORDER BY number DESC LIMIT 1",
                  before.time_since_epoch().count());
}

Grounds grounds(const char* why, WallInstant now) {
    return {"retention", why, now};
}

}  // namespace

Expired Expiry::run(SQLite::Database& db,
                    const Retention& retention,
                    const End& end,
                    const SigningKey& key,
                    WallInstant now) {
    Expired done;
    if (!begun_) begin(db);
    if (retention.persons_before) {
        const auto count = erase_persons(db, *retention.persons_before, now);
        done.persons = static_cast<std::uint64_t>(count);
        done.more = count == most_persons;
    }
    if (!retention.rows_before) return done;
    if (next_ <= cut_) {
        done.rows = static_cast<std::uint64_t>(delete_rows(db));
        done.more = true;
    } else if (cut(db, *retention.rows_before, end, key, now)) {
        done.more = true;
    }
    return done;
}

/// Goes on with what an earlier life has not finished.
void Expiry::begin(SQLite::Database& db) {
    db.exec("CREATE TEMP TABLE IF NOT EXISTS kept_lane (lane BLOB PRIMARY KEY) WITHOUT ROWID");
    begun_ = true;
    if (const auto cut = db.execAndGet("SELECT cut FROM head").getInt64(); cut > 0)
        delete_up_to(db, cut);
}

void Expiry::delete_up_to(SQLite::Database& db, std::int64_t row) {
    db.exec("DELETE FROM temp.kept_lane");
    SQLite::Statement keep{db, keep_lanes_sql};
    keep.bind(1, row);
    keep.exec();
    cut_ = row;
    next_ = db.execAndGet(lowest_row_sql).getInt64();
}

std::int64_t Expiry::erase_persons(SQLite::Database& db, WallInstant before, WallInstant now) {
    const auto last = row_sealed_before(db, before);
    std::vector<std::int64_t> rows;
    SQLite::Statement persons{
        db, "SELECT row FROM person WHERE row > ?1 AND row <= ?2 ORDER BY row LIMIT ?3"};
    persons.bind(1, persons_looked_at_);
    persons.bind(2, last);
    persons.bind(3, most_persons);
    while (persons.executeStep())
        rows.push_back(persons.getColumn(0).getInt64());
    persons.reset();
    if (rows.empty()) return 0;
    SQLite::Transaction transaction{db, SQLite::TransactionBehavior::IMMEDIATE};
    SQLite::Statement erase{db, "DELETE FROM person WHERE row = ?1"};
    for (const auto row : rows) {
        add_line(db,
                 {static_cast<std::uint64_t>(row), "person", ""},
                 grounds("kept for as long as the settings say", now));
        erase.bind(1, row);
        erase.exec();
        erase.reset();
    }
    transaction.commit();
    persons_looked_at_ = rows.back();
    return static_cast<std::int64_t>(rows.size());
}

/// Says that rows go, and seals that; they go afterwards. False where no seal is old enough.
bool Expiry::cut(SQLite::Database& db,
                 WallInstant before,
                 const End& end,
                 const SigningKey& key,
                 WallInstant now) {
    SQLite::Statement found{db,
                            "SELECT number, last_row FROM seal WHERE sealed_utc_us < ?1 AND "
                            "last_row > ?2 AND last_row <= ?3 ORDER BY number DESC LIMIT 1"};
    found.bind(1, static_cast<std::int64_t>(before.time_since_epoch().count()));
    found.bind(2, cut_);
    const auto first = db.execAndGet("SELECT first_row FROM head").getInt64();
    found.bind(3, std::max(cut_, first) + most_cut);
    if (!found.executeStep()) return false;
    const auto seal = found.getColumn(0).getInt64(), row = found.getColumn(1).getInt64();
    found.reset();
    const auto ended =
        number(db, "SELECT ended_us FROM segment WHERE row <= ?1 ORDER BY row DESC LIMIT 1", row);
    SQLite::Transaction transaction{db, SQLite::TransactionBehavior::IMMEDIATE};
    add_line(db,
             {static_cast<std::uint64_t>(row), cut_field, fmt::format("{} {}", seal, ended)},
             grounds("kept for as long as the settings say", now));
    SQLite::Statement move{db, "UPDATE head SET cut = ?1"};
    move.bind(1, row);
    move.exec();
    add_seal(db, end, key, now);
    transaction.commit();
    delete_up_to(db, row);
    return true;
}

std::int64_t Expiry::delete_rows(SQLite::Database& db) {
    const auto last = std::min(next_ + most_rows - 1, cut_);
    SQLite::Transaction transaction{db, SQLite::TransactionBehavior::IMMEDIATE};
    std::int64_t count = 0;
    for (const char* sql : delete_sql) {
        SQLite::Statement erase{db, sql};
        erase.bind(1, next_);
        erase.bind(2, last);
        count += erase.exec();
    }
    transaction.commit();
    next_ = last + 1;
    return count;
}

std::optional<CutNote> read_cut_note(std::string_view text) {
    CutNote note;
    const char* const end = text.data() + text.size();
    const auto [space, fault] = std::from_chars(text.data(), end, note.seal);
    if (fault != std::errc{} || space == end || *space != ' ') return std::nullopt;
    const auto [rest, other] = std::from_chars(space + 1, end, note.ended_us);
    if (other != std::errc{} || rest != end) return std::nullopt;
    return note;
}

}  // namespace holdfast::ledger
