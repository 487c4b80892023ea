// The numbers are published ones, or agree between two ways of computing them.
#include "report/staffing.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace holdfast::report;

namespace {

/// As many calls an hour, each of so many seconds; times are in seconds then.
Demand calls(double an_hour, double length_s) {
    return {an_hour / 3600, 1 / length_s};
}

/// Equal in the digits given.
Approx near(double value, double margin) {
    return Approx(value).margin(margin).epsilon(0);
}

}  // namespace

TEST_CASE("staffing: Erlang B and C of textbooks", "[report]") {
    CHECK(erlang_b(0, 5) == 1);
    CHECK(erlang_b(1, 1) == near(0.5, 1e-12));
    CHECK(erlang_c(2, {1, 1}).waits == near(1.0 / 3, 1e-12));
    CHECK(erlang_c(5, {4, 1}).waits == near(0.5541125541, 1e-10));
}

TEST_CASE("staffing: worked examples of Erlang C", "[report]") {
    struct Case {
        double an_hour, length, target;
        std::uint32_t agents;
        double waits, mean_wait, level;
    };
    const auto c = GENERATE(Case{200, 180, 20, 14, 0.17413, 7.836, 0.8884},
                            Case{200, 180, 20, 13, 0.2853, 17.12, 0.7956},
                            Case{200, 180, 20, 15, 0.1020, 3.67, 0.9415},
                            Case{720, 240, 15, 55, 0.2387, 8.184, 0.8459});
    const auto result = erlang_c(c.agents, calls(c.an_hour, c.length));
    CHECK(result.waits == near(c.waits, 1e-4));
    CHECK(result.mean_wait == near(c.mean_wait, 6e-3));
    CHECK(result.service_level(c.target) == near(c.level, 1e-4));
}

TEST_CASE("staffing: occupancy, and the load of a hundred agents", "[report]") {
    CHECK(erlang_c(14, calls(200, 180)).occupancy == near(0.714, 5e-4));
    CHECK(erlang_c(55, calls(720, 240)).occupancy == near(0.873, 5e-4));
    struct Case {
        double an_hour, no_wait, mean_wait, occupancy;
    };
    const auto c = GENERATE(Case{1400, 0.869, 2.4, 0.875},
                            Case{1550, 0.335, 47.9, 0.969},
                            Case{1580, 0.145, 153.9, 0.988},
                            Case{1585, 0.110, 213.6, 0.991});
    const auto result = erlang_c(100, calls(c.an_hour, 225));
    CHECK(1 - result.waits == near(c.no_wait, 6e-4));
    CHECK(result.mean_wait == near(c.mean_wait, 0.06));
    CHECK(result.occupancy == near(c.occupancy, 6e-4));
}

TEST_CASE("staffing: the grid of Erlang C", "[report]") {
    struct Case {
        std::uint32_t agents;
        double waits[5];  // at 50, 70, 80, 90, 95 % of their load
    };
    const auto c = GENERATE(Case{1, {.5, .7, .8, .9, .95}},
                            Case{2, {.333333, .576471, .711111, .852632, .925641}},
                            Case{5, {.130371, .377838, .554113, .762493, .877799}},
                            Case{10, {.036105, .221731, .409180, .668732, .825586}},
                            Case{20, {.003731, .093561, .256078, .550769, .755401}},
                            Case{50, {.000007, .011025, .086953, .363864, .629095}},
                            Case{100, {0, .000459, .019646, .216940, .506457}},
                            Case{200, {0, .000001, .001377, .094471, .365264}});
    const double loads[] = {.5, .7, .8, .9, .95};
    for (std::size_t i = 0; i < 5; ++i)
        CHECK(erlang_c(c.agents, {loads[i] * c.agents, 1}).waits == near(c.waits[i], 5.1e-7));
}

TEST_CASE("staffing: with and without patience", "[report]") {
    // Per minute: 48 calls, one each, 50 agents; callers give up after two minutes on average.
    const Demand demand{48, 1};
    const auto c = erlang_c(50, demand);
    CHECK(c.waits == near(0.69446, 1e-5));
    CHECK(c.mean_wait * 60 == near(20.83, 5e-3));
    CHECK(c.service_level(20.0 / 60) == near(0.6435, 1e-4));
    CHECK(c.queue == near(16.67, 5e-3));
    CHECK(c.wait_of_share(0.9) * 60 == near(58.1, 0.06));
    const auto a = erlang_a(50, demand, 0.5, 20.0 / 60);
    CHECK(a.waits == near(0.46777, 1e-5));
    CHECK(a.mean_wait * 60 == near(3.709, 1e-3));
    CHECK(a.served_in_target == near(0.9430, 1e-4));
    CHECK(a.abandoned_in_target == near(0.0298, 1e-4));
    CHECK(a.abandons == near(0.030912, 1e-6));
    CHECK(a.utilisation == near(0.9303, 1e-4));
    CHECK(a.queue == near(2.968, 1e-3));
}

TEST_CASE("staffing: Erlang A", "[report]") {
    struct Case {
        double patience;
        std::uint32_t agents;
        double waits, mean_wait, abandons;
    };
    const auto c = GENERATE(Case{1, 100, 0.513299, 0.039861, 0.039861},
                            Case{.5, 100, 0.596703, 0.066060, 0.033030},
                            Case{.25, 90, 0.984428, 0.403362, 0.100841});
    const auto a = erlang_a(c.agents, {100, 1}, c.patience, 1);
    CHECK(a.waits == near(c.waits, 1e-6));
    CHECK(a.mean_wait == near(c.mean_wait, 1e-6));
    CHECK(a.abandons == near(c.abandons, 1e-6));
}

TEST_CASE("staffing: the agents that are needed", "[report]") {
    CHECK(agents_needed(calls(200, 180), 20, 0.80) == 14);
    CHECK(agents_needed(calls(200, 180), 20, 0.79) == 13);
    CHECK(agents_needed(calls(200, 180), 20, 0.94) == 15);
    CHECK(erlang_c(9, calls(200, 180)).service_level(20) == 0);
    CHECK(std::isinf(erlang_c(9, calls(200, 180)).mean_wait));
}
