// Callers who are passed on: what each way counts as, and for whom.
#include "unit/report/ledger_fixture.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>

using namespace holdfast;
using namespace holdfast::test;
using acd::Outcome;
using enum report::Subject::Kind;

namespace {

/// A segment of the caller's lane: how it is, how it ended, and who has the caller.
struct Part {
    const char *kind, *cut, *agent;
};

/// What a way counts as: blind, attended, to a queue, outside, failed, taken over by 102.
using Counts = std::array<std::int64_t, 6>;

struct Way {
    const char* what;
    std::array<Part, 4> parts;  ///< Up to one without a name.
    Counts counts;
};

/// Answered by 101, and then as said; the last segment ends the call.
void pass(LedgerFile& file, WallInstant at, const std::array<Part, 4>& parts) {
    auto caller = file.caller(at, "support");
    caller.stay("setup", 0s, "queue_entered").stay("queued", 10s, "offer_made").at("101");
    caller.stay("ringing", 5s, "agent_answered");
    for (std::size_t i = 0; i < parts.size() && parts[i].kind != nullptr; ++i) {
        const bool last = i + 1 == parts.size() || parts[i + 1].kind == nullptr;
        caller.at(parts[i].agent)
            .stay(parts[i].kind, 60s, parts[i].cut, last ? Outcome::completed : Outcome::none);
    }
}

Counts counts_of(const report::Report& r, report::Subject::Kind kind, const std::string& name) {
    using enum report::Sum;
    const auto& total = subject(r, kind, name).total;
    const auto& taker = kind == agent ? subject(r, agent, "102").total : total;
    return {total[passed_blind],
            total[passed_attended],
            total[passed_to_queue],
            total[passed_outside],
            total[pass_failed],
            taker[taken_over]};
}

// clang-format off
constexpr Way ways[] = {
    {"blind to a colleague",
     {{{"talking", "transfer_began", "101"}, {"transferring", "agent_took_over", "101"},
      {"talking", "caller_left", "102"}}},
     {1, 0, 0, 0, 0, 1}},
    {"blind, and the agent hangs up before the colleague answers",
     {{{"talking", "transfer_began", "101"}, {"transferring", "agent_left", "101"},
      {"transferring", "agent_took_over", ""}, {"talking", "caller_left", "102"}}},
     {1, 0, 0, 0, 0, 1}},
    {"blind, and nobody answers: the agent has the caller again",
     {{{"talking", "transfer_began", "101"}, {"transferring", "transfer_failed", "101"},
      {"talking", "caller_left", "101"}}},
     {0, 0, 0, 0, 1, 0}},
    {"blind, and the agent's phone rings again",
     {{{"talking", "transfer_began", "101"}, {"transferring", "agent_left", "101"},
      {"transferring", "agent_took_over", ""}, {"talking", "caller_left", "101"}}},
     {0, 0, 0, 0, 1, 0}},
    {"blind, nobody answers, and the agent is gone: back to the queue",
     {{{"talking", "transfer_began", "101"}, {"transferring", "agent_left", "101"},
      {"transferring", "sent_to_queue", ""}, {"queued", "caller_left", ""}}},
     {0, 0, 0, 0, 1, 0}},
    {"blind, and the caller does not wait for it",
     {{{"talking", "transfer_began", "101"}, {"transferring", "caller_left", "101"}}},
     {0, 0, 0, 0, 1, 0}},
    {"attended to a colleague who was asked",
     {{{"talking", "agent_held", "101"}, {"held", "consult_began", "101"},
      {"consult", "agent_took_over", "101"}, {"talking", "caller_left", "102"}}},
     {0, 1, 0, 0, 0, 1}},
    {"out of a conference",
     {{{"conference", "agent_took_over", "101"}, {"talking", "caller_left", "102"}}},
     {0, 1, 0, 0, 0, 1}},
    {"to another phone of the same agent",
     {{{"talking", "agent_took_over", "101"}, {"talking", "caller_left", "101"}}},
     {0, 0, 0, 0, 0, 0}},
    {"to a queue",
     {{{"talking", "sent_to_queue", "101"}, {"queued", "caller_left", ""}}},
     {0, 0, 1, 0, 0, 0}},
    {"outside, blind",
     {{{"talking", "transfer_began", "101"}, {"transferring", "sent_outside", "101"},
      {"outside", "caller_left", ""}}},
     {0, 0, 0, 1, 0, 0}},
    {"outside, attended",
     {{{"held", "sent_outside", "101"}, {"outside", "caller_left", ""}}},
     {0, 0, 0, 1, 0, 0}},
    {"parked, and fetched by a colleague",
     {{{"talking", "caller_parked", "101"}, {"parked", "agent_took_over", ""},
      {"talking", "caller_left", "102"}}},
     {1, 0, 0, 0, 0, 1}},
    {"parked, and nobody fetches the caller but the agent",
     {{{"talking", "caller_parked", "101"}, {"parked", "transfer_began", ""},
      {"transferring", "agent_took_over", ""}, {"talking", "caller_left", "101"}}},
     {0, 0, 0, 0, 1, 0}},
};
// clang-format on

}  // namespace

