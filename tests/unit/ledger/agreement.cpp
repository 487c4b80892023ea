// Both lanes of a call agree on all that they share: rings of one phone and of several, talk,
// holds, consultations, conferences and transfers.
#include "ledger/verify.hpp"
#include "ledger_fixture.hpp"

#include <array>
#include <initializer_list>

using namespace holdfast;
using namespace holdfast::ledger;

namespace {

struct Part {
    std::uint8_t lane = 1;  ///< 1: the caller's; else that of agent "210n".
    const char* kind = "";
    int began = 0, ended = 0;
    const char* agent = "";  ///< Of the caller's lane: who has the caller.
};

/// The first flaw, or empty.
std::string first_flaw(std::initializer_list<Part> parts) {
    const LedgerFile file;
    std::vector<acd::LedgerRow> rows;
    acd::JourneyOpened journey;
    journey.journey[0] = 1;
    rows.push_back({1, journey});
    for (std::uint8_t lane = 2; lane < 5; ++lane) {
        acd::ShiftOpened shift;
        shift.shift[0] = lane;
        rows.push_back({lane, shift});
    }
    std::array<std::uint32_t, 5> numbers{};
    for (const Part& part : parts) {
        const bool caller = part.lane == 1;
        auto row = segment(rows.size() + 1,
                           caller ? acd::LaneKind::caller : acd::LaneKind::agent,
                           part.lane,
                           ++numbers[part.lane],
                           part.kind,
                           part.began,
                           part.ended);
        auto& s = std::get<acd::SegmentClosed>(row.what);
        s.agent = caller ? part.agent : "210" + std::to_string(part.lane);
        rows.push_back(std::move(row));
    }
    {
        auto ledger = Ledger::open(file.path);
        REQUIRE(ledger->write(rows));
    }
    const auto verdict = verify(file.path);
    REQUIRE(verdict);
    return verdict->sentences.empty() ? "" : verdict->sentences.front();
}

/// Something later, so that nothing of the call is the latest event.
constexpr Part later{4, "ready", 0, 99};

}  // namespace

TEST_CASE("agreement: what both lanes have may not differ", "[ledger]") {
    for (const char* kind : {"talking", "held", "consult", "conference", "transferring"}) {
        CAPTURE(kind);
        CHECK(first_flaw({{1, kind, 10, 20, "2102"}, {2, kind, 10, 20}, later}).empty());
        CHECK(first_flaw({{1, kind, 10, 20, "2102"}, {2, kind, 10, 19}, later}) ==
              "row 6: agent 2102: the caller's lane has 1000000 us of " + std::string{kind} +
                  " more than the agent's");
    }
}

TEST_CASE("agreement: a phone rings as long as the caller is told so", "[ledger]") {
    CHECK(first_flaw({{2, "reserved", 10, 12},
                      {1, "ringing", 10, 20, "2102"},
                      {2, "ringing", 12, 20},
                      later})
              .empty());
    CHECK(first_flaw({{2, "reserved", 10, 12},
                      {1, "ringing", 10, 20, "2102"},
                      {2, "ringing", 12, 19},
                      later}) ==
          "row 7: agent 2102: the caller's lane has 1000000 us of ringing more than the agent's");
    // It rings still.
    CHECK(first_flaw({{1, "queued", 5, 10}, {2, "reserved", 10, 12}, later}).empty());
    CHECK_FALSE(first_flaw({{1, "queued", 5, 13}, {2, "reserved", 10, 12}, later}).empty());
    // The caller hung up: all phones fall silent, and none is named.
    CHECK(first_flaw({{2, "reserved", 10, 20}, {1, "ringing", 10, 20}, later}).empty());
    CHECK_FALSE(first_flaw({{2, "reserved", 9, 20}, {1, "ringing", 10, 20}, later}).empty());
}

TEST_CASE("agreement: of several phones each rang within the caller's time", "[ledger]") {
    CHECK(first_flaw({{2, "reserved", 10, 11},
                      {3, "reserved", 10, 15},  // refuses
                      {2, "ringing", 11, 20},   // is told before the caller
                      {1, "ringing", 10, 20, "2104"},
                      {4, "reserved", 10, 20},
                      {4, "talking", 20, 30},
                      {1, "talking", 10 + 10, 30, "2104"},
                      {2, "ready", 20, 99}})
              .empty());
    CHECK(first_flaw({{2, "reserved", 10, 11},
                      {1, "ringing", 10, 20, "2104"},
                      {2, "ringing", 11, 20},  // and after the caller
                      {4, "reserved", 10, 20},
                      {2, "ready", 20, 99}})
              .empty());
    CHECK_FALSE(first_flaw({{3, "reserved", 10, 21},
                            {1, "ringing", 10, 20, "2104"},
                            {4, "reserved", 10, 20},
                            {2, "ready", 20, 99}})
                    .empty());
}
