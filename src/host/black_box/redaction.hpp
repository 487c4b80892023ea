// host/black_box/redaction.hpp: takes callers out of what the black box keeps.
#pragma once
#include "engine/inputs.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::host {

/// Replaces digits and display names in the headers that say who a party is (From, To with a tag,
/// P-Asserted-Identity, Remote-Party-ID, Diversion and the like), length for length, so that the
/// message reads as before; in an INVITE the Contact too, which carriers give the caller's number.
/// The same number becomes the same other number under one `key`. The number that is dialled stays:
/// calls are routed by it.
std::string redact_sip(std::string_view message, std::uint64_t key);

/// A value of such a header: display name, URI, parameters.
std::string redact_party(std::string_view value, std::uint64_t key);
/// A number alone: the same that redact_sip makes of it.
std::string redact_number(std::string_view number, std::uint64_t key);
/// A name alone.
std::string redact_name(std::string_view name);

/// The same for what came on a connection, where messages begin and end anywhere. Of a header that
/// is split between two reads, what stands in the second is kept.
std::string redact_stream(std::string_view bytes, std::uint64_t key);

/// The same for an input: what came from outside, or what a life of the daemon left to the next.
/// Nothing where the input names no caller, so that none is copied that need not be.
std::optional<engine::Input> redact(const engine::Input& input, std::uint64_t key);

}  // namespace holdfast::host
