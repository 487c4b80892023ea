// ledger/expiry.hpp: what is kept for so long and no longer. Persons are erased as by hand, with a
// correction each. Rows are deleted up to a seal: a correction says so, a new seal covers it, and
// the verifier begins behind. Each call does a little, so that rows of calls need not wait.
#pragma once
#include "base/time.hpp"
#include "ledger/signing_key.hpp"
#include "ledger/writer.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace holdfast::ledger {

/// By the seals: five minutes more or less are no matter.
struct Retention {
    std::optional<WallInstant> persons_before, rows_before;
};

struct Expired {
    std::uint64_t persons = 0, rows = 0;  ///< By this call.
    bool more = false;                    ///< Ask again.
};

class Expiry {
public:
    /// Persons of one call: 20 ms.
    static constexpr std::int64_t most_persons = 200;
    /// Numbers of rows that one call goes over: 20 ms.
    static constexpr std::int64_t most_rows = 2000;
    /// Rows of one cut. They are read once for the lanes that go on beyond it: 300 ms.
    static constexpr std::int64_t most_cut = 200'000;

    /// Throws SQLite::Exception. In transactions of its own.
    Expired run(SQLite::Database& db,
                const Retention& retention,
                const End& end,
                const SigningKey& key,
                WallInstant now);

private:
    void begin(SQLite::Database& db);
    void delete_up_to(SQLite::Database& db, std::int64_t row);
    std::int64_t erase_persons(SQLite::Database& db, WallInstant before, WallInstant now);
    bool cut(SQLite::Database& db,
             WallInstant before,
             const End& end,
             const SigningKey& key,
             WallInstant now);
    std::int64_t delete_rows(SQLite::Database& db);

    bool begun_ = false;
    std::int64_t cut_ = 0;   // rows up to there go
    std::int64_t next_ = 1;  // the first that was not looked at
    std::int64_t persons_looked_at_ = 0;
};

/// What a cut says in its correction, beside its row.
struct CutNote {
    std::int64_t seal = 0;      ///< Whose last row it is.
    std::int64_t ended_us = 0;  ///< Of the last segment that was cut off: events have several rows.
};
std::optional<CutNote> read_cut_note(std::string_view text);

/// The field of a correction that says that rows up to its own were deleted.
inline constexpr char cut_field[] = "rows";

}  // namespace holdfast::ledger
