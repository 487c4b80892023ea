// Bars, sparklines and bitmaps, from the settings' words to the diodes of the firmware.
#include "board/desk.hpp"
#include "boards/native/png.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::wallboard;

namespace {

const std::vector<std::string> bell_rows{
    "...yy...", "..yyyy..", ".yyyyyy.", ".yyyyyy.", ".yyyyyy.", "yyyyyyyy", "...rr...", "........"};
const std::vector<std::string> phone_rows{"gg....gg", "ggg..ggg", ".gggggg.", "..gggg.."};

Cell cell(CellKind kind, std::string_view value, std::size_t width, std::size_t height) {
    Cell c;
    c.kind = kind;
    c.value = find_value(value);
    c.scope = 1;
    c.width = width;
    c.height = height;
    return c;
}

Layout drawn() {
    Layout layout{"drawn", {}, {*bitmap_of("bell", bell_rows), *bitmap_of("phone", phone_rows)}};
    Cell level = cell(CellKind::bar, "service_level_today", 100, 8);
    level.marks = {*mark_of("below 80 amber", Kind::share), *mark_of("below 60 red", Kind::share)};
    Cell waits = cell(CellKind::bar, "longest_wait", 100, 8);
    waits.full = 300;
    Cell phone = cell(CellKind::bitmap, "waiting", 8, 8);
    phone.bitmap = 1;
    phone.marks = {*mark_of("from 5 bell blink", Kind::count, layout.bitmaps)};
    Cell nothing = cell(CellKind::bar, "level", 40, 8);
    nothing.value = find_value("service_level_now");
    nothing.scope = 9;  // a queue of which nothing is known
    Cell spark = cell(CellKind::spark, "waiting", 120, 16);
    spark.full = 10;
    spark.every = 1s;
    spark.marks = {*mark_of("from 6 red", Kind::count)};
    Cell label;
    label.text = "waiting";
    label.width = 7;
    layout.pages = {{10s, {{{level, phone, nothing}}, {{waits}}, {{spark, label}}}}};
    return layout;
}

/// So many points, one a second, of 0 to 10.
void pass(desk::Desk& desk, int seconds) {
    auto f = desk::busy_floor(1);
    for (int i = 0; i < seconds; ++i) {
        f.scopes[1].waiting = static_cast<std::uint32_t>((i * 7 + i * i / 9) % 11);
        desk.show(f);
        desk.run(1s);
    }
}

}  // namespace

TEST_CASE("drawn: bars, a sparkline and a bitmap, as they look", "[wallboard]") {
    desk::Desk desk{{.layout = drawn()}, 256, 32};
    pass(desk, 100);
    auto f = desk::busy_floor(1);
    f.scopes[1].waiting = 4;  // the phone, which does not blink
    desk.show(f);
    desk.run(100ms);
    CHECK(desk.driver.health(desk.now).trouble.empty());
    const auto png = native::png_of(desk.canvas(), desk.palette(), 3);
    const std::string bytes(png.begin(), png.end());
    CHECK(test::golden(std::string{GOLDEN_DIR} + "/wallboard/drawn.png", bytes) == bytes);
}

TEST_CASE("drawn: a board that started anew has its bitmaps and points again", "[wallboard]") {
    Layout layout = drawn();
    layout.pages[0].rows[2].cells[0].every = 10s;
    desk::Desk desk{{.layout = layout}, 256, 32};
    pass(desk, 22);
    const auto before = desk.picture_crc();
    desk.start(link::ResetCause::watchdog);
    desk.show(wallboard::Figures{desk.shown.value()});
    desk.run(900ms);
    CHECK(desk.driver.counters().greetings == 2);
    CHECK(desk.picture_crc() == before);
}

TEST_CASE("sparks: a point is the highest reading of its span", "[wallboard]") {
    Layout layout = drawn();
    Cell& spark = layout.pages[0].rows[2].cells[0];
    spark.every = 10s;
    Sparks sparks{layout};
    auto f = desk::busy_floor(1);
    const auto at = [&](Micros after, std::uint32_t waiting) {
        f.scopes[1].waiting = waiting;
        sparks.take(f, Instant{after});
    };
    at(0s, 1);
    at(4s, 10);
    at(9s, 0);
    CHECK(sparks.points(spark).empty());  // it is not over
    at(10s, 2);
    at(20s, 0);
    CHECK(sparks.points(spark) == std::string{'\xff', '\x33'});
    at(24h, 0);
    CHECK(sparks.points(spark).size() <= spark.width);
}

TEST_CASE("bitmaps: letters are pixels, and what is none is told", "[wallboard]") {
    const std::vector<std::string> odd{".rg", "abw"};
    const auto bitmap = bitmap_of("odd", odd);
    REQUIRE(bitmap);
    CHECK(bitmap->pixels == std::vector<std::uint8_t>{0x01, 0x20, 0x34, 0x70});
    struct Case {
        std::vector<std::string> rows;
        const char* fault;
    };
    const std::vector<Case> cases{{{}, "rows are missing"},
                                  {{"...", ".."}, "row 2 has 2 pixels, and row 1 has 3"},
                                  {{".x."}, "row 1 has \"x\"; a pixel is one of .rgab"},
                                  {std::vector<std::string>(33, std::string(64, 'r')),
                                   "it has 64x33 pixels in 1056 octets; a board stores 1024"}};
    for (const auto& [rows, fault] : cases) {
        const auto made = bitmap_of("wrong", rows);
        REQUIRE_FALSE(made);
        CHECK(made.error().find(fault) != std::string::npos);
    }
}

TEST_CASE("drawn: what is drawn has a size in pixels, and none in characters", "[wallboard]") {
    Layout layout = drawn();
    CHECK(misfits(layout, Geometry{}).empty());
    layout.pages[0].rows[0].cells[0].width = 220;
    CHECK(misfits(layout, Geometry{}) ==
          std::vector<std::string>{"page 1, row 1 is 268 pixels wide, the board 256: 12 too many"});
    const auto signs = misfits(layout, Geometry{Unit::characters, 300, 4});
    REQUIRE(signs.size() == 5);
    CHECK(signs[0] == "page 1, row 1 has a bar; a sign of characters shows texts and values");
}
