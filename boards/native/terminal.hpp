// boards/native/terminal.hpp: the panel in a terminal with true colour.
#pragma once
#include "firmware/canvas.hpp"

#include <string>

namespace holdfast::native {

/// What to write so that the picture stands at the cursor's line and below: two rows of pixels a
/// line, in half blocks. Where it is wider than `columns`, each character stands for several
/// pixels, of which the brightest is seen.
std::string drawn(const firmware::Canvas& canvas, const link::Palette& palette, int columns);
/// Lines that `drawn` has.
int lines_drawn(const firmware::Canvas& canvas, int columns);

}  // namespace holdfast::native
