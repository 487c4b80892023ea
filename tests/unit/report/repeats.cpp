// Callers who come again.
#include "unit/report/ledger_fixture.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::test;
using acd::Outcome;
using enum report::Subject::Kind;

namespace {

void call(LedgerFile& file, WallInstant at, const std::string& number, bool answered = true) {
    auto lane = file.caller(at, "support", number);
    lane.stay("setup", 0s, "queue_entered");
    if (!answered) {
        lane.stay("queued", 60s, "caller_left", Outcome::abandoned);
        return;
    }
    lane.stay("queued", 1s, "offer_made").at("101").stay("ringing", 1s, "agent_answered");
    lane.stay("talking", 58s, "caller_left", Outcome::completed);
}

}  // namespace

TEST_CASE("repeats: who comes again within the window was not resolved", "[report]") {
    LedgerFile file;
    const auto noon = utc(11, 2, 11);
    call(file, noon, "1");         // never again
    call(file, noon, "2");         // again after two days
    call(file, noon, "3", false);  // gave up
    call(file, noon, "");          // withheld: nobody knows
    call(file, noon, "5");         // again exactly a day after its end
    call(file, noon + 60s + hours{24}, "5");
    call(file, noon + hours{48}, "2");
    call(file, noon + hours{24 * 8}, "9");  // the ledger ends eight days later
    file.save();
    const auto r = file.report(local_day(11, 2), local_day(11, 2));
    CHECK(subject(r, all).total.eligible == std::array<std::int64_t, 5>{4, 4, 4, 0, 0});
    CHECK(subject(r, all).total.resolved == std::array<std::int64_t, 5>{2, 1, 1, 0, 0});
    CHECK(figure(r, "fcr_1d") == "0.500000");
    CHECK(figure(r, "fcr_7d", agent, "101") == "0.333333");
    CHECK(figure(r, "fcr_14d") == "-");
    // A day later only the callers of that day are judged.
    CHECK(figure(file.report(local_day(11, 3), local_day(11, 3)), "fcr_3d") == "1.000000");
}

TEST_CASE("repeats: calls of the same time are not repeats, calls of ours neither", "[report]") {
    LedgerFile file;
    const auto noon = utc(11, 2, 11);
    call(file, noon, "1");
    call(file, noon + 30s, "1");  // the first is not over
    call(file, noon, "2");
    call(file, noon + 60s, "2");  // the first is over just now
    file.outbound(noon + 1h, "101").stay("setup", 5s, "customer_answered");
    call(file, noon + hours{24 * 31}, "9");
    file.save();
    const auto r = file.report(local_day(11, 2), local_day(11, 2));
    CHECK(figure(r, "fcr_30d") == "1.000000");
    CHECK(figure(r, "outbound") == "1");
    CHECK(figure(r, "outbound_answered", agent, "101") == "1");
}

TEST_CASE("repeats: a ledger without numbers does not measure them", "[report]") {
    LedgerFile file;
    call(file, utc(11, 2, 11), "1");
    call(file, utc(11, 5, 11), "1");
    file.save();
    SQLite::Database db{file.path(), SQLite::OPEN_READWRITE};
    if (db.tableExists("person"))
        db.exec("ALTER TABLE person RENAME TO elsewhere");
    else
        db.exec("ALTER TABLE journey RENAME COLUMN caller_number TO elsewhere");
    const auto r = file.report(local_day(11, 2), local_day(11, 2));
    CHECK(figure(r, "fcr_1d") == "not measured");
    CHECK(figure(r, "offered") == "1");
}
