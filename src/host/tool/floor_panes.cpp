#include "host/tool/floor_panes.hpp"

#include "host/tool/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace holdfast::tool {
namespace {

/// The order on the screen; states we do not know come before the last.
constexpr std::array<std::string_view, 15> agent_order{"ringing",
                                                       "reserved",
                                                       "talking",
                                                       "conference",
                                                       "held",
                                                       "consult",
                                                       "transferring",
                                                       "dialing",
                                                       "called",
                                                       "internal",
                                                       "wrapping",
                                                       "ready",
                                                       "not_ready",
                                                       "unreachable",
                                                       "logged_out"};

std::size_t place_of(std::string_view state) {
    const auto* const it = std::ranges::find(agent_order, state);
    if (it == agent_order.end()) return agent_order.size() - 1;
    return 2 * static_cast<std::size_t>(it - agent_order.begin());
}

Look level_look(const console::QueueLine& q) {
    if (q.offered == 0) return Look::faint;
    const double level = static_cast<double>(q.answered_in_target) / static_cast<double>(q.offered);
    return level >= 0.8 ? Look::green : level >= 0.6 ? Look::yellow : Look::red;
}

Span some(std::uint64_t count, Look look = Look::plain) {
    return {std::to_string(count), count == 0 ? Look::faint : look};
}

Span name_or_dash(const std::string& name) {
    return name.empty() ? Span{"-", Look::faint} : Span{name};
}

std::string state_with_reason(const console::AgentLine& a) {
    const auto word = agent_state(a.state).text;
    return a.reason.empty() ? word : word + ": " + a.reason;
}

}  // namespace

TextTable queue_table(const std::vector<console::QueueLine>& queues) {
    TextTable table{{{"QUEUE", Align::left, 20},
                     {"", Align::left, 6, 1},
                     {"WAITING", Align::right},
                     {"LONGEST", Align::right},
                     {"READY", Align::right},
                     {"AGENTS", Align::right, 9, 2},
                     {"OFFERED", Align::right, 9, 4},
                     {"ANSWERED", Align::right, 9, 6},
                     {"LEVEL %", Align::right},
                     {"ABANDONED", Align::right},
                     {"MISSED", Align::right, 9, 7},
                     {"MEAN WAIT", Align::right, 9, 5}}};
    for (const auto& q : queues) {
        const bool waits = q.waiting > 0;
        table.add(
            {{q.name, Look::strong},
             {q.open ? "" : "closed", Look::grey},
             some(q.waiting, Look::strong),
             {waits ? duration_text(q.longest_wait_s) : "-", waits ? Look::strong : Look::faint},
             some(q.agents_ready, Look::green),
             some(q.agents_logged_in),
             some(q.offered),
             some(q.answered),
             {percent_text(q.answered_in_target, q.offered), level_look(q)},
             some(q.abandoned),
             some(q.missed_offers),
             {q.answered == 0 ? "-" : duration_text(q.average_wait_s),
              q.answered == 0 ? Look::faint : Look::plain}});
    }
    return table;
}

TextTable agent_table(std::vector<console::AgentLine> agents) {
    std::ranges::stable_sort(agents, [](const auto& a, const auto& b) {
        return std::pair{place_of(a.state), -a.in_state_s} <
               std::pair{place_of(b.state), -b.in_state_s};
    });
    TextTable table{{{"AGENT", Align::right, 8},
                     {"NAME", Align::left, 20},
                     {"STATE", Align::left, 18},
                     {"FOR", Align::right},
                     {"QUEUE", Align::left, 14, 2},
                     {"CALL", Align::right, 9, 3},
                     {"PHONE", Align::left, 14, 6},
                     {"HANDLED", Align::right, 9, 1},
                     {"MISSED", Align::right, 9, 4},
                     {"TALK", Align::right, 9, 5}}};
    for (const auto& a : agents) {
        const bool out = a.state == "logged_out";
        const Look look = agent_state(a.state).look;
        table.add(
            {{a.number, out ? look : Look::plain},
             {a.name, out ? look : Look::strong},
             {state_with_reason(a), look},
             {out ? "-" : duration_text(a.in_state_s), look},
             name_or_dash(a.queue),
             {a.call == 0 ? "-" : std::to_string(a.call), a.call == 0 ? Look::faint : Look::plain},
             name_or_dash(a.phone),
             some(a.handled),
             some(a.missed, Look::red),
             {duration_text(a.talk_s), a.talk_s < 1 ? Look::faint : Look::plain}});
    }
    return table;
}

TextTable call_table(std::vector<console::CallLine> calls) {
    std::ranges::stable_sort(
        calls, [](const auto& a, const auto& b) { return a.since_entry_s > b.since_entry_s; });
    TextTable table{{{"CALL", Align::right, 9},
                     {"CALLER", Align::left, 18},
                     {"DIALLED", Align::left, 16, 2},
                     {"QUEUE", Align::left, 14, 1},
                     {"STATE", Align::left, 12},
                     {"FOR", Align::right},
                     {"AGENT", Align::right, 8},
                     {"IN ALL", Align::right}}};
    for (const auto& c : calls) {
        const auto state = call_state(c.state);
        table.add({{std::to_string(c.call)},
                   name_or_dash(c.caller),
                   name_or_dash(c.dialled),
                   name_or_dash(c.queue),
                   state,
                   {duration_text(c.in_state_s), state.look},
                   name_or_dash(c.agent),
                   {duration_text(c.since_entry_s)}});
    }
    return table;
}

std::vector<StateCount> agent_states(const std::vector<console::AgentLine>& agents) {
    std::vector<StateCount> counts;
    for (const auto state : agent_order) {
        const auto count = std::ranges::count(agents, state, &console::AgentLine::state);
        if (count > 0) counts.push_back({agent_state(state), static_cast<std::size_t>(count)});
    }
    return counts;
}

std::size_t wanted_rows(const TextTable& table) {
    return std::max<std::size_t>(table.rows(), 1) + 1;
}

std::vector<Line> pane(const TextTable& table,
                       std::size_t width,
                       std::size_t rows,
                       const std::string& empty) {
    if (rows == 0 || width < 2) return {};
    auto lines = table.lines(width - 1);
    if (table.rows() == 0) lines.push_back({{empty, Look::faint}});
    if (lines.size() > rows) {
        const std::size_t hidden = lines.size() - rows + 1;
        lines.resize(rows);
        if (rows > 1) lines.back() = {{fmt::format("… and {} more", hidden), Look::faint}};
    }
    for (auto& line : lines) {
        line.insert(line.begin(), {" "});
        line = cut(std::move(line), width);
    }
    pad(lines.front(), width);
    for (auto& span : lines.front())
        span.look = Look::bar;
    return lines;
}

std::vector<Line> beside(std::vector<Line> left, std::size_t left_width, std::vector<Line> right) {
    left.resize(std::max(left.size(), right.size()));
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (i >= right.size()) continue;
        pad(left[i], left_width);
        left[i].insert(left[i].end(), right[i].begin(), right[i].end());
    }
    return left;
}

}  // namespace holdfast::tool
