// sip/parameters.hpp: the checked tail `;name=value;...` of a header value.
#pragma once
#include "sip/fault.hpp"
#include "sip/grammar.hpp"

#include <expected>
#include <string_view>

namespace holdfast::sip {

/// Reads the parameters from the cursor to the end of its text; comes back without the first ';'.
/// Each must be well formed, and they at most limits::parameters. `tag` and `branch`, which decide
/// what a message belongs to, must have a plain value and stand once: what stands twice is read
/// otherwise by the next element (RFC 3261 7.3.1).
std::expected<std::string_view, Fault> read_parameters(grammar::Cursor& at);

}  // namespace holdfast::sip
