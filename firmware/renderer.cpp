#include "firmware/renderer.hpp"

#include "firmware/glyphs.hpp"

namespace holdfast::firmware {
namespace {

using link::Effect;

constexpr std::uint32_t blink_ms = 1000;           // half of it dark
constexpr std::uint32_t scroll_pixels_per_s = 32;  // a third of a second for a large character
constexpr int scroll_gap = 24;                     // between the end of a text and its beginning

struct Drawing {
    Canvas& canvas;
    const CellState& state;
    Box box;
    std::uint32_t age_ms;   // of this cell's effect
    std::uint32_t beat_ms;  // all cells blink in step

    bool dark() const {
        return state.look.effect == Effect::blink && beat_ms % blink_ms >= blink_ms / 2;
    }
};

int aligned(const Box& box, int width, link::Align align) {
    switch (align) {
        case link::Align::left:
            return box.x;
        case link::Align::centre:
            return box.x + (box.width - width) / 2;
        case link::Align::right:
            return box.x + box.width - width;
    }
    return box.x;
}

/// Pixels that a text has moved to the left, within one turn of `turn` pixels.
int moved(std::uint32_t age_ms, int turn) {
    const auto pixels = std::uint64_t{age_ms} * scroll_pixels_per_s / 1000;
    return static_cast<int>(pixels % static_cast<std::uint64_t>(turn));
}

void draw_line(const Drawing& d, std::string_view text) {
    const auto font = d.state.cell.font;
    const auto size = link::size_of(font);
    const int width = static_cast<int>(count_characters(text)) * size.width;
    const int y = d.box.y + (d.box.height - size.height) / 2;
    const auto put = [&](int x) {
        draw_text(d.canvas, text, font, x, y, d.state.look.colour, d.box);
    };
    const bool rolls = d.state.look.effect == Effect::roll;
    if (!rolls && (d.state.look.effect != Effect::scroll || width <= d.box.width))
        return put(aligned(d.box, width, d.state.cell.align));
    if (width == 0) return;
    if (rolls) return put(d.box.x + d.box.width - moved(d.age_ms, d.box.width + width));
    const int x = d.box.x - moved(d.age_ms, width + scroll_gap);
    put(x);
    put(x + width + scroll_gap);
}

void draw_bar(const Drawing& d) {
    if (d.state.size != 2) return;
    const auto level = static_cast<std::uint8_t>(d.state.bytes[0]) +
                       256 * static_cast<std::uint8_t>(d.state.bytes[1]);
    Box filled = d.box;
    filled.width = (d.box.width * level + 500) / 1000;
    d.canvas.fill(filled, d.state.look.colour);
}

void draw_spark(const Drawing& d) {
    const std::string_view points = d.state.view();
    const int shown = std::min(static_cast<int>(points.size()), d.box.width);
    for (int i = 0; i < shown; ++i) {
        const auto point = static_cast<std::uint8_t>(points[points.size() - 1 - unsigned(i)]);
        const int height = (point * d.box.height + 127) / 255;
        d.canvas.fill({d.box.x + d.box.width - 1 - i, d.box.y + d.box.height - height, 1, height},
                      d.state.look.colour);
    }
}

void draw_bitmap(const Drawing& d, const Bitmaps& bitmaps) {
    if (d.state.size != 1) return;
    const auto& bitmap = bitmaps[static_cast<std::uint8_t>(d.state.bytes[0])];
    if (!bitmap.whole()) return;  // it is being replaced
    for (unsigned y = 0; y < bitmap.height; ++y)
        for (unsigned x = 0; x < bitmap.width; ++x) {
            const unsigned two = bitmap.bytes[y * bitmap.stride() + x / 2];
            const auto colour = static_cast<link::Colour>(x % 2 == 0 ? two >> 4 : two & 15);
            d.canvas.dot(
                d.box.x + static_cast<int>(x), d.box.y + static_cast<int>(y), colour, d.box);
        }
}

void draw_clock(const Drawing& d, std::optional<std::uint32_t> clock_s) {
    std::array<char, 8> text{'-', '-', ':', '-', '-', ':', '-', '-'};
    const auto put = [&](std::size_t at, std::uint32_t value) {
        text[at] = static_cast<char>('0' + value / 10);
        text[at + 1] = static_cast<char>('0' + value % 10);
    };
    if (clock_s) {
        put(0, *clock_s / 3600 % 24);
        put(3, *clock_s / 60 % 60);
        put(6, *clock_s % 60);
    }
    const bool seconds = d.box.width >= 8 * link::size_of(d.state.cell.font).width;
    draw_line(d, {text.data(), seconds ? 8u : 5u});
}

void draw_cell(const Drawing& d, const Bitmaps& bitmaps, const Moment& moment) {
    d.canvas.fill(d.box, d.state.look.background);
    if (d.dark()) return;
    switch (d.state.cell.kind) {
        case link::CellKind::text:
            return draw_line(d, d.state.view());
        case link::CellKind::clock:
            return draw_clock(d, moment.clock_s);
        case link::CellKind::bar:
            return draw_bar(d);
        case link::CellKind::spark:
            return draw_spark(d);
        case link::CellKind::bitmap:
            return draw_bitmap(d, bitmaps);
    }
}

std::uint32_t ms_of(Micros span) {
    return static_cast<std::uint32_t>(span / 1ms);
}

}  // namespace

void draw_text(Canvas& canvas,
               std::string_view text,
               link::Font font,
               int x,
               int y,
               link::Colour colour,
               const Box& clip) {
    const auto size = link::size_of(font);
    for (; !text.empty() && x < clip.x + clip.width; x += size.width) {
        const char32_t character = next_character(text);
        if (x + size.width <= clip.x) continue;
        for (int row = 0; row < size.height; ++row)
            canvas.row(glyph_row(font, character, static_cast<std::uint32_t>(row)),
                       x,
                       y + row,
                       colour,
                       clip);
    }
}

void draw_page(Canvas& canvas, const Pictures& pictures, const Moment& moment) {
    canvas.fill(canvas.whole(), link::Colour::black);
    const Page& page = pictures.shown();
    for (std::size_t id = 0; id < page.cells.size(); ++id) {
        const auto& state = page.cells[id];
        if (!state.used) continue;
        const auto& cell = state.cell;
        const Drawing drawing{canvas,
                              state,
                              {cell.x, cell.y, cell.width, cell.height},
                              moment.at_ms.value_or(ms_of(moment.now - pictures.since(id))),
                              moment.at_ms.value_or(ms_of(moment.now.time_since_epoch()))};
        draw_cell(drawing, pictures.bitmaps(), moment);
    }
}

bool moves(const Page& page) {
    return std::ranges::any_of(page.cells, [](const CellState& state) {
        return state.used && state.look.effect != Effect::steady;
    });
}

}  // namespace holdfast::firmware
