#include "host/tool/text_table.hpp"

#include "host/tool/figures.hpp"

#include <catch2/catch.hpp>

using namespace holdfast::tool;

TEST_CASE("text table: columns line up, and nothing stands at the end", "[host][tool]") {
    TextTable table{{{"NAME"}, {"N", Align::right}, {"WHAT"}}};
    table.add({{"a"}, {"1"}, {"x"}});
    table.add({{"Bj\u00f6rn \u5c71"}, {"1000"}, {""}});
    CHECK(text_of(table.lines()) ==
          "NAME         N  WHAT\n"
          "a            1  x\n"
          "Bj\u00f6rn \u5c71  1000\n");
}

TEST_CASE("text table: where room is short the highest rank goes first", "[host][tool]") {
    TextTable table{{{"AAAA"}, {"BBBB", Align::left, 40, 2}, {"CCCC", Align::left, 40, 1}}};
    table.add({{"1"}, {"2"}, {"3"}});
    CHECK(text_of(table.lines(16)) == "AAAA  BBBB  CCCC\n1     2     3\n");
    CHECK(text_of(table.lines(15)) == "AAAA  CCCC\n1     3\n");
    CHECK(text_of(table.lines(9)) == "AAAA\n1\n");
    CHECK(text_of(table.lines(3)) == "AA…\n1\n");
}

TEST_CASE("text table: what is too long for its column is cut", "[host][tool]") {
    TextTable table{{{"A", Align::left, 4}, {"B"}}};
    table.add({{"abcdefg"}, {"x"}});
    table.add({{"\x1b[1m"}, {"y"}});
    CHECK(text_of(table.lines()) == "A     B\nabc…  x\n?[1m  y\n");
}

TEST_CASE("styled text: width and cut go by columns, not by bytes", "[host][tool]") {
    CHECK(width_of("abc") == 3);
    CHECK(width_of("\u00f6\u5c71e\u0301\U0001f600") == 6);
    CHECK(cut("abcdef", 6) == "abcdef");
    CHECK(cut("abcdef", 5) == "abcd…");
    CHECK(cut("\u5c71\u7530\u592a", 4) == "\u5c71…");
    CHECK(cut("abc", 0).empty());
    CHECK(text_of({cut(Line{{"abc"}, {"def"}}, 3)}) == "ab…\n");
    CHECK(text_of({cut(Line{{"abc"}, {"def"}}, 4)}) == "abc…\n");
}

TEST_CASE("styled text: what is no text becomes a question mark", "[host][tool]") {
    CHECK(printable("caf\u00e9 \u5c71") == "caf\u00e9 \u5c71");
    CHECK(printable("a\tb\x7f\xc2\x85") == "a?b??");
    CHECK(printable("\xff\xc3") == "??");
    CHECK(printable("\xed\xa0\x80") == "???");  // a surrogate
    CHECK(printable("\xc0\x80") == "??");       // zero, too long
    CHECK(printable("\u202eabc") == "?abc");    // turns the writing round
}

TEST_CASE("styled text: escapes only where there are colours", "[host][tool]") {
    const Line line{{"a", Look::green}, {"  "}, {" b ", Look::plain}, {"  ", Look::red}};
    CHECK(rendered(line, false) == "a   b");
    CHECK(rendered(line, true) == "\x1b[32ma\x1b[0m   b");
}

TEST_CASE("figures: durations", "[host][tool]") {
    CHECK(duration_text(0) == "0:00");
    CHECK(duration_text(-3) == "0:00");
    CHECK(duration_text(std::stod("nan")) == "0:00");
    CHECK(duration_text(59.999) == "0:59");
    CHECK(duration_text(83) == "1:23");
    CHECK(duration_text(3599) == "59:59");
    CHECK(duration_text(3600) == "1:00:00");
    CHECK(duration_text(86'399) == "23:59:59");
    CHECK(duration_text(86'400) == "1d 0:00:00");
    CHECK(duration_text(1e300) == "11574d 1:46:40");
}

TEST_CASE("figures: counts and shares", "[host][tool]") {
    CHECK(count_text(0) == "0");
    CHECK(count_text(999) == "999");
    CHECK(count_text(1000) == "1,000");
    CHECK(count_text(1'234'567) == "1,234,567");
    CHECK(percent_text(0, 0) == "-");
    CHECK(percent_text(29, 100) == "29");
    CHECK(percent_text(999, 1000) == "99");
    CHECK(percent_text(3, 3) == "100");
}

TEST_CASE("figures: states in words", "[host][tool]") {
    CHECK(agent_state("wrapping").text == "wrap-up");
    CHECK(agent_state("not_ready").look == Look::grey);
    CHECK(call_state("queued").text == "waiting");
    CHECK(call_state("of tomorrow").text == "of tomorrow");
}
