#include "wallboard/panel_picture.hpp"

#include "base/crc32.hpp"
#include "wallboard/characters.hpp"

#include <algorithm>
#include <array>

namespace holdfast::wallboard::panel {
namespace {

// Settings and firmware name the same fonts by the same numbers.
static_assert([] {
    if (std::size(fonts) != link::font_sizes.size()) return false;
    for (std::size_t i = 0; i < std::size(fonts); ++i)
        if (fonts[i].width != link::font_sizes[i].width ||
            fonts[i].height != link::font_sizes[i].height)
            return false;
    return true;
}());

link::Colour colour_of(Colour colour) {
    switch (colour) {
        case Colour::red:
            return link::Colour::red;
        case Colour::green:
            return link::Colour::green;
        case Colour::amber:
            return link::Colour::amber;
        case Colour::yellow:
            return link::Colour::yellow;
        case Colour::orange:
            return link::Colour::orange;
        case Colour::blue:
            return link::Colour::blue;
        case Colour::white:
            break;
    }
    return link::Colour::white;
}

link::Align align_of(Align align) {
    return static_cast<link::Align>(align);
}
static_assert(static_cast<int>(Align::right) == static_cast<int>(link::Align::right));

/// As much as a cell holds, in whole characters.
std::string cut(std::string text) {
    while (text.size() > link::most_text_bytes)
        text = first_characters(text, length_of(text) - 1);
    return text;
}

/// Bars and sparklines show how far they reach where there is something to tell.
link::Colour ground_of(const Cell& cell, const Reading& reading) {
    const bool drawn = cell.kind == CellKind::bar || cell.kind == CellKind::spark;
    return drawn && reading.number ? link::Colour::dim_blue : link::Colour::black;
}

std::string bytes_of(const Cell& cell,
                     const Shown& shown,
                     const Reading& reading,
                     const Sparks& sparks) {
    const std::uint32_t level = permille_of(reading, cell.full);
    switch (cell.kind) {
        case CellKind::text:
            break;
        case CellKind::bar:
            return {static_cast<char>(level % 256), static_cast<char>(level / 256)};
        case CellKind::spark:
            return sparks.points(cell);
        case CellKind::bitmap:
            return {static_cast<char>(shown.bitmap)};
    }
    return cut(shown.text);
}

Content content_of(const Cell& cell, const Figures& figures, const Sparks& sparks) {
    const Shown s = shown(cell, figures);
    const Reading reading =
        cell.value == nullptr ? Reading{} : cell.value->read(figures, cell.scope);
    const bool runs =
        cell.kind == CellKind::text && cell.value != nullptr && cell.value->kind == Kind::text;
    return {bytes_of(cell, s, reading, sparks),
            {colour_of(s.colour),
             ground_of(cell, reading),
             s.blinks ? link::Effect::blink
             : runs   ? link::Effect::scroll
                      : link::Effect::steady}};
}

link::CellKind kind_of(CellKind kind) {
    switch (kind) {
        case CellKind::text:
            break;
        case CellKind::bar:
            return link::CellKind::bar;
        case CellKind::spark:
            return link::CellKind::spark;
        case CellKind::bitmap:
            return link::CellKind::bitmap;
    }
    return link::CellKind::text;
}
std::uint16_t height_of(const Row& row) {
    std::size_t height = 0;
    for (const auto& cell : row.cells)
        height = std::max(height, pixels_of(cell).height);
    return static_cast<std::uint16_t>(height);
}

/// A row with its upper edge at `top`; what is lower stands at its lower edge.
void add_row(Picture& picture,
             const Row& row,
             std::uint16_t top,
             const Figures& figures,
             const Sparks& sparks) {
    const std::uint16_t height = height_of(row);
    std::uint16_t x = 0;
    for (const auto& cell : row.cells) {
        const Extent extent = pixels_of(cell);
        link::Cell c;
        c.id = static_cast<std::uint8_t>(picture.cells.size());
        c.kind = kind_of(cell.kind);
        c.x = x;
        c.y = static_cast<std::uint16_t>(top + height - extent.height);
        c.width = static_cast<std::uint16_t>(extent.width);
        c.height = static_cast<std::uint16_t>(extent.height);
        c.font = static_cast<link::Font>(cell.font);
        c.align = align_of(cell.align);
        x = static_cast<std::uint16_t>(x + c.width);
        picture.cells.push_back(c);
        picture.contents.push_back(content_of(cell, figures, sparks));
    }
}

void name(Picture& picture) {
    std::vector<std::uint8_t> bytes;
    for (const auto& c : picture.cells)
        for (const std::uint16_t n : {std::uint16_t{c.id},
                                      static_cast<std::uint16_t>(c.kind),
                                      c.x,
                                      c.y,
                                      c.width,
                                      c.height,
                                      static_cast<std::uint16_t>(c.font),
                                      static_cast<std::uint16_t>(c.align)})
            bytes.insert(bytes.end(),
                         {static_cast<std::uint8_t>(n), static_cast<std::uint8_t>(n >> 8)});
    picture.layout = std::max(crc32(bytes), std::uint32_t{1});
}

/// The largest font of that height at most, and the smallest one where none is.
std::size_t font_within(std::uint32_t height) {
    std::size_t best = 0;
    for (std::size_t i = 0; i < std::size(fonts); ++i)
        if (fonts[i].height <= height) best = i;
    return best;
}

/// A text over the whole width, at the top.
void add_banner(Picture& picture,
                std::string_view text,
                link::Look look,
                std::uint32_t width,
                std::uint32_t height) {
    const std::size_t font = font_within(height);
    link::Cell c;
    c.width = static_cast<std::uint16_t>(width);
    c.height = static_cast<std::uint16_t>(height);
    c.font = static_cast<link::Font>(font);
    c.align = link::Align::centre;
    picture.cells.push_back(c);
    picture.contents.push_back({cut(std::string{text}), look});
    if (length_of(text) * fonts[font].width > width)
        picture.contents.back().look.effect = link::Effect::scroll;
}

}  // namespace

Picture picture_of(const Page& page, const Figures& figures, const Sparks& sparks) {
    Picture picture;
    std::uint16_t top = 0;
    for (const auto& row : page.rows) {
        add_row(picture, row, top, figures, sparks);
        top = static_cast<std::uint16_t>(top + height_of(row));
    }
    name(picture);
    return picture;
}

Picture alarm_picture(const AlarmFigure& alarm,
                      const Page& page,
                      const Figures& figures,
                      const Sparks& sparks,
                      const Geometry& board) {
    const link::Look look{link::Colour::white,
                          alarm.active ? link::Colour::red : link::Colour::dim_red,
                          alarm.active ? link::Effect::blink : link::Effect::steady};
    Picture picture;
    const std::uint32_t below = page.rows.empty() ? 0 : height_of(page.rows.front());
    const bool room = below * 2 <= board.height;
    const std::uint32_t height = room ? board.height - below : board.height;
    add_banner(picture, alarm.text, look, board.width, height);
    if (room && below > 0)
        add_row(picture, page.rows.front(), static_cast<std::uint16_t>(height), figures, sparks);
    name(picture);
    return picture;
}

Picture sentence_picture(std::string_view sentence, std::uint32_t width, std::uint32_t height) {
    Picture picture;
    add_banner(picture, sentence, {link::Colour::amber, link::Colour::black, {}}, width, height);
    name(picture);
    return picture;
}

namespace {

/// The most octets that a figure has, and of them those that the line may have to escape.
struct Extreme {
    std::size_t octets = 0, escaped = 0;
};

Extreme extreme_of(const Cell& cell) {
    switch (cell.kind) {
        case CellKind::bar:
            return {2, 1};  // the upper octet is below 4
        case CellKind::spark:
            return {std::min(cell.width, link::most_points), 0};
        case CellKind::bitmap:
            return {1, 0};
        case CellKind::text:
            break;
    }
    constexpr std::size_t most_digits = 20;  // of 64 bits
    const Kind kind = cell.value->kind;
    // Digits, and signs that are never escaped.
    return {std::min(cell.width, kind == Kind::count ? most_digits : least_width(kind)), 0};
}

bool is_figure(const Cell& cell) {
    return cell.value != nullptr && cell.value->kind != Kind::text;
}

}  // namespace

std::size_t most_update_octets(const Page& page) {
    // Two flags, address, control, the request's header, the layout's number and the count of
    // values, the checksum.
    constexpr std::size_t frame = 2 + 2 + link::request_header + 5 + 4;
    constexpr std::size_t escapes = 1 + 1 + 5 + 4;  // address, sequence, layout and count, checksum
    std::size_t octets = frame + escapes;
    std::size_t id = 0;
    for (const auto& row : page.rows)
        for (const auto& cell : row.cells) {
            const auto number = static_cast<std::uint8_t>(id++);
            if (!is_figure(cell)) continue;
            const auto extreme = extreme_of(cell);
            const bool id_escaped = link::is_escaped(number);
            const bool length_escaped = extreme.octets >= link::xon;
            octets += link::value_octets + (id_escaped ? 1u : 0u) + (length_escaped ? 1u : 0u) +
                      extreme.octets + extreme.escaped;
        }
    return octets;
}

std::size_t update_octets_allowed(const Geometry& board) {
    constexpr std::size_t of_usual = 300, usual = std::size_t{256} * 32;
    return std::max(of_usual, of_usual * board.width * board.height / usual);
}

std::size_t layout_parts(const Picture& picture) {
    return std::max<std::size_t>(
        (picture.cells.size() + link::most_cells_of_part - 1) / link::most_cells_of_part, 1);
}

link::Layout layout_part(const Picture& picture, std::size_t part) {
    link::Layout layout;
    layout.layout = picture.layout;
    layout.part = static_cast<std::uint8_t>(part);
    layout.parts = static_cast<std::uint8_t>(layout_parts(picture));
    const std::size_t begin = part * link::most_cells_of_part;
    const std::size_t end = std::min(begin + link::most_cells_of_part, picture.cells.size());
    for (std::size_t i = begin; i < end; ++i)
        static_cast<void>(layout.cells.push_back(picture.cells[i]));
    return layout;
}

}  // namespace holdfast::wallboard::panel
