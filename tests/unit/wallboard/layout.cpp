#include "wallboard/layout.hpp"

#include "wallboard/characters.hpp"
#include "wallboard/ready_made.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::wallboard;

namespace {

Cell value(std::string_view name, std::size_t width, std::size_t font = font_8x16) {
    Cell cell;
    cell.value = find_value(name);
    cell.scope = 1;
    cell.width = width;
    cell.font = font;
    return cell;
}

Cell label(std::string text, std::size_t font = font_8x16) {
    Cell cell;
    cell.width = text.size();
    cell.text = std::move(text);
    cell.font = font;
    return cell;
}

Figures one_queue_busy() {
    Figures f;
    f.scopes.resize(2);
    f.scopes[1].waiting = 7;
    f.scopes[1].longest_wait = 125s;
    f.scopes[1].answered = 10;
    f.scopes[1].answered_in_target = 7;
    f.scopes[0] = f.scopes[1];
    return f;
}

}  // namespace

TEST_CASE("layout: what does not fit is refused with by how much", "[wallboard]") {
    const Geometry board{Unit::pixels, 256, 32};
    // 33 characters of 8 pixels are 264.
    Layout layout{"wide", {{10s, {{{label(std::string(30, 'x')), value("waiting", 3)}}}}}};
    REQUIRE(misfits(layout, board).size() == 1);
    CHECK(misfits(layout, board).front() ==
          "page 1, row 1 is 264 pixels wide, the board 256: 8 too many");
    layout.pages[0].rows[0].cells[1].width = 2;
    CHECK(misfits(layout, board).empty());
    layout.pages[0].rows.push_back({{label("a")}});
    CHECK(misfits(layout, board).empty());
    layout.pages[0].rows.push_back({{label("b", 0)}});
    REQUIRE(misfits(layout, board).size() == 1);
    CHECK(misfits(layout, board).front() == "page 1 is 38 pixels high, the board 32: 6 too many");
    // A sign counts characters and lines, whatever the font.
    const Geometry sign{Unit::characters, 20, 2};
    CHECK(misfits(layout, sign) ==
          std::vector<std::string>{"page 1, row 1 is 32 characters wide, the board 20: 12 too many",
                                   "page 1 is 3 lines high, the board 2: 1 too many"});
}

TEST_CASE("layout: marks colour a value from their bound on", "[wallboard]") {
    Cell cell = value("waiting", 3);
    for (const auto* mark : {"from 3 amber", "from 6 red blink"})
        cell.marks.push_back(*mark_of(mark, Kind::count));
    Figures f = one_queue_busy();
    CHECK(shown(cell, f) == Shown{"7", Colour::red, true});
    f.scopes[1].waiting = 5;
    CHECK(shown(cell, f) == Shown{"5", Colour::amber, false});
    f.scopes[1].waiting = 2;
    CHECK(shown(cell, f) == Shown{"2", Colour::green, false});

    Cell level = value("service_level_today", 4);
    level.marks = {*mark_of("below 80% red", Kind::share)};
    CHECK(shown(level, f) == Shown{"70%", Colour::red, false});
    // Nobody waited yet: that is neither bad nor good, and not zero.
    CHECK(shown(level, Figures{}) == Shown{"-", Colour::green, false});
    Cell longest = value("longest_wait", 5);
    longest.marks = {*mark_of("from 2m5s red", Kind::span)};
    CHECK(shown(longest, f) == Shown{"2:05", Colour::red, false});
    f.scopes[1].longest_wait = 124s;
    CHECK(shown(longest, f).colour == Colour::green);
}

TEST_CASE("layout: a wrong mark says what is wrong with it", "[wallboard]") {
    struct Case {
        const char* mark;
        Kind kind;
        const char* fault;
    };
    const auto c = GENERATE(Case{"above 3 red", Kind::count, "begins with \"from\" or \"below\""},
                            Case{"from x red", Kind::count, "must be a whole number"},
                            Case{"from 2m red", Kind::count, "must be a whole number"},
                            Case{"from 5 red", Kind::span, "a time such as 90s or 2m"},
                            Case{"below 101 red", Kind::share, "from 0 to 100"},
                            Case{"from 3 pink", Kind::count, "the colour must be red, green"},
                            Case{"from 3", Kind::count, "the colour must be red, green"},
                            Case{"from 3 red fast", Kind::count, "only \"blink\" may stand"},
                            Case{"from 3 red", Kind::text, "has no bounds"});
    const auto mark = mark_of(c.mark, c.kind);
    REQUIRE_FALSE(mark);
    CAPTURE(mark.error());
    CHECK(mark.error().find(c.fault) != std::string::npos);
}

