// host/tool/floor_panes.hpp: the tables of the floor's picture.
#pragma once
#include "console/requests.hpp"
#include "host/tool/text_table.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace holdfast::tool {

/// In the order of the settings: a technician puts first what counts most.
TextTable queue_table(const std::vector<console::QueueLine>& queues);
/// Who is in a call first, who is logged out last; the longest in each state first.
TextTable agent_table(std::vector<console::AgentLine> agents);
/// The longest first.
TextTable call_table(std::vector<console::CallLine> calls);

/// How often agents are in each state, in the order of agent_table; states with nobody left out.
struct StateCount {
    Span state;
    std::size_t count = 0;
};
std::vector<StateCount> agent_states(const std::vector<console::AgentLine>& agents);

/// The table with its heading as a bar, `width` wide and at most `rows` high; what finds no room is
/// counted in the last row. `empty` stands where there is no row.
std::vector<Line> pane(const TextTable& table,
                       std::size_t width,
                       std::size_t rows,
                       const std::string& empty);
/// How high pane() is where it has all the room it wants.
std::size_t wanted_rows(const TextTable& table);

/// One pane beside the other, the first `left_width` wide.
std::vector<Line> beside(std::vector<Line> left, std::size_t left_width, std::vector<Line> right);

}  // namespace holdfast::tool
