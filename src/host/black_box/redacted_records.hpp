// host/black_box/redacted_records.hpp: takes callers out of the records that a life of the daemon
// left to the next one.
#pragma once
#include "engine/inputs.hpp"

#include <cstdint>
#include <vector>

namespace holdfast::host {

/// Numbers and names of callers, and of the parties of dialogs, under the same `key` as
/// redact_sip. A record that cannot be read is left out: the engine would pass over it too.
std::vector<engine::LiveRecord> redact_records(const std::vector<engine::LiveRecord>& records,
                                               std::uint64_t key);

}  // namespace holdfast::host
