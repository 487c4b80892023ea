// The pure rules of the room: hours, class of service, routing.
#include "acd/class_of_service.hpp"
#include "acd/hours.hpp"
#include "acd/routing.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace holdfast;
using namespace holdfast::acd;

namespace {
WallInstant utc(int year, unsigned month, unsigned day, int hour, int minute) {
    using namespace std::chrono;
    const sys_days date{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day)};
    return WallInstant{date.time_since_epoch() + hours{hour} + minutes{minute}};
}
}  // namespace

TEST_CASE("hours: spans as people write them", "[acd][hours]") {
    const auto week = parse_span("mo-fr 08:00-18:00");
    REQUIRE(week);
    CHECK(week->weekdays == 0b0011111);
    CHECK(week->from_minute == 480);
    CHECK(week->to_minute == 1080);
    CHECK(parse_span("sa,su 10:00-24:00")->weekdays == 0b1100000);
    CHECK(parse_span("fr-mo 00:00-24:00")->weekdays == 0b1110001);
    CHECK(parse_span("Mo 08:00 - 09:30")->to_minute == 570);
    CHECK(parse_span("xx 08:00-09:00").error() == HoursFault::bad_day);
    CHECK(parse_span("mo").error() == HoursFault::bad_time);
    CHECK(parse_span("mo 8:00-9:00").error() == HoursFault::bad_time);
    CHECK(parse_span("mo 08:60-09:00").error() == HoursFault::bad_time);
    CHECK(parse_span("mo 08:00-24:01").error() == HoursFault::bad_time);
    CHECK(parse_span("mo 09:00-08:00").error() == HoursFault::ends_before_start);
    CHECK(parse_holiday("2026-12-24")->year == 2026);
    CHECK(parse_holiday("02-29"));
    CHECK_FALSE(parse_holiday("2026-02-29"));
    CHECK_FALSE(parse_holiday("13-01"));
    CHECK_FALSE(parse_holiday("tomorrow"));
}

TEST_CASE("hours: local time decides, the end is outside, holidays close", "[acd][hours]") {
    OpeningHours hours{{*parse_span("mo-fr 08:00-18:00")}, {*parse_holiday("12-25")}};
    // 2026-11-24 is a Tuesday.
    CHECK(open_at(hours, utc(2026, 11, 24, 8, 0), 0));
    CHECK_FALSE(open_at(hours, utc(2026, 11, 24, 7, 59), 0));
    CHECK(open_at(hours, utc(2026, 11, 24, 7, 0), 3600));
    CHECK_FALSE(open_at(hours, utc(2026, 11, 24, 17, 0), 3600));
    CHECK(open_at(hours, utc(2026, 11, 24, 17, 59), 0));
    CHECK_FALSE(open_at(hours, utc(2026, 11, 24, 18, 0), 0));
    CHECK_FALSE(open_at(hours, utc(2026, 11, 22, 12, 0), 0));
    CHECK_FALSE(open_at(hours, utc(2026, 12, 25, 12, 0), 0));
    // Sunday 23:30 UTC is Monday 08:30 nine hours east.
    CHECK(open_at(hours, utc(2026, 11, 22, 23, 30), 9 * 3600));
    CHECK(open_at({}, utc(2026, 11, 22, 3, 0), 0));
}

TEST_CASE("class of service: nothing is allowed by default", "[acd][class]") {
    const auto noon = utc(2026, 11, 24, 12, 0);
    CHECK(judge({}, "0301234", {}, noon, 0) == Denial::number);
    ClassOfService c{
        "inland", {"0", "110"}, {"0900", "0137"}, {{*parse_span("mo-fr 08:00-18:00")}, {}}, 2, 3};
    CHECK(judge(c, "0301234", {}, noon, 0) == Denial::none);
    CHECK(judge(c, "0900123", {}, noon, 0) == Denial::number);
    CHECK(judge(c, "+49301234", {}, noon, 0) == Denial::number);
    CHECK(judge(c, "0301234", {}, utc(2026, 11, 22, 12, 0), 0) == Denial::hours);
    CHECK(judge(c, "0301234", {2, 0}, noon, 0) == Denial::concurrent);
    CHECK(judge(c, "0301234", {1, 3}, noon, 0) == Denial::daily);
    c.allowed_prefixes.push_back("09001");
    CHECK(judge(c, "0900123", {}, noon, 0) == Denial::none);
    CHECK(judge(c, "0900223", {}, noon, 0) == Denial::number);
}

