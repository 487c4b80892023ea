// host/tool/floor_screen.hpp: one picture of the floor for a terminal of any size. A pure function:
// what it shows is what it is given.
#pragma once
#include "console/requests.hpp"
#include "host/tool/styled_text.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace holdfast::tool {

/// What the daemon told last.
struct Floor {
    std::string clock;    ///< The time of day, for the corner.
    std::string trouble;  ///< Why this is not how it is now; empty where it is.
    console::StatusAnswer status;
    std::vector<console::QueueLine> queues;
    std::vector<console::AgentLine> agents;
    std::vector<console::CallLine> calls;
    std::vector<console::AlarmLine> alarms;
};

struct ScreenSize {
    std::size_t columns = 80;
    std::size_t rows = 24;  ///< 0: as many as it takes, for a file or a pipe.
};

/// Not more lines than `size` has rows, none wider than its columns.
std::vector<Line> floor_screen(const Floor& floor, ScreenSize size);

/// Puts the news in the place of what was known: at once, before the next full answer.
void apply(Floor& floor, const console::Event& event);

}  // namespace holdfast::tool
