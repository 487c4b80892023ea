// The wall clock in virtual time: it is set by seconds and days, summer time comes and goes, a
// second is inserted. Labels follow; no duration does.
#include "sim/world.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sim;

namespace {

struct Step {
    const char* what;
    Micros by;                     ///< The clock is set by so much.
    std::int32_t offset_s = 3600;  ///< Local time afterwards.
    bool is_foreseen = false;      ///< As changes of a zone are, in the anchor before.
};

const WallInstant morning{std::chrono::seconds{1'795'510'800}};

/// Half an hour with calls, holds and log-outs; after each ten minutes the clock is set.
std::vector<acd::LedgerRow> half_hour(const Step& step) {
    World w{3, centre(3)};
    WallAnchor anchor{Instant{3600s}, morning, 3600};
    if (step.is_foreseen) {
        anchor.offset_until = morning + 10min;
        anchor.next_utc_offset_s = step.offset_s;
    }
    w.anchor(anchor);
    w.run(1s);
    for (std::size_t i = 0; i < 3; ++i)
        w.log_in(i);
    for (int minute = 0; minute < 30; ++minute) {
        if (minute == 10 || minute == 20) {
            anchor = {w.now, wall_of(anchor, w.now) + step.by, step.offset_s};
            w.anchor(anchor);
        }
        w.carrier->call_in("0301234567", "100", {}, w.now);
        w.run(20s);
        w.carrier->call_in("0307654321", "100", {}, w.now);
        w.run(40s);
    }
    w.close();
    return w.checks().all_rows();
}

/// All but what the wall clock says.
std::string without_labels(const acd::LedgerRow& row) {
    if (const auto* s = std::get_if<acd::SegmentClosed>(&row.what))
        return fmt::format("{} {} {} {} {} {} {} {} {} {} {}",
                           row.row,
                           s->lane_kind == acd::LaneKind::caller,
                           s->number,
                           s->kind,
                           s->ended_by,
                           s->agent,
                           s->queue,
                           s->reason,
                           s->began.time_since_epoch().count(),
                           s->ended.time_since_epoch().count(),
                           static_cast<int>(s->outcome));
    return fmt::format("{} {}", row.row, row.what.index());
}

}  // namespace

TEST_CASE("clock: whatever the wall clock does, durations stay", "[sim]") {
    const auto calm = half_hour({"nothing", 0s});
    REQUIRE(calm.size() > 200);
    for (const Step& step : {Step{"a second on", 1s},
                             Step{"a second back", -1s},
                             Step{"an inserted second", -1s},
                             Step{"an hour on", 1h},
                             Step{"an hour back", -1h},
                             Step{"a day on", 24h},
                             Step{"a day back", -24h},
                             Step{"summer time begins", 0s, 7200, true},
                             Step{"summer time ends", 0s, 0, true}}) {
        CAPTURE(step.what);
        const auto rows = half_hour(step);
        REQUIRE(rows.size() == calm.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            REQUIRE(without_labels(rows[i]) == without_labels(calm[i]));
    }
}

TEST_CASE("clock: a segment has the label that the clock gave it when it began", "[sim]") {
    for (const Step& step : {Step{"a day back", -24h},
                             Step{"an hour on", 1h},
                             Step{"summer time begins", 0s, 7200, true},
                             Step{"summer time ends", 0s, 0, true}}) {
        CAPTURE(step.what);
        std::size_t across = 0;
        for (const auto& row : half_hour(step)) {
            const auto* s = std::get_if<acd::SegmentClosed>(&row.what);
            if (s == nullptr) continue;
            const Micros since = s->began - Instant{3600s};
            const int steps = since < 10min + 1s ? 0 : since < 20min + 1s ? 1 : 2;
            const auto expected = morning + since + steps * step.by;
            CHECK(s->stamp.utc == expected);
            CHECK(s->stamp.utc_offset_s == (steps == 0 ? 3600 : step.offset_s));
            const Micros until = s->ended - Instant{3600s};
            across += since < 10min + 1s && until > 10min + 1s ? 1 : 0;
        }
        CHECK(across > 0);  // some segments were open when the clock was set
    }
}

TEST_CASE("clock: the machine sleeps, and time has passed all the same", "[sim]") {
    const Micros sleep = GENERATE(Micros{10s}, Micros{2min}, Micros{10min});
    CAPTURE(sleep.count());
    auto settings = centre(4);
    settings.floor.queues[0].wrap_up = 15s;
    World w{17, settings};
    const WallAnchor anchor{Instant{3600s}, morning, 3600};
    w.anchor(anchor);
    const peers::Manner manners[] = {{.talks_for = 0s},
                                     {.talks_for = 0s, .holds_after = 1s, .holds_for = 3600s},
                                     {.talks_for = 4s},
                                     {.answers = false}};
    w.run(1s);
    for (std::size_t i = 0; i < 4; ++i) {
        w.phones[i]->decide = [manner = manners[i]](Random&) { return manner; };
        w.log_in(i);
        w.carrier->call_in("030123456" + std::to_string(i), "100", {.hangs_up_after = 0s}, w.now);
        w.run(100ms);
    }
    w.carrier->call_in("0307654321", "100", {.hangs_up_after = 0s}, w.now);
    w.run(8s);
    const std::vector<std::string> before{"talking", "held", "wrapping", "ringing"};
    for (std::size_t i = 0; i < 4; ++i)
        REQUIRE(w.agent_state(i) == before[i]);
    w.phones[2]->decide = [](Random&) { return peers::Manner{.talks_for = 0s}; };
    const Instant asleep = w.now;
    w.suspend(sleep);
    w.anchor({w.now, wall_of(anchor, w.now), 3600});  // the kernel tells that it has woken up
    w.run(2s);
    CHECK(w.agent_state(0) == "talking");
    CHECK(w.agent_state(1) == "held");
    w.phones[2]->switch_on(w.now);  // its registration has run out meanwhile
    w.run(30s);
    CHECK(w.agent_state(2) == "talking");  // with the one who waited
    w.close();
    std::size_t across = 0;
    for (const auto& row : w.checks().all_rows()) {
        const auto* s = std::get_if<acd::SegmentClosed>(&row.what);
        if (s == nullptr) continue;
        CHECK(s->stamp.utc == wall_of(anchor, s->began));
        across += s->began < asleep && s->ended >= asleep + sleep ? 1 : 0;
    }
    CHECK(across >= 4);  // both sides of the talk and of the hold, at least
}
