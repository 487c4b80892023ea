// wallboard/layout.hpp: what stands where on a board: pages of rows of cells, and whether they fit.
#pragma once
#include "wallboard/bitmap.hpp"
#include "wallboard/bound.hpp"
#include "wallboard/values.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::wallboard {

enum class Colour : std::uint8_t { red, green, amber, yellow, orange, blue, white };
enum class Align : std::uint8_t { left, centre, right };

/// Named by width and height of a character in pixels: what the firmware has.
struct Font {
    std::string_view name;
    std::uint8_t width = 0, height = 0;
};
inline constexpr Font fonts[] = {{"4x6", 4, 6},
                                 {"5x8", 5, 8},
                                 {"6x12", 6, 12},
                                 {"8x16", 8, 16},
                                 {"12x24", 12, 24},
                                 {"16x32", 16, 32}};
inline constexpr std::size_t font_8x16 = 3;

/// From a bound on, upwards or downwards, a value is shown otherwise. Of several that hold, the
/// last in the list counts.
struct Mark {
    Bound bound;
    Colour colour{};
    bool blinks = false;
    std::size_t bitmap = 0;  ///< Which one a cell of bitmaps shows then.
};

/// Bars, sparklines and bitmaps are drawn by boards with our firmware alone.
enum class CellKind : std::uint8_t { text, bar, spark, bitmap };

struct Cell {
    std::string text;              ///< A label; of a cell without value.
    const Value* value = nullptr;  ///< Of the table in values.cpp.
    std::size_t scope = whole_centre;
    CellKind kind = CellKind::text;
    std::size_t width = 0;   ///< In characters; of other kinds than text in pixels.
    std::size_t height = 0;  ///< In pixels, of other kinds than text.
    Align align = Align::left;
    std::size_t font = font_8x16;  ///< Index into `fonts`; signs of characters have one.
    Colour colour = Colour::green;
    std::vector<Mark> marks{};
    std::int64_t full = 1000;  ///< The reading that fills a bar, and that is a sparkline's top.
    Micros every = 1min;       ///< A point of a sparkline.
    std::size_t bitmap = 0;    ///< Of the layout's; where no mark holds.
};

struct Row {
    std::vector<Cell> cells;
};

struct Page {
    Micros dwell = 10s;  ///< Where there are several.
    std::vector<Row> rows;
};

// Eight pages of ten seconds are more than anybody waits for; a cell takes a message of up to 70
// bytes on the line, so that a page of 48 is 3.4 kB: 0.3 s at 115,200 baud.
inline constexpr std::size_t most_pages = 8;
inline constexpr std::size_t most_rows = 8;
inline constexpr std::size_t most_cells = 48;  ///< Of a layout.
inline constexpr std::size_t most_characters = 64;

struct Layout {
    std::string name;
    std::vector<Page> pages;
    std::vector<Bitmap> bitmaps{};
};

enum class Unit : std::uint8_t { pixels, characters };

/// How large a board is: in pixels, or in characters and lines.
struct Geometry {
    Unit unit{};
    std::uint32_t width = 256, height = 32;
};

struct Extent {
    std::size_t width = 0, height = 0;
};
/// What a cell takes of a board with our firmware.
Extent pixels_of(const Cell& cell);

/// Why a layout cannot be shown on such a board, a sentence each, with how much is too much.
std::vector<std::string> misfits(const Layout& layout, const Geometry& geometry);

/// "from 3 red", "below 80 amber blink"; a sentence that says what is wrong.
std::expected<Mark, std::string> mark_of(std::string_view text, Kind kind);
/// Where a cell shows bitmaps, a mark has the name of one instead of a colour: "from 3 bell blink".
std::expected<Mark, std::string> mark_of(std::string_view text,
                                         Kind kind,
                                         std::span<const Bitmap> bitmaps);

/// What a cell shows now.
struct Shown {
    std::string text;  ///< UTF-8, at most `width` characters; texts of people may be longer.
    Colour colour{};
    bool blinks = false;
    std::size_t bitmap = 0;
    friend bool operator==(const Shown&, const Shown&) = default;
};
Shown shown(const Cell& cell, const Figures& figures);

/// The most urgent alarm that nobody has acknowledged yet, of that priority at least.
const AlarmFigure* alarm_to_show(const Figures& figures, std::uint8_t least_priority);

/// Filled up with spaces to the width of the cell, or cut.
std::string padded(std::string_view text, std::size_t width, Align align);

}  // namespace holdfast::wallboard
