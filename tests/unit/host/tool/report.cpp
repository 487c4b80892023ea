// Reports as the program prints them.
#include "ledger/ledger.hpp"
#include "support/golden.hpp"
#include "unit/host/tool/served_program.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using test::ServedProgram;

namespace {

/// A caller who waits 12 s, is answered and held; the agent's hour around it; one who gives up.
/// 23 November 2026, from 09:00 local time, which is one hour ahead.
class Morning {
public:
    std::vector<acd::LedgerRow> rows;

    Morning() {
        acd::JourneyOpened first;
        first.journey = {1, 0x9a, 0xaf, 0, 0, 1};
        first.caller_number = "030";
        first.stamp = stamp(0s);
        add(first);
        lane(acd::LaneKind::caller, 1, 0s);
        stay("setup", 100ms, "queue_entered");
        stay("queued", 8s, "offer_made");
        s_.agent = "101";
        stay("ringing", 4s, "agent_answered");
        stay("talking", 90s, "agent_held");
        stay("held", 30s, "agent_resumed");
        s_.outcome = acd::Outcome::completed;
        stay("talking", 60s, "caller_left");
        lane(acd::LaneKind::caller, 2, 20min);
        stay("setup", 100ms, "queue_entered");
        s_.outcome = acd::Outcome::abandoned;
        stay("queued", 33s, "caller_left");
        agent();
    }

private:
    void agent() {
        lane(acd::LaneKind::agent, 3, -30s);
        s_.agent = "101";
        s_.queue = "";
        s_.reason = "lunch";
        stay("not_ready", 10s + 400ms, "agent_readied");
        s_.reason = "";
        stay("ready", 27s + 700ms, "offer_made");
        s_.queue = "support";
        stay("reserved", 200ms, "phone_rang");
        stay("ringing", 3s + 800ms, "agent_answered");
        stay("talking", 90s, "agent_held");
        stay("held", 30s, "agent_resumed");
        stay("talking", 60s, "caller_left");
        stay("wrapping", 15s + 400ms, "wrap_limit");
        s_.queue = "";
        stay("ready", 1h, "agent_logged_out");
    }
    static acd::Stamp stamp(Micros after) {
        constexpr std::chrono::seconds nine{1'795'420'800};
        return {WallInstant{nine + after}, 3'600};
    }
    void lane(acd::LaneKind kind, std::uint8_t id, Micros at) {
        s_ = {};
        s_.lane_kind = kind;
        s_.lane = {1, 0x9a, 0xaf, 0, 0, id};
        s_.queue = "support";
        now_ = at;
    }
    void stay(const char* state, Micros length, const char* ended_by) {
        ++s_.number;
        s_.kind = state;
        s_.ended_by = ended_by;
        s_.began = Instant{now_ + 1h};
        s_.ended = s_.began + length;
        s_.stamp = stamp(now_);
        now_ += length;
        add(s_);
    }
    template <class What>
    void add(What what) {
        rows.push_back({rows.size() + 1, std::move(what)});
    }

    acd::SegmentClosed s_;
    Micros now_{};
};

std::string ledger_of(const ServedProgram& served, const std::vector<acd::LedgerRow>& rows) {
    const std::string file = served.folder / "ledger.db";
    auto ledger = ledger::Ledger::open(file);
    REQUIRE(ledger);
    REQUIRE(ledger->write(rows));
    return file;
}

}  // namespace

TEST_CASE("holdfast: a report tells every figure with its formula", "[host][tool]") {
    ServedProgram served;
    const auto file = ledger_of(served, Morning{}.rows);
    const auto day = served.run({"report", file});
    CHECK(day->code == 0);
    CHECK(day->err().empty());
    CHECK(day->out() == test::golden(GOLDEN_DIR "/report_day.txt", day->out()));
    const auto quarters = served.run({"report", file, "--every", "15", "--agent", "101"});
    CHECK(quarters->out() ==
          test::golden(GOLDEN_DIR "/report_agent_quarters.txt", quarters->out()));
}

TEST_CASE("holdfast: a report for programs", "[host][tool]") {
    ServedProgram served;
    const auto file = ledger_of(served, Morning{}.rows);
    const auto csv = served.run({"report", file, "--format", "csv"});
    CHECK(csv->out().starts_with("row,from,to,kind,name,offered,answered,"));
    CHECK(csv->out().find("\r\ninterval,2026-11-23T00:00:00+01:00,2026-11-24T00:00:00+01:00,queue,"
                          "support,2,1,1,0.500000,") != std::string::npos);
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"report", file, "--json"}, {"report", file, "--format", "json"}})
        CHECK(served.run(words)->out().starts_with("{\"from\":\"2026-11-23\",\"to\":"));
}

TEST_CASE("holdfast: a report of nothing, and none at all", "[host][tool]") {
    ServedProgram served;
    const auto file = ledger_of(served, {});
    const auto empty = served.run({"report", file});
    CHECK(empty->code == 0);
    CHECK(empty->out() == "The ledger has no segments yet: nothing to report.\n");
    const auto absent = served.run({"report", file + "x"});
    CHECK(absent->code == 66);
    CHECK(absent->out().empty());
    CHECK(absent->err().find(file + "x: cannot be read") != std::string::npos);
    const auto wrong = served.run({"report", file, "--from", "2026-11-2"});
    CHECK(wrong->code == 64);
    CHECK(wrong->err().find("\"2026-11-2\" is no date: write year, month and day") !=
          std::string::npos);
}
