#include "host/tool/floor_screen.hpp"

#include "host/tool/figures.hpp"
#include "host/tool/floor_panes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::tool {
namespace {

/// From here on agents and calls stand beside each other.
constexpr std::size_t wide_columns = 120;
constexpr std::size_t most_alarms_shown = 3;
constexpr std::size_t least_pane_rows = 4;  // a heading and three lines
constexpr std::size_t unlimited_rows = 100'000;

/// " Name   [|||||     text]": each part of the bar in its own look, `width` wide in all.
Line meter(std::string_view name,
           const std::vector<std::pair<std::uint64_t, Look>>& parts,
           std::uint64_t whole,
           const std::string& text,
           std::size_t width) {
    constexpr std::size_t around = 11;  // the name's eight, both brackets, a space behind
    const std::size_t text_width = std::max<std::size_t>(text.size() + 1, 6);
    const std::size_t bar = width > around + text_width ? width - around - text_width : 0;
    Line line{{fmt::format(" {:<7}", name), Look::cyan}, {"[", Look::strong}};
    std::size_t used = 0;
    std::uint64_t sum = 0;
    for (const auto& [part, look] : parts) {
        sum += part;
        if (part == 0 || whole == 0) continue;
        // Rounded up, so that one of many still shows.
        const std::size_t end = std::min<std::size_t>((sum * bar + whole - 1) / whole, bar);
        line.push_back({std::string(end - used, '|'), look});
        used = end;
    }
    line.push_back({padding(bar - used)});
    line.push_back({fmt::format("{:>{}}]", text, text_width), Look::strong});
    return line;
}

Line title(const Floor& floor, std::size_t columns) {
    Line line{{" Holdfast", Look::strong}, {" " + printable(floor.status.version)}};
    if (floor.status.draining) line.push_back({"  DRAINING: no new calls ", Look::yellow});
    const auto right = fmt::format("up {}  {} ", duration_text(floor.status.uptime_s), floor.clock);
    const std::size_t left_width = width_of(line);
    if (left_width + right.size() + 1 > columns) return cut(std::move(line), columns);
    pad(line, columns - right.size());
    line.push_back({right});
    return line;
}

std::array<Line, 3> meters(const Floor& floor, std::size_t width) {
    const auto& s = floor.status;
    const auto agents = static_cast<std::uint64_t>(floor.agents.size());
    std::vector<std::pair<std::uint64_t, Look>> states;
    for (const auto& [state, count] : agent_states(floor.agents))
        if (state.look != Look::faint) states.emplace_back(count, state.look);
    std::uint64_t offered = 0;
    std::uint64_t in_target = 0;
    for (const auto& q : floor.queues) {
        offered += q.offered;
        in_target += q.answered_in_target;
    }
    const Look level = in_target * 10 >= offered * 8   ? Look::green
                       : in_target * 10 >= offered * 6 ? Look::yellow
                                                       : Look::red;
    const std::uint64_t other =
        s.calls - std::min(s.calls, s.waiting + s.ringing + s.talking + s.held);
    // As many calls as agents fill the bar, but not as few as two or three.
    const std::uint64_t many = std::max<std::uint64_t>({s.calls, agents, 10});
    return {
        meter("Calls",
              {{s.talking, Look::cyan},
               {s.held, Look::magenta},
               {s.ringing, Look::yellow},
               {s.waiting, Look::red},
               {other, Look::grey}},
              many,
              fmt::format("{}", s.calls),
              width),
        meter("Agents", states, agents, fmt::format("{}/{}", s.agents_logged_in, agents), width),
        meter("Level",
              {{in_target, level}},
              offered,
              offered == 0 ? "-" : percent_text(in_target, offered) + "%",
              width)};
}

std::array<Line, 3> facts(const Floor& floor) {
    const auto& s = floor.status;
    const auto label = [](const char* name) {
        return Span{fmt::format("  {:<7} ", name), Look::cyan};
    };
    const auto good = [](bool is) { return is ? Look::green : Look::red; };
    const bool trunks_good = s.trunks_up == s.trunks;
    Line media{label("Media"), {printable(s.media), good(s.media == "up")}};
    if (s.media_endpoints > 0) media.push_back({fmt::format(", {} streams", s.media_endpoints)});
    return {media,
            Line{label("Trunks"),
                 {fmt::format("{} of {} up", s.trunks_up, s.trunks), good(trunks_good)},
                 {fmt::format(", {} phones", s.phones_registered)}},
            Line{label("Alarms"),
                 s.alarms == 0 ? Span{"none", Look::green}
                               : Span{fmt::format(" {} ", s.alarms), Look::alarm}}};
}

/// " 2 ready  1 ringing ...": also what the colours mean.
Line legend(const Floor& floor) {
    Line line{{" "}};
    const auto add = [&](std::size_t count, const Span& state) {
        if (line.size() > 1) line.push_back({"  "});
        line.push_back({fmt::format("{} {}", count, state.text), state.look});
    };
    for (const auto& [state, count] : agent_states(floor.agents))
        add(count, state);
    return line;
}

Line warning(const std::string& text, std::size_t columns, Look look) {
    Line line = cut(Line{{" ! " + printable(text), look}}, columns);
    const std::size_t has = width_of(line);
    if (has < columns) line.push_back({padding(columns - has), look});
    return line;
}

std::vector<Line> warnings(const Floor& floor, std::size_t columns) {
    std::vector<Line> lines;
    if (!floor.trouble.empty()) lines.push_back(warning(floor.trouble, columns, Look::alarm));
    std::size_t shown = 0;
    std::size_t active = 0;
    for (const auto& a : floor.alarms) {
        if (!a.active || ++active > most_alarms_shown) continue;
        ++shown;
        const auto text = fmt::format("{} for {}{}: {}",
                                      a.id,
                                      duration_text(a.since_s),
                                      a.acknowledged ? ", acknowledged" : "",
                                      a.text);
        lines.push_back(warning(text, columns, a.acknowledged ? Look::red : Look::alarm));
    }
    if (active > shown)
        lines.push_back(
            {{fmt::format("   and {} alarms more: holdfast alarms", active - shown), Look::red}});
    return lines;
}

/// How `rows` are split between what wants `first` and what wants `second` of them: neither gets
/// less than a third where it wants that much.
std::pair<std::size_t, std::size_t> split(std::size_t rows, std::size_t first, std::size_t second) {
    if (first + second <= rows) return {first, second};
    const std::size_t fair = std::max(rows / 3, std::min(least_pane_rows, rows / 2));
    const std::size_t to_second = std::min(second, std::max(fair, rows - std::min(first, rows)));
    return {std::min(first, rows - to_second), to_second};
}

/// Agents and calls in `rows` rows, whatever way there is room.
std::vector<Line> people(const Floor& floor, std::size_t columns, std::size_t rows) {
    const TextTable agents = agent_table(floor.agents);
    const TextTable calls = call_table(floor.calls);
    const char* const no_agents = "no agents";
    const char* const no_calls = "no calls";
    if (columns >= wide_columns) {
        const std::size_t left = columns * 54 / 100;
        return beside(pane(agents, left - 1, rows, no_agents),
                      left,
                      pane(calls, columns - left, rows, no_calls));
    }
    if (rows < 2) return {};
    const auto [for_agents, for_calls] = split(rows - 1, wanted_rows(agents), wanted_rows(calls));
    auto lines = pane(agents, columns, for_agents, no_agents);
    lines.emplace_back();
    for (auto& line : pane(calls, columns, for_calls, no_calls))
        lines.push_back(std::move(line));
    return lines;
}

void add(std::vector<Line>& lines, std::vector<Line> more) {
    for (auto& line : more)
        lines.push_back(std::move(line));
}

std::vector<Line> head(const Floor& floor, std::size_t columns) {
    std::vector<Line> lines{title(floor, columns)};
    auto left = meters(floor, columns / 2);
    const auto right = facts(floor);
    for (std::size_t i = 0; i < left.size(); ++i) {
        pad(left[i], columns / 2);
        left[i].insert(left[i].end(), right[i].begin(), right[i].end());
        lines.push_back(std::move(left[i]));
    }
    lines.push_back(legend(floor));
    add(lines, warnings(floor, columns));
    lines.emplace_back();
    return lines;
}

/// The row of the same key, or a new one.
template <class Row, class Key>
void put(std::vector<Row>& rows, const Row& row, Key Row::* key) {
    const auto it = std::ranges::find(rows, row.*key, key);
    if (it == rows.end())
        rows.push_back(row);
    else
        *it = row;
}

}  // namespace

