// The board's own screens, as kept in tests/golden/boards: look at them there.
#include "firmware/screens.hpp"

#include "support/golden.hpp"

#include <catch2/catch.hpp>

using namespace holdfast::firmware;

namespace {

/// A character a diode: "." is dark, "#" is lit.
template <class Draw>
std::string drawn(int width, int height, Draw draw) {
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width * height));
    Canvas canvas{pixels, width, height};
    draw(canvas);
    std::string text;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x)
            text += canvas.at(x, y) == holdfast::link::Colour::black ? '.' : '#';
        text += '\n';
    }
    return text;
}

void compare(const std::string& name, const std::string& text) {
    const bool same = text == holdfast::test::golden(GOLDEN_DIR "/boards/" + name + ".txt", text);
    INFO("tests/golden/boards/" << name << ".txt is not what is drawn");
    CHECK(same);
}

}  // namespace

TEST_CASE("the board's own screens are those kept") {
    compare("no_data_256x32", drawn(256, 32, [](Canvas& c) { draw_no_data(c, 67); }));
    compare("no_data_64x32", drawn(64, 32, [](Canvas& c) { draw_no_data(c, 3 * 3600 + 125); }));
    compare("waiting_256x32", drawn(256, 32, [](Canvas& c) { draw_waiting(c, "0.1.0", 17, 9); }));
    compare("wrong_version_256x32", drawn(256, 32, [](Canvas& c) { draw_wrong_version(c, 2, 1); }));
    compare("test_64x32", drawn(64, 32, [](Canvas& c) { draw_test(c); }));
}
