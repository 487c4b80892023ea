#include "boards/native/terminal.hpp"

#include <fmt/format.h>

#include <optional>

namespace holdfast::native {
namespace {

using link::Rgb;

int shrunk_by(const firmware::Canvas& canvas, int columns) {
    return columns > 0 ? (canvas.width() + columns - 1) / columns : 1;
}

Rgb brightest(const firmware::Canvas& canvas, const link::Palette& palette, firmware::Box box) {
    box = common(box, canvas.whole());
    Rgb most;
    for (int y = box.y; y < box.y + box.height; ++y)
        for (int x = box.x; x < box.x + box.width; ++x) {
            const Rgb rgb = palette[static_cast<std::size_t>(canvas.at(x, y))];
            if (rgb.red + rgb.green + rgb.blue > most.red + most.green + most.blue) most = rgb;
        }
    return most;
}

}  // namespace

int lines_drawn(const firmware::Canvas& canvas, int columns) {
    const int step = 2 * shrunk_by(canvas, columns);
    return (canvas.height() + step - 1) / step;
}

std::string drawn(const firmware::Canvas& canvas, const link::Palette& palette, int columns) {
    const int by = shrunk_by(canvas, columns);
    std::string text;
    for (int y = 0; y < canvas.height(); y += 2 * by) {
        std::optional<Rgb> upper_before;
        std::optional<Rgb> lower_before;
        for (int x = 0; x < canvas.width(); x += by) {
            const Rgb upper = brightest(canvas, palette, {x, y, by, by});
            const Rgb lower = brightest(canvas, palette, {x, y + by, by, by});
            if (upper_before != upper)
                text += fmt::format("\x1b[38;2;{};{};{}m", upper.red, upper.green, upper.blue);
            if (lower_before != lower)
                text += fmt::format("\x1b[48;2;{};{};{}m", lower.red, lower.green, lower.blue);
            upper_before = upper;
            lower_before = lower;
            text += "\u2580";
        }
        text += "\x1b[0m\x1b[K\n";
    }
    return text;
}

}  // namespace holdfast::native