std::vector<Line> floor_screen(const Floor& floor, ScreenSize size) {
    auto lines = head(floor, size.columns);
    const bool limited = size.rows > 0;
    const std::size_t total = limited ? size.rows : unlimited_rows;
    // A blank line between the panes, and the last line for the keys.
    const std::size_t taken = lines.size() + 1 + (limited ? 1 : 0);
    const std::size_t rows = total > taken ? total - taken : 0;
    const TextTable queues = queue_table(floor.queues);
    const std::size_t wanted_people = 1 + std::max<std::size_t>(floor.agents.size(), 1) + 2 +
                                      std::max<std::size_t>(floor.calls.size(), 1);
    const auto [for_people, for_queues] = split(rows, wanted_people, wanted_rows(queues));
    add(lines, pane(queues, size.columns, for_queues, "no queues"));
    lines.emplace_back();
    add(lines, people(floor, size.columns, limited ? rows - for_queues : for_people));
    if (limited) {
        lines.resize(std::max<std::size_t>(size.rows, 1) - 1);
        lines.push_back(
            {{" q", Look::strong}, {" quit   LEVEL: answered within the target", Look::faint}});
    }
    for (auto& line : lines)
        line = cut(std::move(line), size.columns);
    return lines;
}

void apply(Floor& floor, const console::Event& event) {
    using namespace console;
    struct Visit {
        Floor& floor;
        void operator()(const QueueLine& line) const { put(floor.queues, line, &QueueLine::name); }
        void operator()(const AgentLine& line) const {
            put(floor.agents, line, &AgentLine::number);
        }
        void operator()(const AlarmLine& line) const { put(floor.alarms, line, &AlarmLine::id); }
        void operator()(const CallLine& line) const {
            if (line.state == "over" || line.state == "closed")
                std::erase_if(floor.calls, [&](const auto& c) { return c.call == line.call; });
            else
                put(floor.calls, line, &CallLine::call);
        }
    };
    std::visit(Visit{floor}, event);
}

}  // namespace holdfast::tool
