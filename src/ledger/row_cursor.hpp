// ledger/row_cursor.hpp: rows as they stand in the database, for whoever judges them. Nothing is
// taken for granted: a column may have any type and any value.
#pragma once
#include "ledger/content.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::ledger {

/// The lines of one table in the order of their first column, an integer.
class RowCursor {
public:
    /// Lines `first` to `last`, both among them. Throws SQLite::Exception, as all here.
    RowCursor(SQLite::Database& db,
              const std::string& table,
              std::int64_t first,
              std::int64_t last);

    const std::string& table() const { return table_; }
    /// False at the end.
    bool next();
    bool there() const { return there_; }
    std::int64_t number() const { return number_; }  ///< The first column.

    std::int64_t integer(std::string_view column);
    /// A text's or blob's bytes; good until next().
    std::string_view bytes(std::string_view column);
    std::string text(std::string_view column) { return std::string{bytes(column)}; }
    /// What the line's hash is made over.
    std::string_view content() const { return content_.bytes(); }

private:
    struct Name {
        std::string text;
        bool hashed = true;
        bool later = false;  ///< Behind the hash: of a later version, and left out where NULL.
    };
    int at(std::string_view column) const;
    void gather_content();

    std::string table_;
    SQLite::Statement lines_;
    std::vector<Name> columns_;
    Content content_;
    std::int64_t number_ = 0;
    bool there_ = false;
};

/// All tables of rows as the one sequence that they are.
class AllRows {
public:
    AllRows(SQLite::Database& db, std::int64_t first, std::int64_t last);
    /// The next row of all; none at the end. Good until the next call.
    RowCursor* next();

private:
    std::vector<RowCursor> tables_;
    RowCursor* given_ = nullptr;
};

}  // namespace holdfast::ledger
