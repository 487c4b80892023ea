#include "wallboard/layout.hpp"

#include "base/enum_text.hpp"
#include "wallboard/characters.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace holdfast::wallboard {
namespace {

Extent extent_of(const Row& row, Unit unit) {
    Extent e{0, unit == Unit::characters ? std::size_t{1} : 0};
    for (const auto& cell : row.cells) {
        e.width += unit == Unit::pixels ? pixels_of(cell).width : cell.width;
        if (unit == Unit::pixels) e.height = std::max(e.height, pixels_of(cell).height);
    }
    return e;
}

/// What a sign of characters cannot show.
void add_drawn(const Layout& layout, std::vector<std::string>& all) {
    for (std::size_t p = 0; p < layout.pages.size(); ++p)
        for (std::size_t r = 0; r < layout.pages[p].rows.size(); ++r)
            for (const auto& cell : layout.pages[p].rows[r].cells)
                if (cell.kind != CellKind::text)
                    all.push_back(fmt::format(
                        "page {}, row {} has a {}; a sign of characters shows texts and values",
                        p + 1,
                        r + 1,
                        text(cell.kind)));
}

/// A bound and the word behind it, which `take` takes; perhaps "blink".
template <class Take>
std::expected<Mark, std::string> read_mark(std::string_view text, Kind kind, Take take) {
    const auto whole = text;
    const auto wrong = [whole](std::string_view what) {
        return std::unexpected{fmt::format("\"{}\": {}", whole, what)};
    };
    const auto bound = take_bound(text, kind);
    if (!bound) return wrong(bound.error());
    Mark mark{.bound = *bound};
    if (const auto why = take(mark, take_word(text)); !why.empty()) return wrong(why);
    const auto rest = take_word(text);
    mark.blinks = rest == "blink";
    if ((!rest.empty() && !mark.blinks) || !take_word(text).empty())
        return wrong("behind that only \"blink\" may stand");
    return mark;
}

}  // namespace

Extent pixels_of(const Cell& cell) {
    if (cell.kind != CellKind::text) return {cell.width, cell.height};
    const Font& font = fonts[cell.font];
    return {cell.width * font.width, font.height};
}

std::vector<std::string> misfits(const Layout& layout, const Geometry& geometry) {
    const bool pixels = geometry.unit == Unit::pixels;
    std::vector<std::string> all;
    if (!pixels) add_drawn(layout, all);
    for (std::size_t p = 0; p < layout.pages.size(); ++p) {
        std::size_t height = 0;
        for (std::size_t r = 0; r < layout.pages[p].rows.size(); ++r) {
            const Extent e = extent_of(layout.pages[p].rows[r], geometry.unit);
            height += e.height;
            if (e.width > geometry.width)
                all.push_back(
                    fmt::format("page {}, row {} is {} {} wide, the board {}: {} too many",
                                p + 1,
                                r + 1,
                                e.width,
                                pixels ? "pixels" : "characters",
                                geometry.width,
                                e.width - geometry.width));
        }
        if (height > geometry.height)
            all.push_back(fmt::format("page {} is {} {} high, the board {}: {} too many",
                                      p + 1,
                                      height,
                                      pixels ? "pixels" : "lines",
                                      geometry.height,
                                      height - geometry.height));
    }
    return all;
}

std::expected<Mark, std::string> mark_of(std::string_view text, Kind kind) {
    return read_mark(text, kind, [](Mark& mark, std::string_view word) -> std::string {
        const auto* const known =
            std::ranges::find(every<Colour>, word, [](Colour c) { return holdfast::text(c); });
        if (known == every<Colour>.end())
            return "the colour must be red, green, amber, yellow, orange, blue or white";
        mark.colour = *known;
        return {};
    });
}

std::expected<Mark, std::string> mark_of(std::string_view text,
                                         Kind kind,
                                         std::span<const Bitmap> bitmaps) {
    return read_mark(text, kind, [bitmaps](Mark& mark, std::string_view word) -> std::string {
        const auto it = std::ranges::find(bitmaps, word, &Bitmap::name);
        if (it == bitmaps.end())
            return fmt::format("behind the bound stands a [[bitmap]], and \"{}\" is none", word);
        mark.bitmap = static_cast<std::size_t>(it - bitmaps.begin());
        return {};
    });
}

Shown shown(const Cell& cell, const Figures& figures) {
    if (cell.value == nullptr) return {cell.text, cell.colour, false, cell.bitmap};
    const Reading reading = cell.value->read(figures, cell.scope);
    Shown s{text_of(reading, cell.value->kind, cell.width), cell.colour, false, cell.bitmap};
    for (const Mark& mark : cell.marks)
        if (holds(mark.bound, reading))
            s.colour = mark.colour, s.blinks = mark.blinks, s.bitmap = mark.bitmap;
    return s;
}

const AlarmFigure* alarm_to_show(const Figures& figures, std::uint8_t least_priority) {
    for (const auto& alarm : figures.alarms)
        if (alarm.priority >= least_priority && !(alarm.active && alarm.acknowledged))
            return &alarm;
    return nullptr;
}

std::string padded(std::string_view text, std::size_t width, Align align) {
    auto cut = first_characters(text, width);
    const std::size_t room = width - length_of(cut);
    const std::size_t before = align == Align::left ? 0 : align == Align::right ? room : room / 2;
    return std::string(before, ' ') + cut + std::string(room - before, ' ');
}

}  // namespace holdfast::wallboard
