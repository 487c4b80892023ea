// wallboard/bound.hpp: "from 3", "below 80", "from 2m": where a value begins to matter.
#pragma once
#include "wallboard/values.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace holdfast::wallboard {

struct Bound {
    std::int64_t at = 0;  ///< In the unit of Reading::number.
    bool below = false;   ///< Under it, else from it on.
};

/// Whether a reading lies there. Where there is nothing to tell, it does not.
bool holds(const Bound& bound, const Reading& reading);

/// Takes a bound for a value of that kind from the front of `text`; a sentence where there is none.
std::expected<Bound, std::string> take_bound(std::string_view& text, Kind kind);

/// A word from the front of `text`, without the spaces before it.
std::string_view take_word(std::string_view& text);

}  // namespace holdfast::wallboard