TEST_CASE("values: what does not fit is told as more, never cut", "[wallboard]") {
    CHECK(text_of({99, {}}, Kind::count, 2) == "99");
    CHECK(text_of({100, {}}, Kind::count, 2) == "9+");
    CHECK(text_of({1000, {}}, Kind::count, 3) == "99+");
    CHECK(text_of({59, {}}, Kind::span, 5) == "0:59");
    CHECK(text_of({3599, {}}, Kind::span, 5) == "59:59");
    CHECK(text_of({3600, {}}, Kind::span, 5) == "1h00");
    CHECK(text_of({36'000, {}}, Kind::span, 5) == "10h+");
    CHECK(text_of({999, {}}, Kind::share, 4) == "99%");
    CHECK(text_of({1000, {}}, Kind::share, 4) == "100%");
    CHECK(text_of({14 * 60 + 5, {}}, Kind::clock, 5) == "14:05");
    CHECK(text_of({}, Kind::count, 3) == "-");
    for (const auto& value : values()) {
        CAPTURE(value.name);
        CHECK((value.read == nullptr) == !value.missing.empty());
        CHECK(find_value(value.name) == &value);
    }
}

TEST_CASE("values: what the product cannot tell is refused with the reason", "[wallboard]") {
    const auto callbacks = value_named("callbacks_due");
    REQUIRE_FALSE(callbacks);
    CHECK(callbacks.error() == "\"callbacks_due\" cannot be shown: there are no callbacks yet");
    const auto unknown = value_named("wating");
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().starts_with("\"wating\" is no value; known are waiting, "));
    CHECK(unknown.error().find("callbacks") == std::string::npos);
}

TEST_CASE("characters: texts are cut between characters and written in ASCII", "[wallboard]") {
    CHECK(length_of("Nov\xc3\xa1k") == 5);
    CHECK(first_characters("Nov\xc3\xa1k", 4) == "Nov\xc3\xa1");
    CHECK(ascii_of("Nov\xc3\xa1k \xc3\x9f \xc3\x84 \xc5\x82 \xe2\x80\x9equoted\xe2\x80\x9c") ==
          "Novak ss Ae l \"quoted\"");
    CHECK(ascii_of("a\tb\x1b\xff") == "a b ?");
    CHECK(length_of("\xc3") == 1);
    CHECK(padded("ab", 4, Align::right) == "  ab");
    CHECK(padded("ab", 5, Align::centre) == " ab  ");
    CHECK(padded("\xc3\xa4\xc3\xa4\xc3\xa4", 2, Align::left) == "\xc3\xa4\xc3\xa4");
}

TEST_CASE("ready-made layouts fit whatever board there is", "[wallboard]") {
    const std::vector<QueueName> queues{{"sales", QueueId{1}},
                                        {"support with a long name", QueueId{2}},
                                        {"billing", QueueId{3}},
                                        {"night", QueueId{4}}};
    const std::span<const QueueName> all{queues};
    for (const auto& [which, count] : {std::pair{ReadyMade::one_queue, 1},
                                       std::pair{ReadyMade::four_queues, 4},
                                       std::pair{ReadyMade::four_queues, 2},
                                       std::pair{ReadyMade::escalation_and_hold, 1}})
        for (const Geometry g : {Geometry{Unit::pixels, 256, 32},
                                 Geometry{Unit::pixels, 128, 32},
                                 Geometry{Unit::pixels, 256, 64},
                                 Geometry{Unit::characters, 30, 2},
                                 Geometry{Unit::characters, 20, 2}}) {
            const auto layout = ready_made(which, all.first(static_cast<std::size_t>(count)), g);
            INFO((layout ? "" : layout.error()));
            REQUIRE(layout);
            CHECK(misfits(*layout, g).empty());
            if (g.unit == Unit::pixels && g.width == 256) CHECK(layout->pages.size() == 1);
        }
    const auto narrow =
        ready_made(ReadyMade::one_queue, all.first(1), Geometry{Unit::characters, 6, 1});
    REQUIRE_FALSE(narrow);
    CHECK(narrow.error().find("too many") != std::string::npos);
    const auto many = ready_made(ReadyMade::four_queues, all, Geometry{Unit::characters, 14, 2});
    REQUIRE_FALSE(many);
    CHECK(many.error() == "layout \"four_queues\": it takes 10 pages, 8 are allowed");
    const auto none = ready_made(ReadyMade::four_queues, all.first(1), Geometry{});
    REQUIRE_FALSE(none);
    CHECK(none.error() == "layout \"four_queues\" shows two to four queues, and queues names 1");
}