namespace {

Instant at(int seconds) {
    return Instant{std::chrono::seconds{seconds}};
}

struct Scene {
    std::map<std::uint32_t, WaitingList> lists;
    std::vector<QueueView> views;
    std::vector<std::vector<AgentId>> serving;
    std::vector<Candidate> candidates;
    Random random = Random::from(1);

    explicit Scene(std::size_t agents) {
        serving.reserve(8);
        for (std::uint32_t i = 0; i < agents; ++i)
            candidates.push_back({AgentId{i + 1}, true, at(static_cast<int>(i)), i});
    }
    void queue(Strategy strategy, std::vector<AgentId> agents) {
        const auto id = static_cast<std::uint32_t>(views.size() + 1);
        serving.push_back(std::move(agents));
        views.push_back({QueueId{id}, strategy, &lists[id], serving.back()});
    }
    void waits(std::uint32_t queue, std::uint32_t call, int entry, bool fresh = true) {
        lists[queue].add({fresh, at(entry), CallId{call}});
    }
    std::vector<Match> matches() { return route(views, candidates, random); }
};

constexpr AgentId a1{1}, a2{2}, a3{3};
constexpr CallId c1{1}, c2{2}, c3{3};

}  // namespace

TEST_CASE("routing: the oldest caller over all queues gets the idlest agent", "[acd][routing]") {
    Scene s{3};
    s.queue(Strategy::longest_idle, {a2, a3});
    s.queue(Strategy::longest_idle, {a1, a2});
    s.waits(1, 1, 50);
    s.waits(2, 2, 40);
    s.waits(2, 3, 60);
    s.candidates[0].idle_since = at(9);
    CHECK(s.matches() == std::vector<Match>{{c2, a2}, {c1, a3}, {c3, a1}});
}

TEST_CASE("routing: who came back from an offer goes first", "[acd][routing]") {
    Scene s{1};
    s.queue(Strategy::longest_idle, {a1});
    s.waits(1, 1, 10);
    s.waits(1, 2, 50, false);
    CHECK(s.matches() == std::vector<Match>{{c2, a1}});
}

TEST_CASE("routing: strategies", "[acd][routing]") {
    Scene s{3};
    SECTION("fewest calls") {
        s.queue(Strategy::fewest_calls, {a1, a2, a3});
        s.candidates[0].handled = 5;
        s.candidates[1].handled = 2;
        s.candidates[2].handled = 2;
        s.waits(1, 1, 1);
        CHECK(s.matches() == std::vector<Match>{{c1, a2}});
    }
    SECTION("fixed order is the settings' order") {
        s.queue(Strategy::fixed_order, {a3, a1, a2});
        s.waits(1, 1, 1);
        CHECK(s.matches() == std::vector<Match>{{c1, a3}});
    }
    SECTION("ring all offers one caller to all the ready") {
        s.queue(Strategy::ring_all, {a1, a2, a3});
        s.candidates[1].ready = false;
        s.waits(1, 1, 1);
        s.waits(1, 2, 2);
        CHECK(s.matches() == std::vector<Match>{{c1, a1}, {c1, a3}});
    }
    SECTION("random reaches everybody") {
        s.queue(Strategy::random, {a1, a2, a3});
        s.waits(1, 1, 1);
        std::map<AgentId, int> met;
        for (int i = 0; i < 300; ++i) {
            for (auto& c : s.candidates)
                c.ready = true;
            ++met[s.matches().front().agent];
        }
        CHECK(met.size() == 3);
        for (const auto& [agent, n] : met)
            CHECK(n > 60);
    }
}

TEST_CASE("routing: nobody ready, nobody offered", "[acd][routing]") {
    Scene s{2};
    s.queue(Strategy::longest_idle, {a1, a2});
    s.waits(1, 1, 1);
    for (auto& c : s.candidates)
        c.ready = false;
    CHECK(s.matches().empty());
}
