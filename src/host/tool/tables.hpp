// host/tool/tables.hpp: the daemon's answers and news as people read them.
#pragma once
#include "console/requests.hpp"

#include <string>

namespace holdfast::tool {

/// Whole lines; never an escape of the terminal's.
std::string text_of(const console::Answer& answer);

/// One line without its end: "agent 101 Ann Miller: talking, sales, call 17".
std::string text_of(const console::Event& event);

}  // namespace holdfast::tool
