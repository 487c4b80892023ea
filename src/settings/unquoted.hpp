// settings/unquoted.hpp: finds letters outside ASCII where TOML allows none, before the parser
// does: toml++ 3.3 runs into undefined behaviour on some of them (U+00A1 to U+0499 outside quotes).
#pragma once
#include "settings/settings.hpp"

#include <optional>
#include <string_view>

namespace holdfast::settings {

/// The first byte above ASCII that is in no string and in no comment (TOML 1.0, Keys); a byte order
/// mark at the beginning is allowed. One pass.
std::optional<Fault> unquoted_letter(std::string_view toml);

}  // namespace holdfast::settings
