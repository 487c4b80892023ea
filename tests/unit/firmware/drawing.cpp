#include "firmware/glyphs.hpp"
#include "firmware/screens.hpp"
#include "unit/firmware/bench.hpp"

using namespace holdfast;
using namespace holdfast::firmware;
using namespace holdfast::firmware::test;
using namespace holdfast::link;

using Rows = std::vector<std::string>;

TEST_CASE("UTF-8 is read by the rules of RFC 3629") {
    const auto characters = [](std::string_view text) {
        std::vector<char32_t> all;
        while (!text.empty())
            all.push_back(next_character(text));
        return all;
    };
    using All = std::vector<char32_t>;
    CHECK(characters("aé€😀") == All{U'a', U'é', U'€', U'😀'});
    CHECK(characters("\xc3") == All{0xfffd});              // cut
    CHECK(characters("\xc3(") == All{0xfffd, U'('});       // no continuation
    CHECK(characters("\xc0\x80") == All{0xfffd, 0xfffd});  // overlong
    CHECK(characters("\xe0\x80\x80") == All{0xfffd, 0xfffd, 0xfffd});
    CHECK(characters("\xf4\x90\x80\x80").size() == 4);  // above U+10FFFF
    CHECK(count_characters("aé€😀") == 4);
}

TEST_CASE("every font has every character, and draws what it lacks as a question mark") {
    for (const Font font : every<Font>) {
        for (std::uint32_t row = 0; row < size_of(font).height; ++row)
            CHECK(glyph_row(font, U'☃', row) == glyph_row(font, U'?', row));
        for (char32_t c = 0x21; c <= 0xff; ++c) {
            if ((c > 0x7e && c < 0xa1)) continue;
            std::uint32_t ink = 0;
            for (std::uint32_t row = 0; row < size_of(font).height; ++row)
                ink |= glyph_row(font, c, row);
            INFO(text(font) << " " << static_cast<unsigned>(c));
            CHECK(ink != 0);
            CHECK((ink << size_of(font).width) == 0);  // nothing beside the cell
        }
    }
}

TEST_CASE("text stands where its cell and its alignment say") {
    Bench bench;
    bench.show({cell(0, CellKind::text, {2, 1, 10, 8}, Font::small_4x6, Align::left),
                cell(1, CellKind::text, {12, 1, 10, 8}, Font::small_4x6, Align::centre),
                cell(2, CellKind::text, {22, 1, 10, 8}, Font::small_4x6, Align::right)},
               {{0, {Colour::red, Colour::black, Effect::steady}, "I"},
                {1, {Colour::green, Colour::black, Effect::steady}, "I"},
                {2, {Colour::white, Colour::black, Effect::steady}, "I"}});
    CHECK(bench.seen({2, 1, 30, 8}) == Rows{"..............................",
                                            "rrr..........ggg..........www.",
                                            ".r............g............w..",
                                            ".r............g............w..",
                                            ".r............g............w..",
                                            "rrr..........ggg..........www.",
                                            "..............................",
                                            ".............................."});
}

TEST_CASE("text is cut at its cell, and the background fills it") {
    Bench bench;
    bench.show({cell(0, CellKind::text, {4, 0, 6, 3}, Font::huge_16x32)},
               {{0, {Colour::red, Colour::blue, Effect::steady}, "MMMM"}});
    for (const std::string& row : bench.seen({0, 0, 14, 4})) {
        CHECK(row.substr(0, 4) == "....");
        CHECK(row.substr(10) == "....");
    }
    CHECK(bench.seen({0, 3, 14, 1}) == Rows{".............."});
    CHECK(bench.seen({4, 0, 6, 3})[0].find('.') == std::string::npos);
}

TEST_CASE("blinking is half a second on and half a second off; the background stays") {
    Bench bench;
    bench.show({cell(0, CellKind::text, {0, 0, 4, 6})},
               {{0, {Colour::red, Colour::blue, Effect::blink}, "I"}});
    const Box box{0, 1, 4, 1};
    const auto on = bench.seen(box, 0);
    CHECK(on[0].find('r') != std::string::npos);
    CHECK(bench.seen(box, 499) == on);
    CHECK(bench.seen(box, 500) == Rows{"bbbb"});
    CHECK(bench.seen(box, 999) == Rows{"bbbb"});
    CHECK(bench.seen(box, 1000) == on);
}

TEST_CASE("what does not fit scrolls by 32 pixels a second and comes round; what fits stands") {
    Bench bench;
    const Look look{Colour::red, Colour::black, Effect::scroll};
    bench.show({cell(0, CellKind::text, {0, 0, 16, 6}), cell(1, CellKind::text, {0, 8, 64, 6})},
               {{0, look, "ABCDEFGH"}, {1, look, "ABCDEFGH"}});
    const Box moving{0, 0, 16, 6};
    const Box standing{0, 8, 64, 6};
    const auto begin = bench.seen(moving, 0);
    const auto fits = bench.seen(standing, 0);
    const auto later = bench.seen(moving, 125);  // four pixels: one character
    for (std::size_t y = 0; y < 6; ++y)
        CHECK(later[y].substr(0, 12) == begin[y].substr(4));
    CHECK(bench.seen(standing, 125) == fits);
    CHECK(bench.seen(moving, 1750) == begin);  // 32 pixels of text and 24 of gap
}

