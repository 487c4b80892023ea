// ledger/database.hpp: the SQLite file: opened, brought to this version, its faults in our words.
#pragma once
#include "ledger/fault.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>

namespace holdfast::ledger {

/// SQLite waits that long for another program that writes.
inline constexpr int busy_ms = 2000;

/// WAL, synchronous=FULL. Throws SQLite::Exception.
SQLite::Database open_database(const std::string& path);

/// Brings it to the present version, one transaction a step. A fault where a newer Holdfast wrote
/// it. Throws SQLite::Exception.
std::optional<Fault> migrate(SQLite::Database& db, const std::string& path);

/// Why the database cannot be read as it is; none where it is of the present version.
std::optional<Fault> other_version(SQLite::Database& db, const std::string& path);

/// The highest row in any table of rows; 0 where there is none.
std::uint64_t last_row_in(SQLite::Database& db);

Fault fault_of(const SQLite::Exception& e, const std::string& path);
/// For one who only reads.
Fault unreadable(const SQLite::Exception& e, const std::string& path);

/// As SQLite wants the path of a file that nobody changes: it then asks for no lock and no memory.
std::string immutable_uri(const std::string& path);

}  // namespace holdfast::ledger
