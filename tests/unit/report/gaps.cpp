// Times in which the daemon was dead: shown, by queue, agent and interval, and taken from nothing.
#include "report/machine_forms.hpp"
#include "unit/report/ledger_fixture.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::test;
using acd::Outcome;
using enum report::Subject::Kind;

namespace {

Instant boot(WallInstant at) {
    return Instant{at.time_since_epoch()};
}

/// An agent's shift, and a caller's journey until it is answered and over. The daemon is dead for
/// two minutes around 09:15 local time, in the middle of the wait, and for one second in the talk.
class Deaths : public LedgerFile {
public:
    Deaths() {
        const auto nine = utc(11, 23, 8);
        auto agent = shift(nine, "101");
        agent.stay("ready", 16min, "offer_made").in("support").stay("reserved", 0s, "phone_rang");
        auto waiting = caller(nine + 10min, "support");
        waiting.stay("setup", 0s, "queue_entered");
        dies(agent, waiting, nine + 14min, 2min);
        waiting.stay("queued", 6min, "offer_made").at("101").stay("ringing", 10s, "agent_answered");
        agent.stay("ringing", 10s, "agent_answered");
        dies(agent, waiting, nine + 17min, 1s);
        waiting.stay("talking", 5min, "caller_left", Outcome::completed);
        agent.stay("talking", 5min, "caller_left").stay("wrapping", 15s, "wrap_limit");
        agent.in("").stay("ready", 1h, "agent_logged_out");
    }
    /// What the raw rows say, by SQL of the test's own: us.
    std::int64_t raw(const std::string& condition) const {
        SQLite::Database db{path(), SQLite::OPEN_READONLY};
        return db
            .execAndGet(
                "SELECT coalesce(sum(min(m.ended_us, s.ended_us) - max(m.began_us, "
                "s.began_us)), 0) FROM mark m JOIN segment s ON s.lane = m.lane AND "
                "s.began_us < m.ended_us AND s.ended_us > m.began_us WHERE m.kind = "
                "'degraded' AND " +
                condition)
            .getInt64();
    }

private:
    void dies(const LaneWriter& agent, const LaneWriter& waiting, WallInstant at, Micros for_) {
        for (const auto& lane : {agent.id(), waiting.id()})
            add(acd::MarkClosed{lane, "degraded", boot(at), boot(at + for_)});
        add(acd::MarkClosed{waiting.id(), "held_by_caller", boot(at), boot(at + 1min)});
    }
};

}  // namespace

TEST_CASE("gaps: the time without a daemon is shown, and is part of all others", "[report]") {
    Deaths file;
    file.save(GENERATE(true, false));
    const auto r = file.report();
    CHECK(figure(r, "degraded_callers") == "121.000000");
    CHECK(figure(r, "degraded_callers", queue, "support") == "121.000000");
    CHECK(figure(r, "degraded_callers", agent, "101") == "not measured");
    CHECK(figure(r, "degraded_agents") == "121.000000");
    CHECK(figure(r, "degraded_agents", agent, "101") == "121.000000");
    CHECK(figure(r, "degraded_agents", queue, "support") == "1.000000");  // of its talk
    CHECK(figure(r, "asa") == "370.000000");
    CHECK(figure(r, "talk") == "300.000000");
    CHECK(file.raw("s.lane_kind = 'caller' AND s.queue = 'support'") == 121'000'000);
    CHECK(file.raw("s.lane_kind = 'agent' AND s.agent = '101'") == 121'000'000);
}

TEST_CASE("gaps: they are split where intervals end", "[report]") {
    Deaths file;
    file.save();
    const auto r = file.report(local_day(11, 23), local_day(11, 23), 15min);
    std::vector<std::int64_t> callers, agents;
    for (const auto& [i, totals] : subject(r, all).intervals) {
        callers.push_back(totals[report::Sum::degraded_callers]);
        agents.push_back(totals[report::Sum::degraded_agents]);
    }
    callers.resize(2);
    agents.resize(2);
    CHECK(callers == std::vector<std::int64_t>{60'000'000, 61'000'000});
    CHECK(agents == callers);
    CHECK(report::csv_of(r).find("degraded_callers") != std::string::npos);
    CHECK(report::json_of(r).find("degraded_agents") != std::string::npos);
}
