#include "report/report.hpp"

#include "report/machine_forms.hpp"
#include "unit/report/ledger_fixture.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::test;
using acd::Outcome;
using report::CountBy;
using report::Question;
using report::Sum;
using enum report::Subject::Kind;

TEST_CASE("report: the published example of service level", "[report]") {
    // Cisco ICM: 70 answered and 10 abandoned within the threshold, 20 others, 100 offered.
    LedgerFile file;
    const auto nine = utc(11, 23, 8);
    for (int i = 0; i < 70; ++i)
        file.answered(nine + seconds{i}, i == 0 ? 20s : 10s, 60s);
    for (int i = 0; i < 10; ++i)
        file.abandoned(nine + seconds{i}, i < 4 ? 5s : 6s);
    for (int i = 0; i < 12; ++i)
        file.answered(nine + seconds{i}, 20s + 1us, 60s);
    for (int i = 0; i < 8; ++i)
        file.abandoned(nine + seconds{i}, 40s);
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "offered") == "100");
    CHECK(figure(r, "sl1") == "0.777778");
    CHECK(figure(r, "sl2") == "0.700000");
    CHECK(figure(r, "sl3") == "0.800000");
    CHECK(figure(r, "sl4") == "0.853659");  // 70 / 82
    CHECK(figure(r, "sl5") == "0.729167");  // 70 / (100 - 4)
    CHECK(figure(r, "sl2", queue, "support") == "0.700000");
    CHECK(figure(r, "ab1") == "0.180000");
    CHECK(figure(r, "ab2") == "0.145833");  // (18 - 4) / (100 - 4)
    CHECK(figure(r, "ab3") == "0.180000");
    CHECK(figure(r, "longest_wait") == "40.000000");
    // (69 * 10 + 20 + 12 * 20.000001) / 82; (4 * 5 + 6 * 6 + 8 * 40) / 18.
    CHECK(figure(r, "asa") == "11.585366");
    CHECK(figure(r, "wait_abandoned") == "20.888889");
    CHECK(figure(r, "wait_all") == "13.260000");
}

TEST_CASE("report: an empty ledger", "[report]") {
    LedgerFile file;
    file.save();
    const auto r = file.report();
    CHECK(r.intervals.empty());
    CHECK(r.subjects.empty());
    CHECK(report::csv_of(r).find("\r\n") == report::csv_of(r).size() - 2);
    CHECK(report::json_of(r).find("\"rows\":[]") != std::string::npos);
    // A day that was asked for is there, with nothing to count.
    const auto asked = file.report(local_day(11, 23), local_day(11, 23));
    CHECK(figure(asked, "offered") == "0");
    CHECK(figure(asked, "sl2") == "-");
    CHECK(figure(asked, "transfer_rate") == "-");
    CHECK(figure(asked, "wrap_codes") == "not measured");
}

TEST_CASE("report: one abandoned call", "[report]") {
    LedgerFile file;
    file.abandoned(utc(11, 23, 8), 30s);
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "offered") == "1");
    CHECK(figure(r, "sl2") == "0.000000");
    CHECK(figure(r, "sl4") == "-");  // nobody was answered: not 0, not 100 %
    CHECK(figure(r, "asa") == "-");
    CHECK(figure(r, "aht") == "-");
    CHECK(figure(r, "ab1") == "1.000000");
    CHECK(figure(r, "abandoned_queued") == "1");
    CHECK(figure(r, "occupancy") == "-");
    CHECK(figure(r, "occupancy", queue, "support") == "not measured");
    CHECK(figure(r, "fcr_1d") == "-");  // not a day old yet
}

TEST_CASE("report: an offer that was missed is part of the same visit", "[report]") {
    LedgerFile file;
    auto agent = file.shift(utc(11, 23, 8), "101");
    auto caller = file.caller(utc(11, 23, 8), "support");
    caller.stay("setup", 0s, "queue_entered").stay("queued", 10s, "offer_made").at("101");
    caller.stay("ringing", 15s, "offer_missed").at("").stay("queued", 2s, "offer_made").at("102");
    caller.stay("ringing", 3s, "agent_answered");
    caller.stay("talking", 60s, "caller_left", Outcome::completed);
    agent.stay("ready", 10s, "offer_made").in("support").stay("reserved", 1s, "phone_rang");
    agent.stay("ringing", 14s, "offer_missed").in("").because("rona").stay("not_ready", 95s, "x");
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "offered") == "1");
    CHECK(figure(r, "asa") == "30.000000");
    CHECK(figure(r, "asa_queued") == "12.000000");
    CHECK(figure(r, "asa", report::Subject::Kind::agent, "102") == "30.000000");
    CHECK(figure(r, "handled", report::Subject::Kind::agent, "101") == "0");
    CHECK(figure(r, "offers", report::Subject::Kind::agent, "101") == "1");
    CHECK(figure(r, "rona_rate", report::Subject::Kind::agent, "101") == "1.000000");
    CHECK(figure(r, "ring", report::Subject::Kind::agent, "101") == "15.000000");
    CHECK(subject(r, report::Subject::Kind::agent, "101").total.not_ready_by_reason.at("rona") ==
          95'000'000);
}

TEST_CASE("report: a held call", "[report]") {
    LedgerFile file;
    auto agent = file.shift(utc(11, 23, 8), "101");
    agent.stay("ready", 60s, "offer_made").in("support").stay("reserved", 4s, "agent_answered");
    agent.stay("talking", 100s, "agent_held").stay("held", 40s, "agent_resumed");
    agent.stay("talking", 50s, "agent_held").stay("held", 10s, "caller_left");
    agent.stay("wrapping", 36s, "wrap_limit").in("").stay("ready", 60s, "agent_logged_out");
    auto caller = file.caller(utc(11, 23, 8, 0, 58), "support");
    caller.stay("setup", 2s, "queue_entered").stay("queued", 0s, "offer_made").at("101");
    caller.stay("ringing", 4s, "agent_answered").stay("talking", 100s, "agent_held");
    caller.stay("held", 40s, "agent_resumed").stay("talking", 50s, "agent_held");
    caller.stay("held", 10s, "caller_left", Outcome::abandoned_on_hold);
    file.save();
    const auto r = file.report();
    for (const auto& [kind, name] : {std::pair{all, ""},
                                     std::pair{queue, "support"},
                                     std::pair{report::Subject::Kind::agent, "101"}}) {
        CHECK(figure(r, "handled", kind, name) == "1");
        CHECK(figure(r, "aht", kind, name) == "236.000000");
        CHECK(figure(r, "aht_ring", kind, name) == "240.000000");
        CHECK(figure(r, "hold_ratio", kind, name) == "0.250000");
        CHECK(figure(r, "holds_per_call", kind, name) == "2.000000");
        CHECK(figure(r, "longest_hold", kind, name) == "40.000000");
        CHECK(figure(r, "hold_abandonment", kind, name) == "1.000000");
    }
    CHECK(figure(r, "occupancy") == "0.655556");       // 236 / (236 + 4 + 120)
    CHECK(figure(r, "occupancy_ring") == "0.666667");  // 240 / 360
    CHECK(figure(r, "utilisation") == "0.655556");
    CHECK(figure(r, "logged_in") == "360.000000");
}
