// ledger/open_lanes.hpp: where each lane that goes on ends, so that its next row can be chained to
// it. Kept in memory; the table open_lane has them as of one row, and the few rows since are read
// again at the start.
#pragma once
#include "acd/ledger_row.hpp"
#include "ledger/sha256.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <cstring>
#include <unordered_map>
#include <vector>

namespace holdfast::ledger {

class OpenLanes {
public:
    /// In memory: 4,000 calls and 2,000 agents at the limits, and what power cuts have left without
    /// an end. 100 bytes each: 1.6 MB. Beyond, those not used for longest are in the table alone.
    static constexpr std::size_t most = 16'384;
    /// Rows that a start may have to read again: 10 ms.
    static constexpr std::uint64_t most_since = 8'192;

    struct Place {
        std::uint64_t row = 0;  ///< 0: the lane has no row, or it has ended.
        Hash hash{};
    };

    /// Reads them. Throws SQLite::Exception, as all here.
    explicit OpenLanes(SQLite::Database& db);

    Place of(const acd::Uuid& lane);
    /// The lane has one row more. After its end it is forgotten.
    void move(const acd::Uuid& lane, const Place& place, bool ended);
    /// Brings the table up to `row`, the last one written; part of the caller's transaction.
    void keep(std::uint64_t row);
    std::uint64_t kept_at() const { return kept_at_; }

private:
    struct Lane {
        Place place;
        bool kept = false;  // the table has this place
    };
    struct Mix {
        std::size_t operator()(const acd::Uuid& uuid) const {
            std::uint64_t half[2];
            std::memcpy(half, uuid.data(), sizeof half);
            return (half[0] * 0x9e3779b97f4a7c15U) ^ half[1];
        }
    };

    void read_table();
    void read_rows_since();
    void forget_oldest();
    Hash hash_of(std::uint64_t row);

    SQLite::Database& db_;
    SQLite::Statement hash_;
    std::unordered_map<acd::Uuid, Lane, Mix> lanes_;
    std::vector<acd::Uuid> ended_;  // the table may have them still
    bool all_here_ = true;          // the table has none that is not in memory
    std::uint64_t kept_at_ = 0;
};

}  // namespace holdfast::ledger
