// Marks, kind by kind as their table has them: where they may lie, and what the verifier says of
// those that do not.
#include "acd/marks.hpp"

#include "ledger/verify.hpp"
#include "ledger_fixture.hpp"

#include <initializer_list>

using namespace holdfast;
using namespace holdfast::ledger;
using acd::MarkExtent;
using acd::MarkKind;

namespace {

struct Mark {
    MarkKind kind;
    int began, ended;
};

/// Of a journey that waits from 10 to 20 and talks from 20 to 50, with marks before the row of its
/// talk. The first flaw, or empty.
std::string first_flaw(std::initializer_list<Mark> marks, const char* talk = "talking") {
    using enum acd::LaneKind;
    const LedgerFile file;
    acd::JourneyOpened journey;
    journey.journey[0] = 1;
    std::vector<acd::LedgerRow> rows{{1, journey}, segment(2, caller, 1, 1, "queued", 10, 20)};
    for (const auto& [kind, began, ended] : marks) {
        auto mark = acd::mark_of({1}, kind, at(began), at(ended));
        if (kind == MarkKind::digits_masked) mark.digits = 16;
        rows.push_back({rows.size() + 1, mark});
    }
    rows.push_back(segment(rows.size() + 1, caller, 1, 2, talk, 20, 50));
    std::get<acd::SegmentClosed>(rows.back().what).agent.clear();
    rows.push_back(segment(rows.size() + 1, caller, 1, 3, "parked", 50, 60, true));
    {
        auto ledger = Ledger::open(file.path);
        REQUIRE(ledger->write(rows));
    }
    const auto verdict = verify(file.path);
    REQUIRE(verdict);
    return verdict->sentences.empty() ? "" : verdict->sentences.front();
}

constexpr Mark listened{MarkKind::voice_measured, 20, 50};

bool says(const std::string& flaw, const char* part) {
    INFO(flaw);
    return flaw.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("marks: each kind may lie where its rule says", "[ledger]") {
    for (const auto& [kind, extent] : acd::mark_rules) {
        CAPTURE(text(kind));
        const Mark whole{kind, 20, 50};
        const Mark part{kind, 25, 30};
        const Mark early{kind, 19, 30};
        switch (extent) {
            case MarkExtent::lane:
                CHECK(first_flaw({whole}).empty());
                CHECK(first_flaw({early}).empty());
                CHECK(says(first_flaw({{kind, 9, 30}}), "begins before"));
                break;
            case MarkExtent::talk:
                CHECK(first_flaw({whole}).empty());
                CHECK(first_flaw({whole}, "conference").empty());
                CHECK(says(first_flaw({whole}, "held"), "lies in no talk: row 4 is held"));
                CHECK(says(first_flaw({early}), "begins before the segment"));
                CHECK(says(first_flaw({{kind, 25, 51}}), "lies in no talk: row 4 is talking"));
                break;
            case MarkExtent::measured:
                CHECK(first_flaw({part, listened}).empty());
                CHECK(says(first_flaw({part}), "lies in no time in which voices were measured"));
                CHECK(says(first_flaw({part, {MarkKind::voice_measured, 26, 50}}),
                           "lies in no time in which voices were measured"));
                break;
        }
    }
}

TEST_CASE("marks: no two of a kind overlap", "[ledger]") {
    for (const auto& rule : acd::mark_rules) {
        CAPTURE(text(rule.kind));
        const bool measured = rule.kind == MarkKind::voice_measured;
        const Mark beside{measured ? MarkKind::degraded : MarkKind::voice_measured, 20, 50};
        CHECK(first_flaw({{rule.kind, 25, 30}, {rule.kind, 30, 35}, beside}).empty());
        CHECK(says(first_flaw({{rule.kind, 25, 30}, {rule.kind, 29, 35}, beside}),
                   "begins 1000000 us before the last mark"));
    }
    CHECK(first_flaw({{MarkKind::muted, 25, 35}, {MarkKind::dead_air, 28, 40}, listened}).empty());
}

TEST_CASE("marks: a kind that nobody knows is told", "[ledger]") {
    const LedgerFile file;
    auto rows = one_call();
    std::get<acd::MarkClosed>(rows[6].what).kind = "held_by_nobody";
    {
        auto ledger = Ledger::open(file.path);
        REQUIRE(ledger->write(rows));
    }
    const auto verdict = verify(file.path);
    REQUIRE(verdict);
    CHECK(says(verdict->sentences.front(), "row 7: kind \"held_by_nobody\" is none of marks"));
}
