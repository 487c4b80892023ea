// ledger/writer.hpp: rows into tables, each with its hash.
#pragma once
#include "acd/ledger_row.hpp"
#include "ledger/content.hpp"
#include "ledger/open_lanes.hpp"
#include "ledger/sha256.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::ledger {

/// The end of the one sequence of all rows.
struct End {
    std::uint64_t first_row = 0, row = 0;  ///< 0 where there is none.
    Hash rows_hash{};                      ///< Over the hashes of all rows.
};

class Writer {
public:
    /// Throws SQLite::Exception, as all here. After that the writer is of no use any more.
    explicit Writer(SQLite::Database& db);
    const End& end() const { return end_; }

    /// The next row, or a later one: then those between are noted as left out.
    void add(const acd::LedgerRow& row);
    /// After the last row of a transaction.
    void finish();
    /// Brings the table of open lanes up to date.
    void keep_lanes() { lanes_.keep(end_.row); }

private:
    void add(std::uint64_t row, const acd::JourneyOpened& journey);
    void add(std::uint64_t row, const acd::ShiftOpened& shift);
    void add(std::uint64_t row, const acd::SegmentClosed& segment);
    void add(std::uint64_t row, const acd::MarkClosed& mark);
    void leave_out(std::uint64_t row, std::uint64_t last_row);
    std::optional<Hash> add_person(std::uint64_t row,
                                   const std::string& number,
                                   const std::string& name,
                                   const std::string& dialled);
    std::string_view new_salt();
    /// Runs a row's statement with its values and their hash, which comes last.
    template <class... Values>
    Hash put(SQLite::Statement& statement,
             std::string_view table,
             const Hash& before,
             const Values&... values);
    void count(std::uint64_t row, const Hash& hash);

    SQLite::Statement journey_, shift_, segment_, mark_, left_out_, person_, head_;
    OpenLanes lanes_;
    End end_;
    Content content_;
    Sha256 sha256_;
    std::string salts_;  // drawn in one go, used one by one
    std::size_t salts_used_ = 0;
};

}  // namespace holdfast::ledger
