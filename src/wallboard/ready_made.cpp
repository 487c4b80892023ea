#include "wallboard/ready_made.hpp"

#include "base/enum_text.hpp"
#include "wallboard/characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace holdfast::wallboard {
namespace {

/// A label and the value behind it; they stay together in a row.
struct Item {
    std::string_view label;
    std::string_view value;
    std::size_t width;  ///< Of the value.
    std::size_t scope;
};

/// Items that stand in one row where the board is wide enough.
struct Group {
    std::string title;  ///< The name of a queue, or what the row is about.
    std::size_t title_width;
    std::vector<Item> items;
};

/// What a value must be to worry somebody, whatever the layout.
struct Worry {
    std::string_view value;
    std::vector<std::string_view> marks;
};

const std::vector<Worry>& worries() {
    static const std::vector<Worry> all{
        {"waiting", {"from 3 amber", "from 6 red"}},
        {"longest_wait", {"from 1m amber", "from 2m red blink"}},
        {"escalations_waiting", {"from 1 amber", "from 3 red"}},
        {"escalations_oldest", {"from 1m amber", "from 2m red blink"}},
        {"service_level_today", {"below 80 amber", "below 60 red"}},
        {"agents_ready", {"below 1 red"}},
        {"longest_hold", {"from 1m amber", "from 3m red"}},
        {"held_over_limit", {"from 1 red blink"}},
    };
    return all;
}

Cell label(std::string_view text) {
    Cell cell;
    cell.text = text;
    cell.width = length_of(text);
    cell.colour = Colour::yellow;
    return cell;
}

Cell value(const Item& item) {
    Cell cell;
    cell.value = find_value(item.value);
    cell.scope = item.scope;
    cell.width = item.width;
    cell.align = Align::right;
    for (const auto& worry : worries())
        if (worry.value == item.value)
            for (const auto mark : worry.marks)
                cell.marks.push_back(*mark_of(mark, cell.value->kind));
    return cell;
}

std::vector<Group> groups_of(ReadyMade which, std::span<const QueueName> queues) {
    const std::size_t first = queues.front().queue.value;
    switch (which) {
        case ReadyMade::one_queue:
            return {{queues.front().name,
                     10,
                     {{"  WAIT ", "waiting", 3, first}, {"  LONG ", "longest_wait", 5, first}}},
                    {"LEVEL",
                     5,
                     {{" ", "service_level_today", 4, first},
                      {" FREE", "agents_ready", 3, first},
                      {" HOLD", "held_over_limit", 2, first},
                      {" ", "clock", 5, whole_centre}}}};
        case ReadyMade::four_queues: {
            std::vector<Group> groups;
            for (const auto& q : queues)
                groups.push_back({q.name,
                                  10,
                                  {{" wait ", "waiting", 3, q.queue.value},
                                   {" long ", "longest_wait", 5, q.queue.value},
                                   {" SL ", "service_level_today", 4, q.queue.value},
                                   {" free ", "agents_ready", 3, q.queue.value}}});
            return groups;
        }
        case ReadyMade::escalation_and_hold:
            break;
    }
    return {{"ESCALATION",
             10,
             {{"", "escalations_waiting", 3, first},
              {"  LONG ", "escalations_oldest", 5, first},
              {" FREE", "agents_ready", 2, first}}},
            {"ON HOLD",
             10,
             {{"", "held", 3, whole_centre},
              {"  LONG ", "longest_hold", 5, whole_centre},
              {" OVER", "held_over_limit", 2, whole_centre}}}};
}

std::size_t width_of(const Item& item) {
    return item.label.size() + item.width;
}

/// The rows of a group on a board of so many columns. A row that goes on needs no title and no
/// space in front.
std::vector<Row> rows_of(const Group& group, std::size_t columns) {
    Cell title = label(first_characters(group.title, group.title_width));
    title.width = std::min(group.title_width, columns);
    std::size_t used = title.width;
    std::vector<Row> rows{{{std::move(title)}}};
    for (Item item : group.items) {
        if (used + width_of(item) > columns) {
            rows.emplace_back();
            used = 0;
            item.label.remove_prefix(
                std::min(item.label.find_first_not_of(' '), item.label.size()));
        }
        if (!item.label.empty()) rows.back().cells.push_back(label(item.label));
        rows.back().cells.push_back(value(item));
        used += width_of(item);
    }
    return rows;
}

std::vector<Page> pages_of(std::vector<Row> rows, std::size_t rows_of_page) {
    constexpr Micros dwell = 8s;
    std::vector<Page> pages;
    for (auto& row : rows) {
        if (pages.empty() || pages.back().rows.size() == rows_of_page) pages.push_back({dwell, {}});
        pages.back().rows.push_back(std::move(row));
    }
    return pages;
}

std::vector<Page> flow(const std::vector<Group>& groups, const Geometry& g, std::size_t font) {
    const bool pixels = g.unit == Unit::pixels;
    const std::size_t columns = g.width / (pixels ? fonts[font].width : 1);
    const std::size_t lines = g.height / (pixels ? fonts[font].height : 1);
    if (columns == 0 || lines == 0) return {};
    std::vector<Row> rows;
    for (const auto& group : groups)
        for (auto& row : rows_of(group, columns)) {
            for (auto& cell : row.cells)
                cell.font = font;
            rows.push_back(std::move(row));
        }
    return pages_of(std::move(rows), lines);
}

/// Fonts worth reading across a room, the largest first.
constexpr std::size_t tried_fonts[] = {4, 3, 2, 1};

}  // namespace

std::expected<Layout, std::string> ready_made(ReadyMade which,
                                              std::span<const QueueName> queues,
                                              const Geometry& geometry) {
    const bool several = which == ReadyMade::four_queues;
    const std::size_t least = several ? 2 : 1;
    const std::size_t most = several ? 4 : 1;
    if (queues.size() < least || queues.size() > most)
        return std::unexpected{fmt::format("layout \"{}\" shows {}, and queues names {}",
                                           text(which),
                                           several ? "two to four queues" : "one queue",
                                           queues.size())};
    const auto groups = groups_of(which, queues);
    std::vector<Page> pages;
    for (const std::size_t font : tried_fonts) {
        pages = flow(groups, geometry, font);
        std::size_t rows = 0;
        for (const auto& page : pages)
            rows += page.rows.size();
        if (pages.size() == 1 && rows == groups.size()) break;
    }
    Layout layout{std::string{text(which)}, std::move(pages)};
    auto wrong = misfits(layout, geometry);
    if (layout.pages.empty()) wrong.emplace_back("the board is smaller than a character");
    if (layout.pages.size() > most_pages)
        wrong.push_back(
            fmt::format("it takes {} pages, {} are allowed", layout.pages.size(), most_pages));
    if (wrong.empty()) return layout;
    return std::unexpected{fmt::format("layout \"{}\": {}", layout.name, wrong.front())};
}

}  // namespace holdfast::wallboard
