// The sections about what wallboards show: bitmaps and layouts.
#include "settings/reader.hpp"
#include "wallboard/characters.hpp"
#include "wallboard/ready_made.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace holdfast::settings {

using namespace wallboard;

namespace {

std::size_t count_cells(const Layout& layout) {
    std::size_t cells = 0;
    for (const auto& page : layout.pages)
        for (const auto& row : page.rows)
            cells += row.cells.size();
    return cells;
}

void read_font(Section& s, Cell& cell) {
    const auto name = s.text("font", fonts[cell.font].name);
    const auto* const font = std::ranges::find(fonts, name, &Font::name);
    if (font == std::end(fonts))
        return s.fault("font",
                       fmt::format("font = \"{}\" is not known; use 4x6, 5x8, 6x12, 8x16, 12x24 "
                                   "or 16x32",
                                   name));
    cell.font = static_cast<std::size_t>(font - std::begin(fonts));
}

/// How wide a value is where nobody says it.
std::size_t usual_width(Kind kind) {
    return kind == Kind::count ? 3 : kind == Kind::text ? 0 : least_width(kind);
}

}  // namespace

/// The value of that key; false where it is none.
bool Reader::read_value(Section& s, std::string_view key, Cell& cell) {
    const auto value = value_named(s.text(key));
    if (value) {
        cell.value = *value;
        cell.scope = scope(s, *cell.value);
        return true;
    }
    for (const auto* other : {"queue", "marks", "width", "height", "align", "full", "every"})
        s.ignore(other);
    s.fault(key, value.error());
    return false;
}

void Reader::marks(Section& s, Cell& cell) {
    for (const auto& text : s.texts("marks")) {
        const auto kind = cell.value->kind;
        const auto mark =
            cell.kind == CellKind::bitmap ? mark_of(text, kind, bitmaps_) : mark_of(text, kind);
        if (mark)
            cell.marks.push_back(*mark);
        else
            s.fault("marks", "marks: " + mark.error());
    }
}

void Reader::value_cell(Section& s, Cell& cell) {
    if (!read_value(s, "value", cell)) return;
    const Kind kind = cell.value->kind;
    cell.align = s.choice("align", kind == Kind::text ? Align::left : Align::right);
    const auto usual = static_cast<std::int64_t>(usual_width(kind));
    if (usual == 0 && !s.has("width")) s.fault("value", "a text needs a width, in characters");
    cell.width = static_cast<std::size_t>(
        s.number("width", usual, static_cast<std::int64_t>(least_width(kind)), most_characters));
    marks(s, cell);
}

/// The reading that fills a bar or is at the top of a sparkline, in the value's own words.
void Reader::read_full(Section& s, Cell& cell) {
    constexpr std::int64_t most = 1'000'000;
    switch (cell.value->kind) {
        case Kind::share:
            cell.full = s.number("full", 100, 1, 100) * 10;
            return;
        case Kind::span:
            cell.full = s.span("full", 5min, 1s, 24h) / 1s;
            return;
        case Kind::count:
            if (!s.has("full"))
                s.fault("full", "full is missing: the count that is as much as can be shown");
            cell.full = s.number("full", 10, 1, most);
            return;
        case Kind::clock:
        case Kind::text:
            break;
    }
    s.ignore("full");
    s.fault(text(cell.kind),
            fmt::format("\"{}\" is no count, share or time: it cannot be drawn", cell.value->name));
}

/// A bar or a sparkline: how much a value is, or how it went.
void Reader::drawn_cell(Section& s, Cell& cell) {
    constexpr std::int64_t usual_width = 64, usual_height = 6;
    constexpr std::int64_t most_pixels_wide = 512, most_pixels_high = 64;
    if (!read_value(s, text(cell.kind), cell)) return;
    read_full(s, cell);
    cell.width = static_cast<std::size_t>(s.number("width", usual_width, 1, most_pixels_wide));
    cell.height = static_cast<std::size_t>(s.number("height", usual_height, 1, most_pixels_high));
    if (cell.kind == CellKind::spark) cell.every = s.span("every", 1min, 1s, 24h);
    marks(s, cell);
}

void Reader::bitmap_cell(Section& s, Cell& cell) {
    const auto name = s.text("bitmap");
    const auto it = std::ranges::find(bitmaps_, name, &Bitmap::name);
    if (it == bitmaps_.end())
        s.fault("bitmap", fmt::format("there is no [[bitmap]] \"{}\"", name));
    else
        cell.bitmap = static_cast<std::size_t>(it - bitmaps_.begin());
    if (!s.has("value") && s.has("marks"))
        s.fault("marks", "marks judge a value: say which one with value = ...");
    if (s.has("value") && read_value(s, "value", cell)) marks(s, cell);
}

