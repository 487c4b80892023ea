// ledger/sealing.hpp: makes seals.
#pragma once
#include "base/time.hpp"
#include "ledger/seal.hpp"
#include "ledger/signing_key.hpp"
#include "ledger/writer.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>

namespace holdfast::ledger {

/// Adds a seal, as part of the caller's transaction; none where nothing is new. Throws
/// SQLite::Exception.
std::optional<Seal> add_seal(SQLite::Database& db,
                             const End& end,
                             const SigningKey& key,
                             WallInstant now);

}  // namespace holdfast::ledger
