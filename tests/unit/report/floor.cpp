// Random hours on a real floor: what it counted live is what its ledger reports.
#include "report/machine_forms.hpp"
#include "report/today.hpp"
#include "unit/acd/floor_fixture.hpp"
#include "unit/report/ledger_fixture.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using acd::test::Scene;
using report::Sum;
using report::Totals;

namespace {

struct Hours {
    Random r;
    Scene scene;

    explicit Hours(std::uint64_t seed) : r{Random::from(seed)}, scene{settings(r)} {
        scene.log_in_all();
        for (int i = 0; i < 1'500; ++i) {
            step();
            scene.drain();
        }
        for (const auto call : scene.floor.calls())
            scene.floor.caller_left(call, scene.when());
        for (std::uint32_t i = 1; i <= 3; ++i)
            scene.floor.log_out(AgentId{i}, scene.when());
        scene.drain();
    }

    static acd::Settings settings(Random& r) {
        auto s = acd::test::two_queues();
        for (auto& queue : s.queues) {
            queue.strategy =
                r.below(2) == 0 ? acd::Strategy::longest_idle : acd::Strategy::ring_all;
            queue.longest_wait = Micros{std::chrono::seconds{20 + r.below(60)}};
            queue.ring_time = Micros{std::chrono::seconds{5 + r.below(15)}};
            queue.has_greeting = r.below(2) == 0;
            queue.overflow = QueueId{r.below(3)};
            queue.capacity = 2 + r.below(4);
        }
        return s;
    }

    void step() {
        const AgentId agent{1 + r.below(3)};
        const auto offer = scene.offer_to(agent);
        const auto call = scene.floor.agent(agent).call;
        const auto calls = scene.floor.calls();
        const auto any =
            calls.empty() ? CallId{} : calls[r.below(static_cast<std::uint32_t>(calls.size()))];
        auto& floor = scene.floor;
        const auto when = scene.when();
        switch (r.below(18)) {
            case 0:
            case 1:
                scene.arrive(QueueId{1 + r.below(2)});
                return;
            case 2:
                return floor.phone_rang(offer, when);
            case 3:
            case 4:
                return floor.phone_answered(offer, when);
            case 5:
                return floor.phone_refused(offer, 486, when);
            case 6:
                return floor.agent_held(call, when);
            case 7:
                return floor.agent_resumed(call, when);
            case 8:
                return r.below(3) == 0 ? floor.agent_lost(call, when) : void();
            case 9:
                return r.below(2) == 0 ? floor.caller_left(any, when) : void();
            case 10:
                return floor.announcement_ended(any, when);
            case 11:
                floor.device_returned(DeviceId{agent.value}, when);
                return floor.make_ready(agent, when);
            case 12:
                return static_cast<void>(floor.hold_explained(
                    agent, static_cast<acd::HoldReason>(r.below(4)), 0s, when));
            case 13:
            case 14:
                return floor.voice(any,
                                   static_cast<acd::Side>(r.below(2)),
                                   static_cast<acd::Voice>(r.below(3)),
                                   when.at,
                                   when);
            default:
                return scene.pass(Micros{r.below(12'000'000)});
        }
    }

