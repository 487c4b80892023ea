#include "ledger/open_lanes.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::ledger {
namespace {

constexpr char hash_sql[] = R"sql(
    SELECT hash FROM segment WHERE row = ?1 UNION ALL SELECT hash FROM mark WHERE row = ?1
    UNION ALL SELECT hash FROM journey WHERE row = ?1
    UNION ALL SELECT hash FROM shift WHERE row = ?1)sql";
constexpr char rows_since_sql[] = R"sql(
    SELECT row, journey AS lane, hash, '' AS outcome FROM journey WHERE row > ?1
    UNION ALL SELECT row, shift, hash, '' FROM shift WHERE row > ?1
    UNION ALL SELECT row, lane, hash, outcome FROM segment WHERE row > ?1
    UNION ALL SELECT row, lane, hash, '' FROM mark WHERE row > ?1
    ORDER BY row)sql";

/// Zeros where the column has not the length.
template <class Array>
Array array_of(const SQLite::Column& column) {
    Array array{};
    if (static_cast<std::size_t>(column.getBytes()) == array.size())
        std::memcpy(array.data(), column.getBlob(), array.size());
    return array;
}

std::uint64_t number_of(const SQLite::Column& column) {
    return static_cast<std::uint64_t>(column.getInt64());
}

}  // namespace

OpenLanes::OpenLanes(SQLite::Database& db) : db_{db}, hash_{db, hash_sql} {
    kept_at_ = number_of(db.execAndGet("SELECT lanes_at FROM head"));
    read_table();
    read_rows_since();
}

void OpenLanes::read_table() {
    SQLite::Statement lanes{db_, "SELECT lane, row FROM open_lane ORDER BY row DESC"};
    while (lanes.executeStep()) {
        if (lanes_.size() == most) {
            all_here_ = false;
            return;
        }
        const auto row = number_of(lanes.getColumn(1));
        lanes_[array_of<acd::Uuid>(lanes.getColumn(0))] = {{row, hash_of(row)}, true};
    }
}

void OpenLanes::read_rows_since() {
    SQLite::Statement rows{db_, rows_since_sql};
    rows.bind(1, static_cast<std::int64_t>(kept_at_));
    while (rows.executeStep()) {
        const Place place{number_of(rows.getColumn(0)), array_of<Hash>(rows.getColumn(2))};
        move(array_of<acd::Uuid>(rows.getColumn(1)), place, rows.getColumn(3).getBytes() > 0);
    }
}

Hash OpenLanes::hash_of(std::uint64_t row) {
    hash_.bind(1, static_cast<std::int64_t>(row));
    const auto hash = hash_.executeStep() ? array_of<Hash>(hash_.getColumn(0)) : Hash{};
    hash_.reset();
    return hash;
}

OpenLanes::Place OpenLanes::of(const acd::Uuid& lane) {
    const auto found = lanes_.find(lane);
    if (found != lanes_.end()) return found->second.place;
    if (all_here_ || std::ranges::find(ended_, lane) != ended_.end()) return {};
    SQLite::Statement kept{db_, "SELECT row FROM open_lane WHERE lane = ?1"};
    kept.bindNoCopy(1, lane.data(), static_cast<int>(lane.size()));
    if (!kept.executeStep()) return {};
    const auto row = number_of(kept.getColumn(0));
    return {row, hash_of(row)};
}

void OpenLanes::move(const acd::Uuid& lane, const Place& place, bool ended) {
    if (ended) {
        lanes_.erase(lane);
        ended_.push_back(lane);
    } else {
        lanes_[lane] = {place, false};
    }
}

void OpenLanes::keep(std::uint64_t row) {
    SQLite::Statement forget{db_, "DELETE FROM open_lane WHERE lane = ?1"};
    for (const auto& lane : ended_) {
        forget.bindNoCopy(1, lane.data(), static_cast<int>(lane.size()));
        forget.exec();
        forget.reset();
    }
    ended_.clear();
    SQLite::Statement put{db_, "INSERT OR REPLACE INTO open_lane VALUES (?1, ?2)"};
    for (auto& [id, lane] : lanes_) {
        if (std::exchange(lane.kept, true)) continue;
        put.bindNoCopy(1, id.data(), static_cast<int>(id.size()));
        put.bind(2, static_cast<std::int64_t>(lane.place.row));
        put.exec();
        put.reset();
    }
    SQLite::Statement at{db_, "UPDATE head SET lanes_at = ?1"};
    at.bind(1, static_cast<std::int64_t>(row));
    at.exec();
    kept_at_ = row;
    if (lanes_.size() > most) forget_oldest();
}

/// Of those that the table has; called when it has all.
void OpenLanes::forget_oldest() {
    std::vector<std::uint64_t> rows;
    rows.reserve(lanes_.size());
    for (const auto& [id, lane] : lanes_)
        rows.push_back(lane.place.row);
    const auto last = rows.end() - static_cast<std::ptrdiff_t>(most * 3 / 4);
    std::ranges::nth_element(rows, last);
    std::erase_if(lanes_, [&](const auto& lane) { return lane.second.place.row < *last; });
    all_here_ = false;
}

}  // namespace holdfast::ledger
