#include "wallboard/layout.hpp"

#include "base/enum_text.hpp"
#include "wallboard/characters.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace holdfast::wallboard {
namespace {

struct Extent {
    std::size_t width = 0, height = 0;
};

Extent extent_of(const Row& row, Unit unit) {
    Extent e{0, unit == Unit::characters ? std::size_t{1} : 0};
    for (const auto& cell : row.cells) {
        const Font& font = fonts[cell.font];
        e.width += cell.width * (unit == Unit::pixels ? font.width : 1);
        if (unit == Unit::pixels) e.height = std::max<std::size_t>(e.height, font.height);
    }
    return e;
}

}  // namespace

std::vector<std::string> misfits(const Layout& layout, const Geometry& geometry) {
    const bool pixels = geometry.unit == Unit::pixels;
    std::vector<std::string> all;
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
    const auto whole = text;
    const auto wrong = [whole](std::string_view what) {
        return std::unexpected{fmt::format("\"{}\": {}", whole, what)};
    };
    const auto bound = take_bound(text, kind);
    if (!bound) return wrong(bound.error());
    Mark mark{.bound = *bound};
    const auto colour = take_word(text);
    const auto* const known =
        std::ranges::find(every<Colour>, colour, [](Colour c) { return holdfast::text(c); });
    if (known == every<Colour>.end())
        return wrong("the colour must be red, green, amber, yellow, orange, blue or white");
    mark.colour = *known;
    const auto rest = take_word(text);
    mark.blinks = rest == "blink";
    if ((!rest.empty() && !mark.blinks) || !take_word(text).empty())
        return wrong("after the colour only \"blink\" may stand");
    return mark;
}

Shown shown(const Cell& cell, const Figures& figures) {
    if (cell.value == nullptr) return {cell.text, cell.colour, false};
    const Reading reading = cell.value->read(figures, cell.scope);
    Shown s{text_of(reading, cell.value->kind, cell.width), cell.colour, false};
    for (const Mark& mark : cell.marks) {
        if (holds(mark.bound, reading)) s.colour = mark.colour, s.blinks = mark.blinks;
    }
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