    std::vector<acd::LedgerRow> rows() const {
        std::vector<acd::LedgerRow> rows;
        for (std::uint64_t n = 1; const auto* row = scene.floor.row(n); ++n)
            rows.push_back(*row);
        return rows;
    }
};

Totals totals_of(const report::Report& report, report::Subject::Kind kind, const char* name) {
    for (const auto& subject : report.subjects)
        if (subject.kind == kind && subject.name == name) return subject.total;
    return {};
}

void check_queue(const acd::QueueToday& live, const Totals& totals) {
    const auto same = [&](std::uint64_t count, Sum sum) {
        CAPTURE(text(sum));
        CHECK(static_cast<std::int64_t>(count) == totals[sum]);
    };
    same(live.offered, Sum::offered);
    same(live.answered, Sum::answered);
    same(live.answered_in_target, Sum::answered_in_target);
    same(live.abandoned, Sum::abandoned);
    same(live.short_abandoned, Sum::abandoned_short);
    same(live.diverted_in, Sum::diverted_in);
    same(live.missed_offers, Sum::offers_missed);
    CHECK(live.wait_of_answered.count() == totals[Sum::wait_answered]);
    CHECK(live.longest_wait.count() == totals[report::Most::wait]);
}

void check_agent(const acd::AgentToday& live, const Totals& totals) {
    const auto handled = totals[Sum::answered] + totals[Sum::returned_answered];
    CHECK(static_cast<std::int64_t>(live.handled) == handled);
    CHECK(handled == totals[Sum::offers_answered]);
    CHECK(static_cast<std::int64_t>(live.missed) == totals[Sum::offers_missed]);
    CHECK(static_cast<std::int64_t>(live.rejected) == totals[Sum::offers_refused]);
    CHECK(live.talk.count() == totals[Sum::talk]);
    CHECK(live.hold.count() == totals[Sum::hold]);
    CHECK(live.wrap.count() == totals[Sum::wrap]);
}

void check_same(const acd::QueueToday& live, const report::QueueCounts& c) {
    CHECK(live.offered == c.offered);
    CHECK(live.answered == c.answered);
    CHECK(live.answered_in_target == c.answered_in_target);
    CHECK(live.abandoned == c.abandoned);
    CHECK(live.short_abandoned == c.short_abandoned);
    CHECK(live.refused == c.refused);
    CHECK(live.abandoned_on_hold == c.abandoned_on_hold);
    CHECK(live.diverted_out == c.diverted_out);
    CHECK(live.diverted_in == c.diverted_in);
    CHECK(live.missed_offers == c.missed_offers);
    CHECK(live.wait_of_answered == c.wait_of_answered);
    CHECK(live.longest_wait == c.longest_wait);
    CHECK(live.talk_measured == c.talk_measured);
    CHECK(live.dead_air == c.dead_air);
}

void check_same(const acd::AgentToday& live, const report::AgentCounts& c) {
    CHECK(live.handled == c.handled);
    CHECK(live.missed == c.missed);
    CHECK(live.rejected == c.rejected);
    CHECK(live.holds == c.holds);
    CHECK(live.holds_unexplained == c.holds_unexplained);
    CHECK(live.talk_measured == c.talk_measured);
    CHECK(live.dead_air == c.dead_air);
    CHECK(live.talk == c.talk);
    CHECK(live.hold == c.hold);
    CHECK(live.wrap == c.wrap);
}

/// What a life without a journal counts from the ledger is what the life before had counted.
void check_today(const acd::Floor& floor, const std::string& path) {
    const auto& settings = floor.settings();
    const auto target_of = [&](const std::string& name) {
        const auto it = std::ranges::find(settings.queues, name, &acd::QueueSettings::name);
        REQUIRE(it != settings.queues.end());
        return it->service_level_target;
    };
    auto today =
        report::count_today(path, {WallInstant::min() + 24h, WallInstant::max() - 24h}, target_of);
    INFO((today ? "" : today.error()));
    REQUIRE(today);
    for (std::uint32_t i = 0; i < settings.queues.size(); ++i)
        check_same(floor.today(QueueId{i + 1}), today->queues[settings.queues[i].name]);
    for (std::uint32_t i = 0; i < settings.agents.size(); ++i)
        check_same(floor.today(AgentId{i + 1}), today->agents[settings.agents[i].number]);
}

}  // namespace

TEST_CASE("report: what the floor counted live, whatever the intervals", "[report][floor]") {
    std::int64_t answered = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        const Hours hours{seed};
        const test::Folder folder;
        {
            auto ledger = ledger::Ledger::open(folder / "ledger.db");
            REQUIRE(ledger);
            REQUIRE(ledger->write(hours.rows()));
        }
        report::Question question;
        question.every = std::chrono::minutes{seed % 2 == 0 ? 15 : 24 * 60};
        const auto report = report::make_report(folder / "ledger.db", question);
        REQUIRE(report);
        const auto& floor = hours.scene.floor;
        check_today(floor, folder / "ledger.db");
        using enum report::Subject::Kind;
        check_queue(floor.today(acd::test::support), totals_of(*report, queue, "support"));
        check_queue(floor.today(acd::test::sales), totals_of(*report, queue, "sales"));
        check_agent(floor.today(acd::test::ann), totals_of(*report, agent, "2101"));
        check_agent(floor.today(acd::test::bob), totals_of(*report, agent, "2102"));
        check_agent(floor.today(acd::test::cat), totals_of(*report, agent, "2103"));
        const auto whole = totals_of(*report, all, "");
        CHECK(whole[Sum::offered] == whole[Sum::answered] + whole[Sum::abandoned] +
                                         whole[Sum::diverted_out] + whole[Sum::turned_away]);
        answered += whole[Sum::answered];
    }
    CHECK(answered > 200);  // else it proved little
}