TEST_CASE("a text that goes on does not begin anew when the same is committed again") {
    Bench bench;
    const Look look{Colour::red, Colour::black, Effect::scroll};
    const auto text = cell(0, CellKind::text, {0, 0, 16, 6});
    bench.show({text}, {{0, look, "ABCDEFGH"}});
    bench.pass(1s);
    CHECK(bench.refusal(bench.set(7, {{0, look, "ABCDEFGH"}})) == Refusal::done);
    CHECK(bench.refusal(Commit{7}) == Refusal::done);
    bench.pass(20ms);
    const auto panel = bench.board.panel;
    const auto answer = bench.told<SnapshotAnswer>(Snapshot{as_shown});
    CHECK(crc32(panel) == answer.crc);
    CHECK(answer.crc != bench.crc(0));
    CHECK(bench.refusal(bench.set(7, {{0, look, "BBBBBBBB"}})) == Refusal::done);
    CHECK(bench.refusal(Commit{7}) == Refusal::done);
    CHECK(bench.told<SnapshotAnswer>(Snapshot{as_shown}).crc == bench.crc(0));
}

TEST_CASE("a bar is filled by its level, a sparkline grows from the right") {
    Bench bench;
    const std::string half{"\xf4\x01", 2};
    const std::string points{"\x00\xff\x80", 3};
    const Look look{Colour::green, Colour::black, Effect::steady};
    bench.show({cell(0, CellKind::bar, {0, 0, 10, 1}), cell(1, CellKind::spark, {0, 2, 5, 4})},
               {{0, look, half}, {1, look, points}});
    CHECK(bench.seen({0, 0, 12, 1}) == Rows{"ggggg......."});
    CHECK(bench.seen({0, 2, 6, 4}) == Rows{"...g..", "...g..", "...gg.", "...gg."});
    const std::string too_much{"\xe9\x03", 2};
    CHECK(bench.refusal(bench.set(7, {{0, look, too_much}})) == Refusal::wrong_content);
}

TEST_CASE("a bitmap is stored in parts and drawn once it is whole") {
    Bench bench;
    const std::array<std::uint8_t, 4> octets{0x12, 0x30, 0x00, 0x70};  // 3x2
    const std::string first{"\0", 1};
    REQUIRE(bench.refusal(bench.layout(7, {cell(0, CellKind::bitmap, {1, 1, 4, 4})})) ==
            Refusal::done);
    const auto put = bench.set(7, {{0, {}, first}});
    CHECK(bench.refusal(put) == Refusal::no_such_bitmap);
    CHECK(bench.refusal(Bitmap{0, 3, 2, 2, Bytes{octets}.subspan(2)}) == Refusal::incomplete);
    CHECK(bench.refusal(Bitmap{0, 3, 2, 0, Bytes{octets}.first(2)}) == Refusal::done);
    CHECK(bench.refusal(put) == Refusal::no_such_bitmap);
    CHECK(bench.refusal(Bitmap{0, 3, 2, 2, Bytes{octets}.subspan(2)}) == Refusal::done);
    CHECK(bench.refusal(Bitmap{0, 3, 2, 4, Bytes{octets}.first(1)}) == Refusal::malformed);
    CHECK(bench.refusal(Bitmap{0, 255, 255, 0, Bytes{octets}}) == Refusal::too_large);
    CHECK(bench.refusal(Bitmap{8, 3, 2, 0, Bytes{octets}}) == Refusal::malformed);
    CHECK(bench.refusal(put) == Refusal::done);
    CHECK(bench.refusal(Commit{7}) == Refusal::done);
    CHECK(bench.seen({0, 0, 6, 4}) == Rows{"......", ".rga..", "...w..", "......"});
}

TEST_CASE("the clock is the board's own, and unknown until it is told") {
    Bench bench;
    bench.show({cell(0, CellKind::clock, {0, 0, 20, 6}),
                cell(1, CellKind::clock, {0, 8, 32, 6}),
                cell(2, CellKind::text, {0, 16, 20, 6}),
                cell(3, CellKind::text, {0, 24, 32, 6})},
               {{2, {}, "--:--"}, {3, {}, "--:--:--"}});
    CHECK(bench.seen({0, 0, 32, 6}) == bench.seen({0, 16, 32, 6}));
    CHECK(bench.seen({0, 8, 32, 6}) == bench.seen({0, 24, 32, 6}));
    CHECK(bench.refusal(Time{86'400}) == Refusal::malformed);
    CHECK(bench.refusal(Time{86'399}) == Refusal::done);
    bench.pass(2s);
    CHECK(bench.refusal(bench.set(7, {{2, {}, "00:00"}, {3, {}, "00:00:01"}})) == Refusal::done);
    CHECK(bench.refusal(Commit{7}) == Refusal::done);
    CHECK(bench.seen({0, 0, 32, 6}) == bench.seen({0, 16, 32, 6}));
    CHECK(bench.seen({0, 8, 32, 6}) == bench.seen({0, 24, 32, 6}));
}

TEST_CASE("the board's own screens show something on panels of any size") {
    const std::array<void (*)(Canvas&), 4> screens{
        [](Canvas& c) { draw_no_data(c, 999'999); },
        [](Canvas& c) { draw_waiting(c, "10.20.30-very-long", 254, 999'999); },
        [](Canvas& c) { draw_wrong_version(c, 255, 1); },
        draw_test};
    for (const auto& [width, height] : {std::pair{16, 8}, {32, 16}, {64, 32}, {256, 32}, {512, 64}})
        for (const auto draw : screens) {
            std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width * height));
            Canvas canvas{pixels, width, height};
            draw(canvas);
            CHECK(std::ranges::any_of(pixels, [](auto pixel) { return pixel != 0; }));
        }
}
