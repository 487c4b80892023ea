#include "host/tool/options.hpp"

#include "console/json.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace holdfast;
using namespace holdfast::tool;

namespace {
auto read(const std::string& line) {
    std::istringstream words{line};
    std::vector<std::string> all{"holdfast"};
    for (std::string word; words >> word;)
        all.push_back(word);
    std::vector<const char*> pointers;
    for (const auto& word : all)
        pointers.push_back(word.c_str());
    return read_options(static_cast<int>(pointers.size()), pointers.data());
}
}  // namespace

TEST_CASE("tool options: each question and order is its request", "[host][tool]") {
    struct Case {
        const char *line, *request;
    };
    const auto c = GENERATE(
        Case{"status", R"("ask":"status"})"},
        Case{"queues", R"("ask":"queues"})"},
        Case{"agents", R"("ask":"agents"})"},
        Case{"calls", R"("ask":"calls"})"},
        Case{"phones", R"("ask":"phones"})"},
        Case{"trunks", R"("ask":"trunks"})"},
        Case{"alarms", R"("ask":"alarms"})"},
        Case{"state", R"("ask":"state"})"},
        Case{"alarms acknowledge t-1", R"("ask":"acknowledge","alarm":"t-1"})"},
        Case{"agent 101 log-in", R"("ask":"agent","agent":"101","order":"log_in"})"},
        Case{"agent 101 log-in --phone d", R"("agent":"101","order":"log_in","phone":"d"})"},
        Case{"agent 101 log-out", R"("agent":"101","order":"log_out"})"},
        Case{"agent 101 ready", R"("agent":"101","order":"ready"})"},
        Case{"agent 101 pause", R"("agent":"101","order":"pause"})"},
        Case{"queue sales close", R"("ask":"queue","queue":"sales","order":"close"})"},
        Case{"queue sales open", R"("queue":"sales","order":"open"})"},
        Case{"queue sales move --to night", R"("queue":"sales","order":"move","to":"night"})"},
        Case{"hang-up 17", R"("ask":"hang_up","call":17})"},
        Case{"drain on", R"("ask":"drain","on":true})"},
        Case{"drain off", R"("ask":"drain","on":false})"});
    const auto options = read(c.line);
    CAPTURE(c.line);
    REQUIRE(options);
    CHECK(options->socket == "/run/holdfast/control");
    const auto line = console::write_request(1, std::get<Ask>(options->command).request);
    CAPTURE(line);
    CHECK(line.find(c.request) != std::string::npos);
}

TEST_CASE("tool options: common options may stand anywhere", "[host][tool]") {
    for (const auto* line : {"--socket /x --json agent 101 ready",
                             "agent --json 101 --socket /x ready",
                             "agent 101 ready --socket /x --json"}) {
        const auto options = read(line);
        CAPTURE(line);
        REQUIRE(options);
        CHECK(options->socket == "/x");
        CHECK(options->json);
    }
}

