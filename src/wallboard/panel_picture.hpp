// wallboard/panel_picture.hpp: pages and alarms as the cells and values of our firmware's boards.
#pragma once
#include "link/messages.hpp"
#include "wallboard/layout.hpp"
#include "wallboard/sparks.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::wallboard::panel {

/// One cell of a picture with what it shows.
struct Content {
    std::string bytes;  ///< As link::Value says.
    link::Look look;
    friend bool operator==(const Content&, const Content&) = default;
};

/// What a board is laid out with, and what each cell shows; ids are places in the list.
struct Picture {
    std::uint32_t layout = 0;  ///< A name for the cells: never 0, another one for other cells.
    std::vector<link::Cell> cells;
    std::vector<Content> contents;
};

/// A page of a layout that fits the board.
Picture picture_of(const Page& page, const Figures& figures, const Sparks& sparks);

/// An alarm over the upper part of the board, and the first row of the page below, where there is
/// room for it.
Picture alarm_picture(const AlarmFigure& alarm,
                      const Page& page,
                      const Figures& figures,
                      const Sparks& sparks,
                      const Geometry& board);

/// A sentence for the board itself, which runs through in the largest font it has room for.
Picture sentence_picture(std::string_view sentence, std::uint32_t width, std::uint32_t height);

/// A full update: the most octets of the line that a SET of all figures of a page takes, whatever
/// they are. What people write is not among them: it changes when somebody writes.
std::size_t most_update_octets(const Page& page);
/// Of a board of 256x32, so that 115,200 baud carry ten a second in a third of the time; a larger
/// board may have more by its pixels.
std::size_t update_octets_allowed(const Geometry& board);

/// The largest requests that a frame takes, from the first cell on that is still to be said.
link::Layout layout_part(const Picture& picture, std::size_t part);
std::size_t layout_parts(const Picture& picture);

}  // namespace holdfast::wallboard::panel