/// Only those that it shows, which are as many as a board stores; the largest tells the size.
void Reader::take_bitmaps(Section& s, Layout& layout) {
    const auto number_of = [&](std::size_t which) {
        const auto it = std::ranges::find(layout.bitmaps, bitmaps_[which].name, &Bitmap::name);
        const auto at = static_cast<std::size_t>(it - layout.bitmaps.begin());
        if (it == layout.bitmaps.end()) layout.bitmaps.push_back(bitmaps_[which]);
        return at;
    };
    const auto take = [&](Cell& cell, std::size_t& which) {
        which = number_of(which);
        cell.width = std::max<std::size_t>(cell.width, layout.bitmaps[which].width);
        cell.height = std::max<std::size_t>(cell.height, layout.bitmaps[which].height);
    };
    const auto take_of = [&](Cell& cell) {
        if (cell.kind != CellKind::bitmap) return;
        take(cell, cell.bitmap);
        for (auto& mark : cell.marks)
            take(cell, mark.bitmap);
    };
    if (bitmaps_.empty()) return;  // and what names one is a fault already
    for (auto& page : layout.pages)
        for (auto& row : page.rows)
            std::ranges::for_each(row.cells, take_of);
    if (layout.bitmaps.size() > most_bitmaps)
        s.fault("page",
                fmt::format("{} bitmaps, a board stores {}", layout.bitmaps.size(), most_bitmaps));
}

void Reader::bitmap(Section& s) {
    auto name = unique_name(s, "name", "bitmap");
    if (name.find(' ') != name.npos)
        s.fault("name", fmt::format("name = \"{}\" must be one word: marks name it", name));
    auto made = bitmap_of(std::move(name), s.texts("rows"));
    if (made)
        bitmaps_.push_back(*std::move(made));
    else
        s.fault("rows", "rows: " + made.error());
}

Cell Reader::cell(Section& s) {
    Cell cell;
    std::size_t kinds = s.has("text") || s.has("value") ? 1 : 0;
    for (const auto kind : {CellKind::bar, CellKind::spark, CellKind::bitmap})
        if (s.has(text(kind))) cell.kind = kind, ++kinds;
    const bool both = s.has("text") && s.has("value");
    const bool beside = cell.kind != CellKind::bitmap && kinds > 1;
    cell.colour = s.choice("colour", s.has("text") ? Colour::yellow : Colour::green);
    if (kinds == 0 || both || beside || (s.has("text") && kinds > 1)) {
        s.fault("text", "a cell has one of text, value, bar, spark and bitmap");
        return cell;
    }
    switch (cell.kind) {
        case CellKind::bar:
        case CellKind::spark:
            drawn_cell(s, cell);
            return cell;
        case CellKind::bitmap:
            bitmap_cell(s, cell);
            return cell;
        case CellKind::text:
            break;
    }
    read_font(s, cell);
    if (s.has("value")) {
        value_cell(s, cell);
    } else {
        cell.text = s.text("text");
        cell.align = s.choice("align", Align::left);
        const auto length = static_cast<std::int64_t>(length_of(cell.text));
        cell.width = static_cast<std::size_t>(s.number("width", length, length, most_characters));
    }
    return cell;
}

void Reader::row(Section& page, const toml::node& items, Row& row) {
    const auto* cells = items.as_array();
    if (cells == nullptr)
        return page.fault("rows", "a row is a list of cells: [{ text = \"Wait\" }, ...]");
    for (const auto& item : *cells) {
        const auto* table = item.as_table();
        if (table == nullptr) {
            page.fault("rows", "a cell is written { text = \"...\" } or { value = \"...\" }");
            continue;
        }
        Section s{*table, page.name(), faults_};
        row.cells.push_back(cell(s));
        s.finish();
    }
}

void Reader::page(Section& s, Layout& layout) {
    Page page;
    page.dwell = s.span("dwell", 10s, 1s, 10min);
    if (const auto* rows = s.list("rows"))
        for (const auto& items : *rows)
            row(s, items, page.rows.emplace_back());
    if (page.rows.empty()) s.fault("rows", "a page needs rows = [[...], ...]");
    if (page.rows.size() > most_rows)
        s.fault("rows",
                fmt::format("{} rows on a page, {} are allowed", page.rows.size(), most_rows));
    layout.pages.push_back(std::move(page));
}

void Reader::layout(Section& s) {
    Layout layout;
    layout.name = unique_name(s, "name", "layout");
    for (const ReadyMade r : every<ReadyMade>)
        if (layout.name == text(r))
            s.fault("name", fmt::format("\"{}\" is a layout that is there already", layout.name));
    std::size_t number = 0;
    for (auto& p : s.tables("page", {})) {
        p.set_name(fmt::format("{}, page {}", s.name(), ++number));
        page(p, layout);
        p.finish();
    }
    if (layout.pages.empty()) s.fault("name", "a layout needs [[layout.page]] with rows");
    if (layout.pages.size() > most_pages)
        s.fault("page", fmt::format("{} pages, {} are allowed", layout.pages.size(), most_pages));
    if (const auto cells = count_cells(layout); cells > most_cells)
        s.fault("page", fmt::format("{} cells, {} are allowed", cells, most_cells));
    take_bitmaps(s, layout);
    layouts_.push_back(std::move(layout));
}

}  // namespace holdfast::settings
