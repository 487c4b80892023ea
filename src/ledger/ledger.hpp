// ledger/ledger.hpp: the record of what happened, in SQLite (WAL, synchronous=FULL). Rows are only
// appended. Nothing is decided here.
#pragma once
#include "acd/ledger_row.hpp"
#include "base/time.hpp"
#include "ledger/amendments.hpp"
#include "ledger/expiry.hpp"
#include "ledger/fault.hpp"
#include "ledger/seal.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace holdfast::ledger {

class Ledger {
public:
    /// Opens or creates the database at `path` and brings it to the present version.
    static std::expected<Ledger, Fault> open(const std::string& path);
    /// The last row of a database that open() could not open for writing: the disk is full, or read
    /// only. 0 where there is no database yet.
    static std::expected<std::uint64_t, Fault> read_last_row(const std::string& path);
    /// Where a database ends, which another program may be writing to.
    static std::expected<Head, Fault> read_head(const std::string& path);
    Ledger(Ledger&&) noexcept;
    Ledger& operator=(Ledger&&) noexcept;
    ~Ledger();

    /// Writes the rows in one transaction, which is on disk when this returns. Rows up to
    /// `last_row` are there already and are passed over. On a fault nothing of them is written.
    std::expected<void, Fault> write(std::span<const acd::LedgerRow> rows);

    /// Signs all rows and corrections that are new since the last seal, and tells where the ledger
    /// ends; none where nothing is new. The appliance's key is made once, beside the database. A
    /// fault of the key does not keep rows from being written.
    std::expected<std::optional<Seal>, Fault> seal(WallInstant now);

    /// Says otherwise about a row. The next seal covers it.
    std::expected<void, Fault> correct(const Correction& correction, const Grounds& grounds);

    /// Takes number and name of a journey's caller, or of a shift's agent, away for good.
    /// Everything verifies as before. Copies elsewhere (backups, the spill file) keep them.
    std::expected<Erased, Fault> erase(const acd::Uuid& lane, const Grounds& grounds);

    /// Erases and deletes some of what is older than it is kept; to be asked again while there is
    /// more. Everything verifies as before.
    std::expected<Expired, Fault> expire(const Retention& retention, WallInstant now);

    /// Where it ends; all zero after a fault, until the next write.
    Head head() const;

    /// The highest row that is on disk; 0 where there is none.
    std::uint64_t last_row() const;

private:
    class Impl;
    explicit Ledger(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace holdfast::ledger
