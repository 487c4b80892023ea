#include "report/machine_forms.hpp"

#include "unit/report/ledger_fixture.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace holdfast;
using namespace holdfast::test;
using acd::Outcome;

namespace {

/// Two days of a queue with an awkward name.
void fill(LedgerFile& file) {
    for (int i = 0; i < 40; ++i) {
        const auto at = utc(11, 22, 8, i) + hours{i % 2 == 0 ? 0 : 24};
        auto caller = file.caller(at, "a, \"b\"", std::to_string(i % 7));
        caller.stay("setup", 1ms, "queue_entered").stay("queued", 3s + i * 1us, "offer_made");
        caller.at("101").stay("ringing", seconds{i}, "agent_answered");
        caller.stay("talking", 7min, "caller_left", Outcome::completed);
    }
    auto agent = file.shift(utc(11, 22, 7), "101");
    agent.because("lunch").stay("not_ready", hours{30}, "agent_readied");
    agent.because("").stay("ready", 1h, "agent_logged_out");
}

std::vector<std::string> lines_of(const std::string& csv) {
    std::vector<std::string> lines;
    std::size_t from = 0;
    for (auto at = csv.find("\r\n"); at != csv.npos; at = csv.find("\r\n", from)) {
        lines.push_back(csv.substr(from, at - from));
        from = at + 2;
    }
    CHECK(from == csv.size());  // RFC 4180 2.1: each line ends so
    return lines;
}

/// RFC 4180: fields of a line.
std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> fields{""};
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
            fields.back() += line[++i];
        else if (line[i] == '"')
            quoted = !quoted;
        else if (line[i] == ',' && !quoted)
            fields.emplace_back();
        else
            fields.back() += line[i];
    }
    return fields;
}

}  // namespace

TEST_CASE("machine forms: CSV is RFC 4180", "[report]") {
    LedgerFile file;
    fill(file);
    file.save();
    const auto lines = lines_of(csv_of(file.report(local_day(11, 22), local_day(11, 23))));
    // All, one queue, one agent: in total, and on two days.
    REQUIRE(lines.size() == 1 + 3 * 3);
    const auto head = fields_of(lines[0]);
    CHECK(head.size() == 5 + report::figures().size() + 1);
    CHECK(head.back() == "not_ready:lunch");
    for (const auto& line : lines)
        CHECK(fields_of(line).size() == head.size());
    CHECK(lines[4].find("\"a, \"\"b\"\"\"") != std::string::npos);
    const auto queue = fields_of(lines[4]);
    CHECK(queue[0] == "total");
    CHECK(queue[1] == "2026-11-22T00:00:00+01:00");
    CHECK(queue[2] == "2026-11-24T00:00:00+01:00");
    CHECK(queue[3] == "queue");
    CHECK(queue[4] == "a, \"b\"");
    CHECK(queue[5] == "40");
    CHECK(queue.back() == "not measured");
    CHECK(fields_of(lines[1]).back() == "108000.000000");
}

TEST_CASE("machine forms: JSON tells null where nothing can be counted", "[report]") {
    LedgerFile file;
    file.abandoned(utc(11, 23, 8), 30s);
    file.save();
    const auto json = nlohmann::json::parse(json_of(file.report()));
    CHECK(json["from"] == "2026-11-23");
    CHECK(json["counted_by"] == "arrival");
    CHECK(json["figures"].size() == report::figures().size());
    for (const auto& figure : json["figures"])
        CHECK_FALSE(figure["formula"].get<std::string>().empty());
    const auto& whole = json["rows"][0];
    CHECK(whole["kind"] == "all");
    CHECK(whole["offered"] == 1);
    CHECK(whole["sl2"] == nlohmann::json{{"value", 0.0}, {"num", 0}, {"den", 1}});
    CHECK(whole["sl4"].is_null());
    CHECK(whole["wait_abandoned"] == 30.0);
    CHECK_FALSE(whole.contains("wrap_codes"));
    const auto& missing = whole["not_measured"];
    CHECK(std::ranges::find(missing, "wrap_codes") != missing.end());
}

