// Which interval a call belongs to, and where times are split.
#include "report/machine_forms.hpp"
#include "unit/report/ledger_fixture.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::test;
using acd::Outcome;
using report::CountBy;
using report::Question;
using enum report::Subject::Kind;

namespace {

/// The local beginnings of the intervals in which the sum is not zero.
std::string where(const report::Report& report, report::Sum sum) {
    std::string text;
    for (const auto& [i, totals] : subject(report, all).intervals)
        if (totals[sum] != 0) text += report.calendar.text_of(report.intervals[i].begin) + " ";
    return text;
}

std::int64_t seconds_in(const report::Report& report, std::size_t interval, report::Sum sum) {
    const auto& intervals = subject(report, all).intervals;
    const auto at = intervals.find(interval);
    return at == intervals.end() ? 0 : at->second[sum] / 1'000'000;
}

}  // namespace

TEST_CASE("intervals: a visit belongs to the moment that was asked for", "[report]") {
    LedgerFile file;
    // Local time is UTC + 1 h: came at 09:14:50, T passed at 09:15:10, answered at 09:30:00, over
    // at 10:00:00.
    file.answered(utc(11, 23, 8, 14, 50), 15min + 10s, 30min);
    file.save();
    struct Case {
        CountBy by;
        const char* where;
    };
    const auto c = GENERATE(Case{CountBy::arrival, "2026-11-23T09:00:00+01:00 "},
                            Case{CountBy::sl_event, "2026-11-23T09:15:00+01:00 "},
                            Case{CountBy::answer, "2026-11-23T09:30:00+01:00 "},
                            Case{CountBy::end, "2026-11-23T10:00:00+01:00 "});
    Question question;
    question.every = 15min;
    question.by = c.by;
    const auto r = file.report(question);
    CHECK(where(r, report::Sum::offered) == c.where);
    CHECK(where(r, report::Sum::answered) == c.where);
    CHECK(where(r, report::Sum::wait_answered) == c.where);
}

TEST_CASE("intervals: a call that goes on is not over", "[report]") {
    LedgerFile file;
    auto caller = file.waited(utc(11, 23, 8), 10s, "offer_made", Outcome::none);
    caller.at("101").stay("ringing", 0s, "agent_answered").stay("talking", 10s, "agent_held");
    file.save();
    Question question;
    CHECK(figure(file.report(question), "answered") == "1");
    question.by = CountBy::end;
    CHECK(figure(file.report(question), "answered") == "0");
}

TEST_CASE("intervals: an answer within T is its own service level event", "[report]") {
    LedgerFile file;
    file.answered(utc(11, 23, 8, 14, 50), 10s, 60s);  // answered as the quarter begins
    file.save();
    Question question;
    question.every = 15min;
    question.by = CountBy::sl_event;
    CHECK(where(file.report(question), report::Sum::offered) == "2026-11-23T09:15:00+01:00 ");
}

TEST_CASE("intervals: times are split at their boundaries", "[report]") {
    LedgerFile file;
    auto agent = file.shift(utc(11, 23, 8, 10), "101");
    agent.stay("ready", 2min, "offer_made").in("support").stay("reserved", 1min, "agent_answered");
    agent.stay("talking", 40min, "caller_left").stay("wrapping", 7min, "wrap_limit");
    file.save();
    const auto r = file.report(local_day(11, 23), local_day(11, 23), 15min);
    const std::size_t nine = 9 * 4;  // local
    CHECK(seconds_in(r, nine, report::Sum::ready) == 120);
    CHECK(seconds_in(r, nine, report::Sum::ring) == 60);
    CHECK(seconds_in(r, nine, report::Sum::talk) == 2 * 60);
    CHECK(seconds_in(r, nine + 1, report::Sum::talk) == 15 * 60);
    CHECK(seconds_in(r, nine + 2, report::Sum::talk) == 15 * 60);
    CHECK(seconds_in(r, nine + 3, report::Sum::talk) == 8 * 60);
    CHECK(seconds_in(r, nine + 3, report::Sum::wrap) == 7 * 60);
    CHECK(seconds_in(r, nine + 4, report::Sum::logged_in) == 0);
    const auto halves = file.report(local_day(11, 23), local_day(11, 23), 30min);
    CHECK(halves.intervals.size() == 48);
    CHECK(seconds_in(halves, nine / 2, report::Sum::talk) == 17 * 60);
    CHECK(seconds_in(halves, nine / 2 + 1, report::Sum::talk) == 23 * 60);
}

TEST_CASE("intervals: a call over midnight is counted once, its times on both days", "[report]") {
    LedgerFile file;
    auto agent = file.shift(utc(11, 22, 22), "101");
    agent.stay("ready", 58min, "offer_made").in("support").stay("reserved", 4min, "agent_answered");
    agent.stay("talking", 10min, "caller_left").in("").stay("ready", 1min, "agent_logged_out");
    auto caller = file.caller(utc(11, 22, 22, 57), "support");
    caller.stay("setup", 1min, "queue_entered").stay("queued", 1min, "offer_made").at("101");
    caller.stay("ringing", 3min, "agent_answered");
    caller.stay("talking", 10min, "caller_left", Outcome::completed);
    file.save(GENERATE(true, false));  // without the indexes the same, only slower

    const auto first = file.report(local_day(11, 22), local_day(11, 22));
    const auto second = file.report(local_day(11, 23), local_day(11, 23));
    CHECK(figure(first, "offered") == "1");
    CHECK(figure(first, "asa") == "240.000000");
    CHECK(figure(first, "ring") == "120.000000");
    CHECK(figure(first, "talk") == "0.000000");
    CHECK(figure(second, "offered") == "0");
    CHECK(figure(second, "ring") == "120.000000");
    CHECK(figure(second, "talk") == "600.000000");
    const auto both = file.report(local_day(11, 22), local_day(11, 23));
    CHECK(both.intervals.size() == 2);
    CHECK(figure(both, "offered") == "1");
    CHECK(figure(both, "ring") == "240.000000");
    CHECK(figure(both, "aht") == "600.000000");

    Question by_end;
    by_end.from = by_end.to = local_day(11, 23);
    by_end.by = CountBy::end;
    CHECK(figure(file.report(by_end), "offered") == "1");
    CHECK(figure(file.report(by_end), "asa") == "240.000000");
}