TEST_CASE("transfers: each way counts as what it is", "[report]") {
    for (const auto& [what, parts, counts] : ways) {
        CAPTURE(what);
        LedgerFile file;
        pass(file, utc(11, 23, 8), parts);
        // The colleague's name, where nothing else brings it.
        file.shift(utc(11, 23, 7), "102").stay("ready", 60s, "agent_logged_out", Outcome::ended);
        file.save();
        const auto r = file.report();
        CHECK(counts_of(r, agent, "101") == counts);
        CHECK(counts_of(r, queue, "support") == counts);
        CHECK(counts_of(r, all, "") == counts);
    }
}

// The definition: transfers out / handled. Four calls, of which one goes to a colleague and from
// there to a queue: two transfers of five times that somebody had the caller.
TEST_CASE("transfers: the rate is of what was handled, and who is passed on twice bounces",
          "[report]") {
    LedgerFile file;
    const auto nine = utc(11, 23, 8);
    for (int i = 0; i < 3; ++i)
        file.answered(nine + i * 10min, 5s, 60s);
    pass(file,
         nine + 1h,
         {{{"talking", "transfer_began", "101"},
           {"transferring", "agent_took_over", "101"},
           {"talking", "sent_to_queue", "102"},
           {"queued", "caller_left", ""}}});
    file.save();
    const auto r = file.report();
    CHECK(figure(r, "handled") == "5");
    CHECK(figure(r, "transfers") == "2");
    CHECK(figure(r, "transfer_rate") == "0.400000");
    CHECK(figure(r, "transfer_rate", agent, "101") == "0.250000");
    CHECK(figure(r, "transfer_rate", agent, "102") == "1.000000");
    CHECK(figure(r, "bounced_rate") == "0.250000");
    CHECK(figure(r, "bounced_rate", agent, "101") == "not measured");
}

TEST_CASE("transfers: they belong to where they began, or by question to where they ended",
          "[report]") {
    LedgerFile file;
    pass(file,
         utc(11, 23, 8, 13, 15),
         {{{"talking", "transfer_began", "101"},
           {"transferring", "agent_took_over", "101"},
           {"talking", "caller_left", "102"}}});
    file.save();
    report::Question question;
    question.every = minutes{15};
    for (const auto by : {report::CountBy::arrival, report::CountBy::end}) {
        question.by = by;
        const auto r = file.report(question);
        std::vector<std::size_t> where;
        for (const auto& [i, totals] : subject(r, all).intervals)
            if (totals[report::Sum::passed_blind] > 0) where.push_back(i);
        // From 09:14:30 to 09:15:30 local time.
        CHECK(where == std::vector<std::size_t>{by == report::CountBy::arrival ? 36U : 37U});
    }
}
