// ledger/verify_rows.hpp: whether every row is the one that was written: its own hash, its place in
// its lane and in the one sequence, and the person it belongs to.
#pragma once
#include "acd/ledger_row.hpp"
#include "ledger/row_cursor.hpp"
#include "ledger/sha256.hpp"
#include "ledger/verdict.hpp"
#include "ledger/verify_lanes.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>

namespace holdfast::ledger {

class RowChecks {
public:
    /// What stands before the first row that is looked at.
    struct Start {
        std::int64_t row = 0;  ///< The last one before; 0: the ledger begins.
        Hash rows_hash{};      ///< Over all rows up to there.
        /// Lanes may have rows before the first: in the ledger, or in one that was set aside.
        bool lanes_go_on = false;
        std::optional<std::int64_t> border_us{};  ///< When the last segment before ended.
    };

    /// `erased`: rows whose persons were erased.
    RowChecks(SQLite::Database& db,
              Verdict& verdict,
              Flaws& flaws,
              Start start,
              std::set<std::int64_t> erased);

    /// The next row of all.
    void row(RowCursor& row);
    /// After the last; `whole` where it was the last row of the ledger.
    void finish(bool whole);

    std::int64_t last_row() const { return last_row_; }
    const Hash& rows_hash() const { return rows_hash_; }
    /// Goes on from another hash than was found, so that one flaw is not told again and again.
    void go_on_from(const Hash& rows_hash) { rows_hash_ = rows_hash; }

private:
    struct Lane {
        std::int64_t row = 0;  // the last of the lane
        Hash hash{};
        LaneSoFar segments;
        MarksSoFar marks;
        bool begun = false;  // its beginning is a row here
    };
    using OpenLanes = std::map<acd::Uuid, Lane>;

    void sequence(std::int64_t first, std::int64_t last);
    void begin_lane(RowCursor& row, const char* id);
    void in_lane(RowCursor& row);
    /// The lane of a row that is the first to be seen of it.
    OpenLanes::iterator find_before(const acd::Uuid& id, std::int64_t previous, std::int64_t row);
    Hash check_hash(RowCursor& row, const Hash& before);
    void person(RowCursor& row);
    void compare_open_lanes();

    SQLite::Database& db_;
    Verdict& verdict_;
    Flaws& flaws_;
    LaneChecks lanes_;
    OpenLanes open_;
    Start start_;
    RowCursor persons_;
    std::set<std::int64_t> erased_;
    Sha256 sha256_;
    std::int64_t last_row_;
    Hash rows_hash_;
    std::int64_t lanes_at_ = 0;  // the row as of which the table of open lanes is
    bool lanes_compared_ = false;
};

}  // namespace holdfast::ledger
