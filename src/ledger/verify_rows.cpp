#include "ledger/verify_rows.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

namespace holdfast::ledger {
namespace {

/// A segment's lane goes back over a few marks at most before it comes to another segment.
constexpr int most_steps_back = 64;

template <class Array>
bool read(std::string_view bytes, Array& array) {
    if (bytes.size() != array.size()) return false;
    std::ranges::copy(bytes, array.begin());
    return true;
}

std::string rows_text(std::int64_t first, std::int64_t last) {
    return first == last ? "is missing"
                         : fmt::format("this row and all up to {} are missing", last);
}

struct RowOfLane {
    std::int64_t previous = 0;
    Hash hash{};
    LaneSoFar segments;  ///< Where it is a segment.
};

/// The row, where it is one of that lane.
std::optional<RowOfLane> row_of_lane(SQLite::Database& db, std::int64_t row, const acd::Uuid& id) {
    for (const char* table : {"segment", "mark", "journey", "shift"}) {
        RowCursor found{db, table, row, row};
        if (!found.next()) continue;
        const bool is_segment = found.table() == "segment";
        const bool goes_on = is_segment || found.table() == "mark";
        RowOfLane before;
        acd::Uuid lane{};
        if (!read(found.bytes(goes_on ? "lane" : table), lane) || lane != id) return std::nullopt;
        read(found.bytes("hash"), before.hash);
        if (goes_on) before.previous = found.integer("previous");
        if (!is_segment) return before;
        const auto ended = found.integer("ended_us");
        const bool caller = found.bytes("lane_kind") == "caller";
        before.segments = {true, caller, found.integer("number"), ended, ended};
        return before;
    }
    return std::nullopt;
}

}  // namespace

RowChecks::RowChecks(SQLite::Database& db,
                     Verdict& verdict,
                     Flaws& flaws,
                     Start start,
                     std::set<std::int64_t> erased)
    : db_{db},
      verdict_{verdict},
      flaws_{flaws},
      lanes_{verdict, flaws_},
      start_{start},
      persons_{db, "person", start.row + 1, std::numeric_limits<std::int64_t>::max()},
      erased_{std::move(erased)},
      last_row_{start.row},
      rows_hash_{start.rows_hash} {
    lanes_at_ = db.execAndGet("SELECT lanes_at FROM head").getInt64();
    if (lanes_at_ == 0) compare_open_lanes();
    persons_.next();
    if (start.border_us) lanes_.border(*start.border_us);
    if (start.row > 0) {
        verdict_.first_row = static_cast<std::uint64_t>(start.row) + 1;
        SQLite::Statement border{
            db, "SELECT ended_us FROM segment WHERE row <= ?1 ORDER BY row DESC LIMIT 1"};
        border.bind(1, start.row);
        if (border.executeStep()) lanes_.border(border.getColumn(0).getInt64());
    }
}

void RowChecks::row(RowCursor& row) {
    const auto& table = row.table();
    const auto number = row.number();
    if (table == "left_out") {
        const auto hash = check_hash(row, Hash{});
        const auto last = row.integer("last_row");
        sequence(number, last);
        flaws_.row(
            number, "{}: it was left out when it was to be written", rows_text(number, last));
        rows_hash_ = sha256_.of({bytes_of(rows_hash_), bytes_of(hash)});
        return;
    }
    sequence(number, number);
    if (table == "journey" || table == "shift")
        begin_lane(row, table.c_str());
    else
        in_lane(row);
    if (number == lanes_at_) compare_open_lanes();
}

void RowChecks::sequence(std::int64_t first, std::int64_t last) {
    if (last_row_ == 0) {
        const auto begins = db_.execAndGet("SELECT first_row FROM head").getInt64();
        if (first > begins && begins > 0)
            flaws_.row(begins, "{}", rows_text(begins, first - 1));
        else if (first != begins)
            flaws_.row(first, "the ledger begins at row {}", begins);
        start_.lanes_go_on = start_.lanes_go_on || begins > 1;
        verdict_.first_row = static_cast<std::uint64_t>(first);
    } else if (first <= last_row_) {
        flaws_.row(first, "is there twice");
    } else if (first != last_row_ + 1) {
        flaws_.row(last_row_ + 1, "{}", rows_text(last_row_ + 1, first - 1));
    }
    last_row_ = last;
}

Hash RowChecks::check_hash(RowCursor& row, const Hash& before) {
    const auto made = sha256_.of({bytes_of(before), row.content()});
    Hash stored{};
    if (!read(row.bytes("hash"), stored) || stored != made)
        flaws_.row(row.number(),
                   "its hash ({}) does not fit: this row, or the one before it in its lane, is not "
                   "what was written",
                   row.table());
    return stored;
}

void RowChecks::begin_lane(RowCursor& row, const char* id_column) {
    const auto hash = check_hash(row, Hash{});
    rows_hash_ = sha256_.of({bytes_of(rows_hash_), bytes_of(hash)});
    person(row);
    acd::Uuid id{};
    if (!read(row.bytes(id_column), id)) return flaws_.row(row.number(), "its lane has no number");
    open_[id] = {row.number(), hash, {}, {}, true};
}

void RowChecks::in_lane(RowCursor& row) {
    acd::Uuid id{};
    const bool has_lane = read(row.bytes("lane"), id);
    if (!has_lane) flaws_.row(row.number(), "its lane has no number");
    const auto previous = row.integer("previous");
    auto lane = open_.find(id);
    if (lane == open_.end()) lane = find_before(id, previous, row.number());
    if (previous != lane->second.row)
        flaws_.row(row.number(),
                   "it follows row {} in its lane, where row {} is the last",
                   previous,
                   lane->second.row);
    const auto hash = check_hash(row, lane->second.hash);
    rows_hash_ = sha256_.of({bytes_of(rows_hash_), bytes_of(hash)});
    lane->second.row = row.number();
    lane->second.hash = hash;
    if (row.table() == "mark")
        lanes_.mark(row, lane->second.segments, lane->second.marks);
    else if (lanes_.segment(row, lane->second.segments, lane->second.marks, lane->second.begun))
        open_.erase(lane);
}

RowChecks::OpenLanes::iterator RowChecks::find_before(const acd::Uuid& id,
                                                      std::int64_t previous,
                                                      std::int64_t row) {
    const auto lane = open_.emplace(id, Lane{}).first;
    if (start_.row == 0) {
        if (!start_.lanes_go_on)
            flaws_.row(row, "follows the end of its lane, or the lane never began");
        return lane;
    }
    for (int step = 0; step < most_steps_back && previous > 0 && previous <= start_.row; ++step) {
        auto before = row_of_lane(db_, previous, id);
        if (!before) break;
        if (lane->second.row == 0) lane->second.row = previous, lane->second.hash = before->hash;
        if (before->segments.any) {
            lane->second.segments = before->segments;
            ++(before->segments.caller ? verdict_.caller_lanes : verdict_.agent_lanes);
            break;
        }
        previous = before->previous;
    }
    return lane;
}

/// Either what was known of the person is there, or an erasure is.
void RowChecks::person(RowCursor& row) {
    const auto number = row.number();
    const std::string kept = row.text("person");
    for (; persons_.there() && persons_.number() < number; persons_.next())
        flaws_.row(persons_.number(), "a person is there, and no such row");
    const bool there = persons_.there() && persons_.number() == number;
    if (!there) {
        if (kept.empty()) return;
        ++verdict_.persons_erased;
        if (!erased_.contains(number))
            flaws_.row(number, "its person is missing, and no erasure tells why");
        return;
    }
    const auto hash = sha256_.of({bytes_of(Hash{}), persons_.content()});
    if (kept != bytes_of(hash)) flaws_.row(number, "its person is not what was written");
    if (erased_.contains(number)) flaws_.row(number, "its person was erased, and is there");
    persons_.next();
}

/// The table of open lanes, where the next rows are chained.
void RowChecks::compare_open_lanes() {
    if (start_.row > 0) return;  // lanes that were not looked at may be open
    lanes_compared_ = true;
    SQLite::Statement kept{db_, "SELECT lane, row FROM open_lane"};
    std::size_t count = 0;
    for (; kept.executeStep(); ++count) {
        acd::Uuid id{};
        const auto lane = kept.getColumn(0);
        const auto row = kept.getColumn(1).getInt64();
        const auto* const bytes = static_cast<const char*>(lane.getBlob());
        const bool good =
            bytes != nullptr && read({bytes, static_cast<std::size_t>(lane.getBytes())}, id);
        const auto found = good ? open_.find(id) : open_.end();
        if (found == open_.end() || found->second.row != row)
            flaws_.elsewhere("table open_lane: row {} is the last of no open lane", row);
    }
    if (count < open_.size())
        flaws_.elsewhere("table open_lane: {} lanes are open, it has {}", open_.size(), count);
}

void RowChecks::finish(bool whole) {
    if (whole) {
        for (; persons_.there(); persons_.next())
            flaws_.row(persons_.number(), "a person is there, and no such row");
        if (start_.row == 0 && !lanes_compared_)
            flaws_.elsewhere("table head: open lanes are known as of row {}, which is missing",
                             lanes_at_);
    }
    for (const auto& [id, lane] : open_)
        lanes_.goes_on(id, lane.segments);
    lanes_.finish();
    verdict_.last_row = static_cast<std::uint64_t>(last_row_);
}

}  // namespace holdfast::ledger
