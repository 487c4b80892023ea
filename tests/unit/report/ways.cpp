// The ways a caller may go through the queues, and what each counts as.
#include "unit/report/ledger_fixture.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::test;
using acd::Outcome;
using enum report::Subject::Kind;

TEST_CASE("ways: overflow is a visit of each queue", "[report]") {
    LedgerFile file;
    auto caller = file.caller(utc(11, 23, 8), "sales");
    caller.stay("setup", 0s, "queue_entered").stay("queued", 30s, "queue_changed");
    caller.in("support").stay("queued", 10s, "offer_made").at("101");
    caller.stay("ringing", 5s, "agent_answered");
    caller.stay("talking", 60s, "agent_left", Outcome::completed);
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "offered") == "2");
    CHECK(figure(r, "diverted_out", queue, "sales") == "1");
    CHECK(figure(r, "diverted_in", queue, "support") == "1");
    CHECK(figure(r, "asa", queue, "support") == "15.000000");
    CHECK(figure(r, "sl2", queue, "sales") == "0.000000");
    CHECK(figure(r, "sl2", queue, "support") == "1.000000");
    CHECK(figure(r, "wait_all", queue, "sales") == "30.000000");
}

TEST_CASE("ways: whose agent is lost waits again and is not offered again", "[report]") {
    const bool answered = GENERATE(true, false);
    LedgerFile file;
    auto caller = file.caller(utc(11, 23, 8), "support");
    caller.stay("setup", 0s, "queue_entered").stay("queued", 10s, "offer_made").at("101");
    caller.stay("ringing", 5s, "agent_answered").stay("talking", 60s, "agent_lost").at("");
    if (answered) {
        caller.stay("queued", 90s, "offer_made").at("102").stay("ringing", 5s, "agent_answered");
        caller.stay("talking", 60s, "caller_left", Outcome::completed);
    } else {
        caller.stay("queued", 90s, "caller_left", Outcome::abandoned);
    }
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "offered") == "1");
    CHECK(figure(r, "sl2") == "1.000000");
    CHECK(figure(r, "asa") == "15.000000");
    CHECK(figure(r, "abandoned") == "0");
    CHECK(figure(r, "returned") == "1");
    CHECK(figure(r, "returned_abandoned") == (answered ? "0" : "1"));
    CHECK(figure(r, "handled") == (answered ? "2" : "1"));
    CHECK(figure(r, "fcr_1d") == "-");
}

TEST_CASE("ways: an agent lost while its phone rang goes on with the same visit", "[report]") {
    LedgerFile file;
    auto caller = file.caller(utc(11, 23, 8), "support");
    caller.stay("setup", 0s, "queue_entered").stay("queued", 10s, "offer_made").at("101");
    caller.stay("ringing", 5s, "agent_lost").at("").stay("queued", 4s, "offer_made").at("102");
    caller.stay("ringing", 2s, "caller_left", Outcome::abandoned);
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "offered") == "1");
    CHECK(figure(r, "abandoned_ringing") == "1");
    CHECK(figure(r, "abandoned_queued") == "0");
    CHECK(figure(r, "wait_abandoned") == "21.000000");
}

TEST_CASE("ways: who never came into the queue is not offered", "[report]") {
    LedgerFile file;
    const auto nine = utc(11, 23, 8);
    file.caller(nine, "support").stay("setup", 1s, "call_refused", Outcome::refused);
    file.caller(nine, "support").stay("setup", 1s, "caller_left", Outcome::abandoned);
    auto greeted = file.caller(nine, "support");
    greeted.stay("setup", 1s, "announcement_began");
    greeted.stay("announced", 4s, "caller_left", Outcome::abandoned);
    file.caller(nine, "").stay("setup", 1s, "call_refused", Outcome::refused);  // draining
    file.abandoned(nine, 3s);
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "offered") == "1");
    CHECK(figure(r, "abandoned_short") == "1");
    CHECK(figure(r, "refused") == "2");
    CHECK(figure(r, "refused", queue, "support") == "1");
    CHECK(figure(r, "abandoned_before") == "2");
    CHECK(figure(r, "refused_rate", queue, "support") == "0.250000");
    CHECK(figure(r, "sl5") == "-");
    CHECK(figure(r, "outbound") == "0");
}

TEST_CASE("ways: who is sent away after a wait is neither answered nor abandoned", "[report]") {
    LedgerFile file;
    const auto nine = utc(11, 23, 8);
    file.waited(nine, 60s, "call_refused", Outcome::refused);
    file.waited(nine, 60s, "call_diverted", Outcome::diverted);
    auto closed = file.waited(nine, 60s, "announcement_began", Outcome::none);
    closed.stay("announced", 5s, "call_refused", Outcome::refused);
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "offered") == "3");
    CHECK(figure(r, "turned_away") == "2");
    CHECK(figure(r, "diverted_out") == "1");
    CHECK(figure(r, "refused") == "0");
    CHECK(figure(r, "ab1") == "0.000000");
    CHECK(figure(r, "ab3") == "-");
    CHECK(figure(r, "longest_wait") == "-");
}

TEST_CASE("ways: who waits still is in no figure but its own", "[report]") {
    LedgerFile file;
    auto caller = file.caller(utc(11, 23, 8), "support");
    caller.stay("setup", 0s, "queue_entered").stay("queued", 10s, "offer_made").at("101");
    caller.stay("ringing", 20s, "offer_missed");
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "offered") == "0");
    CHECK(figure(r, "still_waiting") == "1");
    CHECK(figure(r, "wait_all") == "-");
}

TEST_CASE("ways: an agent's other calls fill no queue's figures", "[report]") {
    LedgerFile file;
    auto agent = file.shift(utc(11, 23, 8), "101");
    agent.stay("dialing", 10s, "customer_answered").stay("talking", 60s, "agent_held");
    agent.stay("held", 20s, "agent_resumed").stay("talking", 10s, "caller_left");
    agent.stay("wrapping", 10s, "wrap_limit").stay("called", 5s, "colleague_answered");
    agent.stay("internal", 45s, "side_call_ended").stay("ready", 100s, "agent_lost");
    agent.stay("unreachable", 40s, "agent_logged_out", Outcome::ended);
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "longest_hold") == "-");
    for (const char* id : {"talk", "hold", "wrap"})
        CHECK(figure(r, id) == "0.000000");
    CHECK(figure(r, "aht") == "-");
    CHECK(figure(r, "hold_ratio") == "-");
    CHECK(figure(r, "outbound_time") == "100.000000");
    CHECK(figure(r, "other_calls") == "60.000000");
    CHECK(figure(r, "unreachable") == "40.000000");
    CHECK(figure(r, "logged_in") == "300.000000");
    CHECK(figure(r, "occupancy") == "0.500000");
    CHECK(figure(r, "utilisation") == "0.333333");
}