TEST_CASE("tool options: what needs no question", "[host][tool]") {
    CHECK(std::get<Top>(read("top")->command).frames == 0);
    CHECK(std::get<Top>(read("top --frames 3")->command).frames == 3);
    CHECK(std::holds_alternative<WatchEvents>(read("watch")->command));
    CHECK(std::get<CheckSettings>(read("settings check a.toml")->command).file == "a.toml");
    CHECK(std::get<VerifyLedger>(read("ledger verify a.db")->command).file == "a.db");
    CHECK(std::get<ShowHead>(read("ledger head a.db")->command).file == "a.db");
    const auto correct = std::get<CorrectLedger>(
        read("ledger correct a.db 7 queue sales --author Anna --reason wrong")->command);
    CHECK(correct.correction.row == 7);
    CHECK(correct.correction.field + correct.correction.value == "queuesales");
    CHECK(correct.author + correct.reason == "Annawrong");
    const auto erase = std::get<EraseFromLedger>(
        read("ledger erase a.db 01020304-0506-0708-090a-0b0c0d0e0f10 --author A --reason b")
            ->command);
    CHECK(erase.lane == acd::Uuid{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
}

TEST_CASE("tool options: a period of the ledger is days as people here have them", "[host][tool]") {
    REQUIRE(setenv("TZ", "Europe/Berlin", 1) == 0);
    const auto question = [](const std::string& words) {
        return std::get<VerifyLedger>(read("ledger verify a.db " + words)->command).question;
    };
    const auto both = question("--from 2026-11-23 --to 2026-11-23");
    CHECK(both.from == WallInstant{std::chrono::seconds{1'795'388'400}});
    CHECK(*both.to - *both.from == 24h);
    // Summer time ends: the day has 25 hours.
    const auto long_day = question("--from 2026-10-25 --to 2026-10-25");
    CHECK(*long_day.to - *long_day.from == 25h);
    CHECK_FALSE(question("").from);
    CHECK(question("--head 7:" + std::string(64, '1')).head->row == 7);
    unsetenv("TZ");
}

TEST_CASE("tool options: what a report shall tell", "[host][tool]") {
    const auto plain = std::get<ReportLedger>(read("report a.db")->command);
    CHECK(plain.file == "a.db");
    CHECK(plain.form == ReportForm::text);
    CHECK_FALSE(plain.question.from);
    CHECK_FALSE(plain.question.to);
    CHECK(plain.question.every == 24h);
    CHECK(plain.question.by == report::CountBy::arrival);
    CHECK(plain.question.target == 20s);
    CHECK(plain.question.short_abandon == 5s);
    CHECK(plain.question.goal_percent == 80);

    const auto full = std::get<ReportLedger>(
        read("report --from 2026-10-25 a.db --to 2026-10-26 --queue sales --agent 101 --every 30 "
             "--by sl_event --target 0.5 --short 0 --goal 90 --format csv")
            ->command);
    CHECK(full.file == "a.db");
    CHECK(full.form == ReportForm::csv);
    CHECK(full.question.from == report::read_day("2026-10-25").value());
    CHECK(full.question.to == report::read_day("2026-10-26").value());
    CHECK(full.question.queue == "sales");
    CHECK(full.question.agent == "101");
    CHECK(full.question.every == 30min);
    CHECK(full.question.by == report::CountBy::sl_event);
    CHECK(full.question.target == 500ms);
    CHECK(full.question.short_abandon == 0s);
    CHECK(full.question.goal_percent == 90);
}

TEST_CASE("tool options: what is wrong is said, and ends with 64", "[host][tool]") {
    const auto* line = GENERATE("",
                                "coffee",
                                "agent",
                                "agent 101",
                                "agent 101 fly",
                                "agent 101 ready --phone d",
                                "hang-up",
                                "hang-up x",
                                "hang-up -1",
                                "drain",
                                "drain maybe",
                                "top --frames 0",
                                "top --json",
                                "settings",
                                "settings check",
                                "ledger verify",
                                "ledger verify a.db --from yesterday",
                                "ledger verify a.db --to 2026-02-31",
                                "ledger verify a.db --head 7",
                                "ledger head",
                                "ledger correct a.db 7 queue sales --author Anna",
                                "ledger correct a.db seven queue sales --author A --reason b",
                                "ledger erase a.db 0102 --author A --reason b",
                                "report",
                                "report a.db --from yesterday",
                                "report a.db --to 2026-02-30",
                                "report a.db --every 20",
                                "report a.db --by moon",
                                "report a.db --short 21",
                                "report a.db --format xml",
                                "status more",
                                "status --loud");
    CAPTURE(line);
    const auto options = read(line);
    REQUIRE_FALSE(options);
    CHECK(options.error().exit_code == 64);
    CHECK(options.error().text.starts_with("holdfast: "));
    CHECK(options.error().text.find("Try holdfast --help") != std::string::npos);
}

TEST_CASE("tool options: help is no fault", "[host][tool]") {
    CHECK(read("--help").error().exit_code == 0);
    CHECK(read("--help").error().text.find("top ") != std::string::npos);
    CHECK(read("agent --help").error().text.find("NUMBER") != std::string::npos);
    CHECK(read("--version").error().text == "holdfast " HOLDFAST_VERSION "\n");
}
