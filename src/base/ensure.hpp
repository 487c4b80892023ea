// base/ensure.hpp: our own faults. On in release: a wrong state must not be written as a number.
#pragma once
#include <source_location>

namespace holdfast {

/// Reports where our own code broke its word, and ends the program. Calls survive a restart; a
/// false record would not be noticed. Each program has one definition (hosted: ensure.cpp).
[[noreturn]] void ensure_failed(const char* what, const std::source_location& where);

constexpr void ensure(bool holds,
                      const char* what,
                      const std::source_location& where = std::source_location::current()) {
    if (!holds) [[unlikely]]
        ensure_failed(what, where);
}

}  // namespace holdfast
