// Silence while nobody holds, from the ledger's marks.
#include "unit/report/ledger_fixture.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::test;
using acd::Outcome;
using enum report::Subject::Kind;

namespace {

/// Answered at `at` by 101 after a wait of 10 s.
LaneWriter connected(LedgerFile& file, WallInstant at) {
    auto caller = file.caller(at, "support");
    caller.stay("setup", 0s, "queue_entered").stay("queued", 10s, "offer_made").at("101");
    return caller.stay("ringing", 0s, "agent_answered");
}

}  // namespace

TEST_CASE("voices: hold compliance is of calls that were listened to", "[report]") {
    LedgerFile file;
    auto heard = connected(file, utc(11, 23, 8));
    heard.mark("dead_air", 20s, 30s).mark("customer_working", 60s, 15s);
    heard.mark("voice_measured", 1s, 99s).stay("talking", 100s, "agent_held");
    heard.stay("held", 90s, "agent_resumed");
    heard.mark("voice_measured", 0s, 50s).stay("talking", 50s, "caller_left", Outcome::completed);
    auto unheard = connected(file, utc(11, 23, 9));
    unheard.stay("talking", 300s, "agent_held").because("research");
    unheard.stay("held", 200s, "caller_left", Outcome::abandoned_on_hold);
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "hold_compliance") == "0.750000");
    CHECK(figure(r, "hold_compliance", queue, "support") == "0.750000");
    CHECK(figure(r, "hold_compliance", agent, "101") == "0.750000");
    CHECK(figure(r, "dead_air", agent, "101") == "30.000000");
    CHECK(figure(r, "dead_air_share") == "0.201342");  // 30 of 149 s
    CHECK(figure(r, "customer_working") == "15.000000");
    CHECK(figure(r, "talks_silent") == "0.500000");  // 30 s in one of two
    CHECK(figure(r, "talks_unheard", queue, "support") == "1");
}

TEST_CASE("voices: nothing measured is not zero", "[report]") {
    const bool listened = GENERATE(false, true);
    LedgerFile file;
    auto caller = connected(file, utc(11, 23, 8));
    if (listened) caller.mark("voice_measured", 0s, 60s);
    caller.stay("talking", 60s, "caller_left", Outcome::completed);
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "dead_air") == (listened ? "0.000000" : "not measured"));
    CHECK(figure(r, "dead_air_share") == (listened ? "0.000000" : "not measured"));
    CHECK(figure(r, "hold_compliance") == (listened ? "-" : "not measured"));
    CHECK(figure(r, "talks_unheard") == (listened ? "0" : "1"));
}

TEST_CASE("voices: a silence is split where quarters of an hour end", "[report]") {
    LedgerFile file;
    auto caller = connected(file, utc(11, 23, 8, 14));
    caller.mark("dead_air", 40s, 30s).mark("voice_measured", 0s, 100s);
    caller.stay("talking", 100s, "caller_left", Outcome::completed);
    file.save();
    report::Question question;
    question.every = minutes{15};
    const auto r = file.report(question);
    const auto& all = subject(r, report::Subject::Kind::all);
    std::vector<std::int64_t> parts;
    for (const auto& [interval, totals] : all.intervals)
        if (totals[report::Sum::dead_air] > 0) parts.push_back(totals[report::Sum::dead_air]);
    CHECK(parts == std::vector<std::int64_t>{10'000'000, 20'000'000});
}

TEST_CASE("voices: a mute stands beside dead air, and is measured where it could be seen",
          "[report]") {
    LedgerFile file;
    auto seen = connected(file, utc(11, 23, 8));
    seen.mark("dead_air", 30s, 20s).mark("muted", 20s, 40s).mark("voice_measured", 0s, 100s);
    seen.stay("talking", 100s, "caller_left", Outcome::completed);
    auto partly = connected(file, utc(11, 23, 9)).at("102");
    partly.mark("mute_unseen", 0s, 60s).mark("voice_measured", 0s, 100s);
    partly.stay("talking", 100s, "caller_left", Outcome::completed);
    auto unseen = connected(file, utc(11, 23, 10)).at("103");
    unseen.mark("mute_unseen", 0s, 100s).mark("voice_measured", 0s, 100s);
    unseen.stay("talking", 100s, "caller_left", Outcome::completed);
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "muted", queue, "support") == "40.000000");
    CHECK(figure(r, "muted_share") == "0.285714");  // 40 of 140 s
    CHECK(figure(r, "dead_air", agent, "101") == "20.000000");
    CHECK(figure(r, "muted", agent, "101") == "40.000000");
    CHECK(figure(r, "muted", agent, "102") == "0.000000");
    CHECK(figure(r, "muted", agent, "103") == "not measured");
    CHECK(figure(r, "dead_air", agent, "103") == "0.000000");
}

TEST_CASE("voices: a hold of which nothing was said is counted", "[report]") {
    LedgerFile file;
    auto shift = file.shift(utc(11, 23, 8), "101").in("support");
    shift.stay("talking", 60s, "agent_held").stay("held", 30s, "agent_resumed");
    shift.stay("talking", 60s, "agent_held");
    shift.because("research").stay("held", 30s, "agent_resumed");
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "holds_unexplained", agent, "101") == "1");
}
