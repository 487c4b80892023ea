#include "report/calendar.hpp"

#include "unit/report/ledger_fixture.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::test;
using report::Calendar;
using report::likely_change;

TEST_CASE("calendar: dates are read, and what is none is told", "[report]") {
    CHECK(report::day_text(report::read_day("2026-11-23").value()) == "2026-11-23");
    CHECK(report::read_day("2024-02-29"));
    for (const char* text : {"",
                             "today",
                             "2026-11-3",
                             "2026-13-01",
                             "2026-02-29",
                             "2026/11/23",
                             "2026-11-23 ",
                             "26-11-2023",
                             "-026-11-23",
                             "2026-+1-23"}) {
        CAPTURE(text);
        const auto day = report::read_day(text);
        REQUIRE_FALSE(day);
        CHECK(day.error().find("write year, month and day") != std::string::npos);
    }
}

TEST_CASE("calendar: days of any zone begin at their midnight", "[report]") {
    const auto zone = [](minutes offset) { return Calendar{{{{}, offset}}}; };
    CHECK(zone(hours{-8}).text_of(zone(hours{-8}).begin_of(local_day(11, 23))) ==
          "2026-11-23T00:00:00-08:00");
    CHECK(zone(345min).text_of(zone(345min).begin_of(local_day(11, 23))) ==
          "2026-11-23T00:00:00+05:45");
    CHECK(zone(345min).day_of(utc(11, 22, 18, 14, 59)) == local_day(11, 22));
    CHECK(zone(345min).day_of(utc(11, 22, 18, 15)) == local_day(11, 23));
    CHECK(Calendar{{}}.begin_of(local_day(11, 23)) == utc(11, 23));
}

TEST_CASE("calendar: a clock changed at midnight", "[report]") {
    // From +1 to +2 at 00:00: the day begins as the clock shows 01:00, and has 92 quarters.
    const Calendar forward{{{utc(1, 1), hours{1}}, {utc(4, 4, 23), hours{2}}}};
    CHECK(forward.begin_of(local_day(4, 5)) == utc(4, 4, 23));
    CHECK(forward.pieces_of(local_day(4, 5), 15min).size() == 92);
    CHECK(forward.pieces_of(local_day(4, 4), 15min).size() == 96);
    // From +2 to +1 at 00:00: midnight comes twice, and the day before has the hour.
    const Calendar back{{{utc(1, 1), hours{2}}, {utc(10, 3, 22), hours{1}}}};
    CHECK(back.begin_of(local_day(10, 4)) == utc(10, 3, 23));
    CHECK(back.pieces_of(local_day(10, 3), 15min).size() == 100);
    CHECK(back.pieces_of(local_day(10, 4), 15min).size() == 96);
}

TEST_CASE("calendar: half an hour of daylight saving", "[report]") {
    const Calendar lord_howe{{{utc(1, 1), minutes{630}}, {utc(10, 3, 15, 30), hours{11}}}};
    CHECK(lord_howe.pieces_of(local_day(10, 4), 15min).size() == 94);
    CHECK(lord_howe.pieces_of(local_day(10, 4), 30min).size() == 47);
}

TEST_CASE("calendar: when the clock was probably changed", "[report]") {
    struct Case {
        WallInstant before, by;
        seconds old_offset, new_offset;
        WallInstant change;
    };
    const auto c = GENERATE(
        // Europe, with nobody there all night.
        Case{utc(10, 24, 20), utc(10, 25, 7), hours{2}, hours{1}, utc(10, 25, 1)},
        Case{utc(3, 28, 20), utc(3, 29, 7), hours{2}, hours{3}, utc(3, 29, 1)},
        // The last row of the old clock is later than that, so it was another hour.
        Case{utc(10, 25, 1, 30), utc(10, 25, 7), hours{2}, hours{1}, utc(10, 25, 7)},
        // New York: 02:00 of the old local clock, on a Sunday.
        Case{utc(10, 31, 20), utc(11, 1, 12), hours{-4}, hours{-5}, utc(11, 1, 6)},
        // On a Friday: the last whole hour before the first row.
        Case{utc(3, 26, 20), utc(3, 27, 5, 12), hours{4}, hours{5}, utc(3, 27, 5)},
        Case{utc(3, 27, 5, 10), utc(3, 27, 5, 12), hours{4}, hours{5}, utc(3, 27, 5, 12)});
    CHECK(likely_change(c.before, c.by, c.old_offset, c.new_offset) == c.change);
}
