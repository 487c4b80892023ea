// firmware/renderer.hpp: pages to pixels. The same on every board: a snapshot of one is that of
// all.
#pragma once
#include "firmware/canvas.hpp"
#include "firmware/pictures.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace holdfast::firmware {

/// The time that a picture is drawn for.
struct Moment {
    Instant now{};
    std::optional<std::uint32_t> at_ms{};    ///< Every effect began so long ago; none: as it is.
    std::optional<std::uint32_t> clock_s{};  ///< Seconds since local midnight, where known.
};

void draw_page(Canvas& canvas, const Pictures& pictures, const Moment& moment);
/// Whether the page has effects, so that it must be drawn at every frame. Its clocks change once a
/// second.
bool moves(const Page& page);
/// The text's characters, the upper left corner of the first at x and y.
void draw_text(Canvas& canvas,
               std::string_view text,
               link::Font font,
               int x,
               int y,
               link::Colour colour,
               const Box& clip);

}  // namespace holdfast::firmware
