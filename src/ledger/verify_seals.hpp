// ledger/verify_seals.hpp: whether the seals are those that were made, and hold over the rows and
// corrections; and the corrections themselves.
#pragma once
#include "ledger/row_cursor.hpp"
#include "ledger/sha256.hpp"
#include "ledger/verdict.hpp"
#include "ledger/verify_rows.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace holdfast::ledger {

/// All corrections: there are few.
class Corrections {
public:
    Corrections(SQLite::Database& db, Verdict& verdict, Flaws& flaws);
    /// Rows whose persons were erased.
    const std::set<std::int64_t>& erased() const { return erased_; }
    /// Whether correction `number` has that hash, as it stands in a seal or in the head. For 0 it
    /// is all zero.
    bool has(std::int64_t number, std::string_view hash) const;
    std::int64_t last() const { return static_cast<std::int64_t>(hashes_.size()); }
    /// The last that says that rows up to its own were deleted; all zero where there is none.
    struct Cut {
        std::int64_t number = 0, row = 0;
        std::string note;
    };
    const Cut& cut() const { return cut_; }

private:
    std::vector<Hash> hashes_;
    std::set<std::int64_t> erased_;
    Cut cut_;
};

class SealChecks {
public:
    /// Seals from number `first` on. `trusted`: keys in hex that may have made them; all may where
    /// it is empty. It must live longer.
    SealChecks(SQLite::Database& db,
               Verdict& verdict,
               Flaws& flaws,
               const Corrections& corrections,
               const std::vector<std::string>& trusted,
               std::int64_t first);
    /// Checks the seals that end before `row`, the next to come.
    void before(std::int64_t row, RowChecks& rows);
    std::int64_t last() const { return last_; }

private:
    void check(RowChecks& rows);
    bool check_itself(std::int64_t number);
    void note_key(std::int64_t number);

    Verdict& verdict_;
    Flaws& flaws_;
    const Corrections& corrections_;
    const std::vector<std::string>& trusted_;
    RowCursor seals_;
    Sha256 sha256_;
    std::int64_t first_, last_;
    std::int64_t sealed_row_ = 0;
    Hash before_{};
};

}  // namespace holdfast::ledger