TEST_CASE("machine forms: computed anew, a report is the same to the byte", "[report]") {
    LedgerFile file;
    fill(file);
    file.save(false);
    const auto whole = [&](minutes every) {
        const auto r = file.report(local_day(11, 21), local_day(11, 24), every);
        return csv_of(r) + json_of(r);
    };
    const auto day = whole(hours{24});
    const auto quarters = whole(15min);
    CHECK(day == whole(hours{24}));
    SQLite::Database{file.path(), SQLite::OPEN_READWRITE}.exec(ledger::report_indexes_sql);
    CHECK(day == whole(hours{24}));
    CHECK(quarters == whole(15min));
    SQLite::Database{file.path(), SQLite::OPEN_READWRITE}.exec("VACUUM; ANALYZE");
    CHECK(quarters == whole(15min));
}

TEST_CASE("machine forms: intervals of any length give the same total", "[report]") {
    LedgerFile file;
    fill(file);
    file.save();
    const auto total = [&](minutes every) {
        const auto r = file.report(local_day(11, 21), local_day(11, 24), every);
        std::vector<report::Totals> totals;
        for (const auto& subject : r.subjects) {
            totals.push_back(subject.total);
            report::Totals sum;
            for (const auto& [i, interval] : subject.intervals)
                sum.add(interval);
            CHECK(sum == subject.total);
        }
        return totals;
    };
    CHECK(total(15min) == total(hours{24}));
    CHECK(total(30min) == total(hours{24}));
}

TEST_CASE("machine forms: a day is read by its index", "[report]") {
    LedgerFile file;
    fill(file);
    file.save();
    SQLite::Database db{file.path(), SQLite::OPEN_READWRITE};
    SQLite::Statement plan{db,
                           "EXPLAIN QUERY PLAN SELECT row FROM segment WHERE "
                           "ended_us - began_us >= 3600000000 AND "
                           "began_utc_us + (ended_us - began_us) >= ?1 AND began_utc_us < ?2"};
    REQUIRE(plan.executeStep());
    CHECK(plan.getColumn(3).getString().find("segment_long_by_end") != std::string::npos);
}

TEST_CASE("machine forms: only whom was asked for", "[report]") {
    LedgerFile file;
    file.abandoned(utc(11, 22, 8), 30s);
    fill(file);
    file.save();
    report::Question question;
    question.from = local_day(11, 22);
    question.queue = "support";
    auto r = file.report(question);
    REQUIRE(r.subjects.size() == 1);
    CHECK(figure(r, "offered", report::Subject::Kind::queue, "support") == "1");
    question.agent = "101";
    r = file.report(question);
    REQUIRE(r.subjects.size() == 2);
    CHECK(r.asked.to == local_day(11, 23));  // to the last day of the ledger
    question.queue = question.agent = "";
    question.queue = "nobody";
    CHECK(figure(file.report(question), "sl2", report::Subject::Kind::queue, "nobody") == "-");
}

TEST_CASE("machine forms: questions that cannot be answered", "[report]") {
    LedgerFile file;
    fill(file);
    file.save();
    report::Question question;
    question.from = local_day(11, 23);
    question.to = local_day(11, 22);
    CHECK(report::make_report(file.path(), question).error().find("exchange them") !=
          std::string::npos);
    question.from = local_day(11, 22) - days{report::most_days};
    CHECK(report::make_report(file.path(), question).error().find("ask for fewer") !=
          std::string::npos);
}

TEST_CASE("machine forms: agents needed are told of short intervals only", "[report]") {
    // The worked example of Erlang C: 200 calls an hour of 180 s need 14 agents for 80 % in 20 s.
    LedgerFile file;
    for (int i = 0; i < 50; ++i)
        file.answered(utc(11, 23, 8, 0, i), 10s, 60s);
    for (int i = 0; i < 10; ++i) {
        auto agent = file.shift(utc(11, 23, 8), "10" + std::to_string(i));
        agent.in("support").stay("talking", 10min, "caller_left").stay("wrapping", 5min, "x");
    }
    file.save();
    const auto need = [&](minutes every, std::size_t row) {
        const auto r = file.report(local_day(11, 23), local_day(11, 23), every);
        const auto json = nlohmann::json::parse(json_of(r));
        return json["rows"][row].value("agents_needed", nlohmann::json{"unmeasured"});
    };
    CHECK(need(15min, 1 + 9 * 4) == 14);
    CHECK(need(15min, 1 + 9 * 4 + 1).is_null());
    CHECK(need(15min, 0) == nlohmann::json{"unmeasured"});
    CHECK(need(hours{24}, 1) == nlohmann::json{"unmeasured"});
}
