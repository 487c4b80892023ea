// host/tool/figures.hpp: numbers and states as people read them.
#pragma once
#include "host/tool/styled_text.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace holdfast::tool {

/// "0:07", "12:34", "1:02:03", and from a day on "3d 4:05:06". Rounded down.
std::string duration_text(double seconds);
/// "82" of a hundred, rounded down so that 100 means all; "-" where there is nothing to count.
std::string percent_text(std::uint64_t part, std::uint64_t whole);
/// "12,034".
std::string count_text(std::uint64_t count);

/// A state of the daemon's in an operator's word, and the colour it has everywhere.
Span agent_state(std::string_view state);
Span call_state(std::string_view state);

}  // namespace holdfast::tool
