#include "ledger/row_cursor.hpp"

#include "base/ensure.hpp"

#include <sqlite3.h>

namespace holdfast::ledger {
namespace {

std::string_view column_bytes(const SQLite::Column& column) {
    const auto* const bytes = static_cast<const char*>(column.getBlob());
    if (bytes == nullptr) return {};
    return {bytes, static_cast<std::size_t>(column.getBytes())};
}

void add(Content& content, const SQLite::Column& column) {
    switch (column.getType()) {
        case SQLITE_INTEGER:
            return content.integer(column.getInt64());
        case SQLITE_FLOAT:
            return content.real(column.getDouble());
        case SQLITE_TEXT:
            return content.text(column_bytes(column));
        case SQLITE_BLOB:
            return content.blob(column_bytes(column));
        default:
            return content.null();
    }
}

}  // namespace

RowCursor::RowCursor(SQLite::Database& db,
                     const std::string& table,
                     std::int64_t first,
                     std::int64_t last)
    : table_{table},
      lines_{db, "SELECT * FROM " + table + " WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid"} {
    lines_.bind(1, first);
    lines_.bind(2, last);
    bool later = false;
    for (int i = 0; i < lines_.getColumnCount(); ++i) {
        const std::string name = lines_.getColumnName(i);
        columns_.push_back({name, name != "hash" && name != "signature", later});
        later = later || (name == "hash" && table == "mark");
    }
}

bool RowCursor::next() {
    there_ = lines_.executeStep();
    if (!there_) return false;
    // Before anything else: to look at a value may change the type that SQLite tells.
    gather_content();
    number_ = lines_.getColumn(0).getInt64();
    return true;
}

int RowCursor::at(std::string_view column) const {
    for (std::size_t i = 0; i < columns_.size(); ++i)
        if (columns_[i].text == column) return static_cast<int>(i);
    ensure(false, "a column that the schema does not have");
    return -1;
}

std::int64_t RowCursor::integer(std::string_view column) {
    return lines_.getColumn(at(column)).getInt64();
}

std::string_view RowCursor::bytes(std::string_view column) {
    return column_bytes(lines_.getColumn(at(column)));
}

void RowCursor::gather_content() {
    content_.begin(table_);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const auto value = lines_.getColumn(static_cast<int>(i));
        if (columns_[i].hashed && !(columns_[i].later && value.isNull())) add(content_, value);
    }
}

AllRows::AllRows(SQLite::Database& db, std::int64_t first, std::int64_t last) {
    tables_.reserve(5);
    for (const char* table : {"journey", "shift", "segment", "mark", "left_out"}) {
        tables_.emplace_back(db, table, first, last);
        tables_.back().next();
    }
}

RowCursor* AllRows::next() {
    if (given_ != nullptr) given_->next();
    given_ = nullptr;
    for (auto& table : tables_)
        if (table.there() && (given_ == nullptr || table.number() < given_->number()))
            given_ = &table;
    return given_;
}

}  // namespace holdfast::ledger
