#include "ledger/open_lanes.hpp"

#include "ledger/verify.hpp"
#include "ledger_fixture.hpp"
#include "support/ledger_day.hpp"

#include <algorithm>

using namespace holdfast;
using namespace holdfast::ledger;

namespace {

acd::Uuid lane(std::uint64_t number) {
    acd::Uuid id{0xff};
    for (std::size_t i = id.size(); number > 0; number >>= 8)
        id[--i] = static_cast<std::uint8_t>(number);
    return id;
}

acd::LedgerRow queued(std::uint64_t row, std::uint64_t of, std::uint32_t number) {
    acd::SegmentClosed s;
    s.lane = s.journey = lane(of);
    s.kind = "queued";
    s.number = number;
    s.began = at(static_cast<int>(number));
    s.ended = at(static_cast<int>(number) + 1);
    return {row, s};
}

}  // namespace

TEST_CASE("open lanes: more than memory is meant for are found in the table", "[ledger]") {
    constexpr std::uint64_t lanes = OpenLanes::most + OpenLanes::most_since;
    const LedgerFile file;
    std::uint64_t next = 1;
    {
        auto ledger = Ledger::open(file.path);
        for (std::uint64_t first = 1; first < lanes; first += 1024) {
            std::vector<acd::LedgerRow> rows;
            for (auto number = first; number < first + 1024; ++number) {
                acd::JourneyOpened journey;
                journey.journey = lane(number);
                rows.push_back({next++, journey});
            }
            REQUIRE(ledger->write(rows));
        }
        // The first ones were forgotten longest ago.
        for (std::uint64_t number : {1U, 2U, 5000U, 24'000U})
            REQUIRE(ledger->write(std::vector{queued(next++, number, 1)}));
        REQUIRE(ledger->write(std::vector{queued(next++, 1, 2)}));
    }
    auto ledger = Ledger::open(file.path);
    for (std::uint64_t number : {2U, 3U, 24'000U})
        REQUIRE(ledger->write(std::vector{queued(next++, number, number == 3 ? 1 : 2)}));
    REQUIRE(ledger->seal(WallInstant{1h}).value());
    const auto verdict = verify(file.path);
    INFO((verdict->sentences.empty() ? "" : verdict->sentences.front()));
    CHECK(verdict->sound());
    CHECK(verdict->last_row == next - 1);
}

TEST_CASE("ledger: it is sound after each row, also between the two lanes of a call", "[ledger]") {
    const LedgerFile file;
    test::LedgerDay day{11, 5};
    auto ledger = Ledger::open(file.path);
    for (const auto& row : day.rows(200)) {
        REQUIRE(ledger->write(std::vector{row}));
        const auto verdict = verify(file.path);
        INFO((verdict->sentences.empty() ? "" : verdict->sentences.front()));
        REQUIRE(verdict->sound());
    }
}
