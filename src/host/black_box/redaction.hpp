// host/black_box/redaction.hpp: takes callers out of what the black box keeps.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::host {

/// Replaces digits and display names in the headers that say who a party is (From, To with a tag,
/// P-Asserted-Identity, Remote-Party-ID, Diversion and the like), length for length, so that the
/// message reads as before. The same number becomes the same other number under one `key`. The
/// number that is dialled stays: calls are routed by it.
std::string redact_sip(std::string_view message, std::uint64_t key);

/// The same for what came on a connection, where messages begin and end anywhere. Of a header that
/// is split between two reads, what stands in the second is kept.
std::string redact_stream(std::string_view bytes, std::uint64_t key);

}  // namespace holdfast::host
