// The day's figures of a life that has no journal: asked for, added, and asked for again.
#include "engine/engine.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

using namespace holdfast;
using namespace holdfast::engine;

namespace {

constexpr WallInstant half_past_two{std::chrono::seconds{1'795'530'600}};  // 2026-11-24, Berlin
constexpr WallInstant midnight{std::chrono::seconds{1'795'474'800}};       // of Berlin

Settings one_queue() {
    Settings s;
    s.floor.queues.resize(1);
    s.floor.queues[0].name = "support";
    s.wallboards.boards = {{"wall", "holdfast", "/dev/ttyS0"}};
    return s;
}

/// One life of the engine and the journal that it leaves.
struct Life {
    Engine engine{one_queue()};
    std::map<std::pair<std::uint8_t, std::uint64_t>, std::string> journal;
    std::optional<RecountToday> asked;
    std::optional<wallboard::Figures> shown;
    Instant now{1000s};

    explicit Life(const Life* before = nullptr) {
        Started s;
        s.secret = std::string(32, 'k');
        s.anchor = {now, half_past_two, 3600};
        s.ledger_row = 77;
        if (before != nullptr) journal = before->journal;
        for (const auto& [key, bytes] : journal)
            s.records.push_back({key.first, key.second, bytes});
        take(s);
    }
    void take(const Input& input) {
        engine.take(input, now, now);
        for (auto& effect : engine.take_effects()) {
            if (auto* persist = std::get_if<Persist>(&effect))
                journal[{persist->kind, persist->id}] = persist->bytes;
            if (auto* forget = std::get_if<Forget>(&effect))
                journal.erase({forget->kind, forget->id});
            if (auto* recount = std::get_if<RecountToday>(&effect)) asked = *recount;
            if (auto* figures = std::get_if<ShowFigures>(&effect)) shown = figures->figures;
        }
    }
    /// Somebody sets the clock.
    void set_clock(WallInstant wall) {
        now += 1s;
        asked.reset();
        take(ClockAnchored{{now, wall, 3600}});
    }
    const wallboard::ScopeFigures& figures() {
        now += 1s;
        take(Ticked{});
        return shown.value().scopes[1];
    }
};

TodayRecounted counted(std::int64_t day) {
    acd::QueueToday today;
    today.offered = 50;
    today.answered = 40;
    today.answered_in_target = 30;
    today.abandoned = 10;
    return {day, {{QueueId{1}, today}}, {}};
}

}  // namespace

TEST_CASE("engine: without a journal the day's figures come from the ledger", "[engine]") {
    Life first;
    REQUIRE(first.asked);
    CHECK(first.asked->from == midnight);
    CHECK(first.asked->until == half_past_two);
    CHECK(first.asked->up_to_row == 77);
    CHECK(first.figures().answered == 0);

    Life second{&first};  // killed before the answer came
    REQUIRE(second.asked);
    CHECK(second.asked->until == first.asked->until);
    second.take(counted(second.asked->local_day));
    CHECK(second.figures().answered == 40);
    CHECK(second.figures().answered_in_target == 30);
    CHECK(second.shown->scopes[0].offered == 50);
    CHECK(second.figures().recent == 0);  // it is of the day, not of the last minutes

    Life third{&second};
    CHECK_FALSE(third.asked);
    CHECK(third.figures().answered == 40);
}

TEST_CASE("engine: what was counted of a day that is over is left out", "[engine]") {
    Life life;
    life.take(counted(life.asked.value().local_day - 1));
    CHECK(life.figures().answered == 0);
}

TEST_CASE("engine: who sets the clock to another day sees that day's figures", "[engine]") {
    constexpr std::chrono::days day{1};
    Life life;
    life.take(counted(life.asked.value().local_day));
    for (const auto& [by, answered] :
         {std::pair{day, 0}, std::pair{-day, 7}, std::pair{0 * day, 40}}) {
        life.set_clock(half_past_two + by);
        REQUIRE(life.asked);
        CHECK(life.asked->from == midnight + by);
        CHECK(life.asked->until == half_past_two + by);
        CHECK(life.asked->up_to_row == 77);
        CHECK(life.figures().answered == 0);
        auto day_s = counted(life.asked->local_day);
        day_s.queues[0].today.answered = static_cast<std::uint64_t>(answered);
        life.take(day_s);
        CHECK(life.figures().answered == static_cast<std::uint64_t>(answered));
        CHECK(life.figures().recent == 0);
    }
    life.set_clock(half_past_two + 1h);  // the same day
    CHECK_FALSE(life.asked);
    CHECK(life.figures().answered == 40);

    // Midnight that comes by itself begins with nothing, and asks for nothing.
    life.set_clock(midnight + day - 2s);
    life.now += 3s;
    life.take(ClockAnchored{{life.now, midnight + day + 1s, 3600}});
    CHECK_FALSE(life.asked);
    CHECK(life.figures().answered == 0);
}
