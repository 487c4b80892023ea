// ledger/amending.hpp: makes corrections and erasures, as part of the caller's transaction.
#pragma once
#include "ledger/amendments.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <expected>
#include <string>

namespace holdfast::ledger {

/// Chains the line to the last one and moves the head. Throws SQLite::Exception.
void add_line(SQLite::Database& db, const Correction& correction, const Grounds& grounds);

/// A sentence where it makes no sense. Throws SQLite::Exception, as all here.
std::expected<void, std::string> add_correction(SQLite::Database& db,
                                                const Correction& correction,
                                                const Grounds& grounds);

/// Erases the person of a journey or a shift; the row whose it was.
std::expected<std::uint64_t, std::string> erase_person(SQLite::Database& db,
                                                       const acd::Uuid& lane,
                                                       const Grounds& grounds);

}  // namespace holdfast::ledger
