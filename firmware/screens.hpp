// firmware/screens.hpp: what the board shows by itself, when there is no picture that is true.
#pragma once
#include "firmware/canvas.hpp"

#include <cstdint>
#include <string_view>

namespace holdfast::firmware {

/// "NO DATA", and for how long.
void draw_no_data(Canvas& canvas, std::uint32_t age_s);
/// Nothing has been committed since the start: who the board is, and that it waits.
void draw_waiting(Canvas& canvas, std::string_view version, unsigned node, std::uint32_t age_s);
void draw_wrong_version(Canvas& canvas, unsigned theirs, unsigned ours);
/// All colours side by side within a frame: a dead row, column or colour line is seen at once.
void draw_test(Canvas& canvas);

}  // namespace holdfast::firmware
