// report/reader.hpp: what reports ask of a ledger, by SQL and read only, in one snapshot. A
// database that fails throws SQLite::Exception, which make_report catches.
#pragma once
#include "report/calendar.hpp"
#include "report/rows.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace holdfast::report {

/// A caller's journey as it began. The number is valid during the call only.
struct Arrival {
    Uuid journey{};
    std::string_view number;
    WallInstant began{};
};

class Reader {
public:
    explicit Reader(const std::string& path);

    /// False where the file has no segments' table.
    bool is_ledger() const;
    /// When the last row's segment ended; none where there is no segment.
    std::optional<WallInstant> last_moment();
    /// The local clock between two instants.
    Calendar calendar(WallInstant from, WallInstant to);

    /// Every segment that begins in the interval or reaches into it, and all others of the callers
    /// who have one there.
    Batch read(Interval interval);

    /// Whether callers' numbers can be read.
    bool knows_callers() const { return !arrivals_sql_.empty(); }
    /// Rows that were read as somebody has corrected them.
    std::size_t corrected_rows() const { return corrected_.size(); }
    /// Those who called us from `from` to before `to`, in order of time.
    void each_arrival(Interval interval, const std::function<void(const Arrival&)>& take);

    Names names;

private:
    struct Seen {
        WallInstant at{};
        std::chrono::seconds offset{};
    };
    /// What holds instead of a column's value.
    struct Correction {
        std::string field, value;
    };
    /// When the daemon was dead.
    struct Mark {
        Instant began{}, ended{};
    };
    void read_corrections();
    void read_degraded();
    void add_gaps(Batch& batch, const Row& row, Instant began) const;
    void correct(std::int64_t number, Row& row);

    std::optional<Seen> last_before(WallInstant at);
    std::optional<Seen> first_from(WallInstant at);
    std::optional<Seen> seen(const char* sql, WallInstant at);
    OffsetChange change_between(Seen before, Seen after);

    using Lanes = std::unordered_set<std::uint32_t>;
    struct Unfinished {
        Lanes headless, open;  ///< First segments are missing; last ones.
    };
    static Unfinished unfinished(const Batch& batch, Interval interval);
    void take_rows(SQLite::Statement& statement, Batch& batch, const Lanes* only);
    void widen(Batch& batch, Interval interval);

    SQLite::Database db_;
    SQLite::Transaction snapshot_;
    bool has_index_ = false;
    std::string arrivals_sql_;  // by where this ledger keeps callers' numbers; empty: nowhere
    std::unordered_map<std::int64_t, std::vector<Correction>> corrections_;  // by row
    std::unordered_set<std::int64_t> corrected_;
    std::multimap<Uuid, Mark> degraded_;  // by lane
};

}  // namespace holdfast::report