TEST_CASE("intervals: what began long before reaches into the day", "[report]") {
    LedgerFile file;
    auto agent = file.shift(utc(11, 20, 15), "101");
    agent.because("weekend").stay("not_ready", hours{63}, "agent_readied");
    // A caller who talks for five hours over midnight.
    auto caller = file.caller(utc(11, 21, 20), "support");
    caller.stay("setup", 0s, "queue_entered").stay("queued", 5s, "offer_made").at("101");
    caller.stay("ringing", 5s, "agent_answered").stay("talking", hours{5}, "agent_held");
    caller.stay("held", 1min, "caller_left", Outcome::abandoned_on_hold);
    file.save();
    const auto sunday = file.report(local_day(11, 22), local_day(11, 22));
    CHECK(figure(sunday, "not_ready") == "86400.000000");
    CHECK(figure(sunday, "offered") == "0");
    const auto saturday = file.report(local_day(11, 21), local_day(11, 21));
    CHECK(figure(saturday, "offered") == "1");
    CHECK(figure(saturday, "abandoned_on_hold") == "1");
    Question by_end;
    by_end.from = by_end.to = local_day(11, 22);
    by_end.by = CountBy::end;
    CHECK(figure(file.report(by_end), "offered") == "1");
}

TEST_CASE("intervals: a day has 92, 96 or 100 quarters", "[report]") {
    struct Case {
        int month, day;
        std::size_t quarters;
        const char *begin, *end;
    };
    const auto c =
        GENERATE(Case{3, 28, 96, "2026-03-28T00:00:00+01:00", "2026-03-29T00:00:00+01:00"},
                 Case{3, 29, 92, "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"},
                 Case{3, 30, 96, "2026-03-30T00:00:00+02:00", "2026-03-31T00:00:00+02:00"},
                 Case{10, 24, 96, "2026-10-24T00:00:00+02:00", "2026-10-25T00:00:00+02:00"},
                 Case{10, 25, 100, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"},
                 Case{10, 26, 96, "2026-10-26T00:00:00+01:00", "2026-10-27T00:00:00+01:00"});
    const bool indexes = GENERATE(true, false);
    CAPTURE(c.month, c.day, indexes);
    LedgerFile file;
    // Nobody calls at night: the rows alone do not tell when the clock was changed.
    for (int d = -2; d <= 2; ++d)
        for (const int hour : {7, 12, 18})
            file.answered(utc(c.month, c.day + d, hour), 10s, 60s);
    auto agent = file.shift(utc(c.month, c.day, 7) - hours{24}, "101");
    agent.stay("ready", hours{48}, "agent_logged_out");
    file.save(indexes);
    const auto quarters = file.report(local_day(c.month, c.day), local_day(c.month, c.day), 15min);
    REQUIRE(quarters.intervals.size() == c.quarters);
    CHECK(quarters.calendar.text_of(quarters.intervals.front().begin) == c.begin);
    CHECK(quarters.calendar.text_of(quarters.intervals.back().end) == c.end);
    CHECK(figure(quarters, "offered") == "3");
    CHECK(figure(quarters, "logged_in") == std::to_string(c.quarters * 900) + ".000000");
    const auto halves = file.report(local_day(c.month, c.day), local_day(c.month, c.day), 30min);
    CHECK(halves.intervals.size() == c.quarters / 2);
}

TEST_CASE("intervals: the hour that comes twice is told apart", "[report]") {
    LedgerFile file;
    file.answered(utc(10, 25, 0, 20), 10s, 60s);  // 02:20 of summer
    file.answered(utc(10, 25, 1, 20), 10s, 60s);  // 02:20 of winter
    file.save();
    const auto r = file.report(local_day(10, 25), local_day(10, 25), 15min);
    CHECK(where(r, report::Sum::offered) == "2026-10-25T02:15:00+02:00 2026-10-25T02:15:00+01:00 ");
    CHECK(r.intervals.size() == 100);
}

TEST_CASE("intervals: the worst quarter and those that met the goal", "[report]") {
    LedgerFile file;
    for (int i = 0; i < 10; ++i) {
        file.answered(utc(11, 23, 8, 0, i), i < 8 ? 10s : 30s, 60s);   // 8 of 10
        file.answered(utc(11, 23, 8, 15, i), i < 4 ? 10s : 30s, 60s);  // 4 of 10
        file.answered(utc(11, 23, 9, 0, i), 10s, 60s);
    }
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "sl2") == "0.733333");
    CHECK(figure(r, "sl_worst") == "0.400000");
    CHECK(figure(r, "sl_met") == "0.666667");
}
