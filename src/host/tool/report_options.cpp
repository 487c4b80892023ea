#include "host/tool/report_options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <cmath>

namespace holdfast::tool {
namespace {

constexpr double longest_target_s = 24 * 3600;
constexpr double longest_short_s = 20;

std::optional<report::Day> day_of(const char* option, const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto day = report::read_day(text);
    if (!day) throw CLI::ValidationError{option, day.error()};
    return *day;
}

Micros micros(double seconds) {
    return Micros{std::llround(seconds * 1e6)};
}

template <class E>
E named(const std::string& name) {
    for (const E e : every<E>)
        if (text(e) == name) return e;
    return {};
}

}  // namespace

ReportLedger ReportWords::command() const {
    ReportLedger command;
    command.file = file;
    command.form = named<ReportForm>(form);
    auto& question = command.question;
    question.from = day_of("--from", from);
    question.to = day_of("--to", to);
    question.queue = queue;
    question.agent = agent;
    if (every != "day") question.every = std::chrono::minutes{every == "15" ? 15 : 30};
    question.by = named<report::CountBy>(by);
    question.target = micros(target_s);
    question.short_abandon = micros(short_s);
    question.goal_percent = goal_percent;
    return command;
}

void add_report_options(CLI::App& report, ReportWords& words) {
    report.add_option("FILE", words.file, "The ledger's database")->required();
    report.add_option("--from", words.from, "First local day; default: --to, or the last row's")
        ->type_name("DATE");
    report.add_option("--to", words.to, "Last local day; default: the last row's")
        ->type_name("DATE");
    report.add_option("--queue", words.queue, "Only this queue")->type_name("NAME");
    report.add_option("--agent", words.agent, "Only this agent")->type_name("NUMBER");
    report.add_option("--every", words.every, "Length of an interval: minutes, or day")
        ->capture_default_str()
        ->check(CLI::IsMember({"15", "30", "day"}));
    report.add_option("--by", words.by, "What moment a visit is counted at")
        ->capture_default_str()
        ->check(CLI::IsMember({"arrival", "answer", "sl_event", "end"}));
    report.add_option("--target", words.target_s, "T: seconds within which an answer is in time")
        ->capture_default_str()
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, longest_target_s));
    report.add_option("--short", words.short_s, "s: seconds within which leaving is no wait")
        ->capture_default_str()
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, longest_short_s));
    report
        .add_option(
            "--goal", words.goal_percent, "Share that a quarter of an hour shall answer in T")
        ->capture_default_str()
        ->type_name("PERCENT")
        ->check(CLI::Range(0, 100));
    report.add_option("--format", words.form, "text, csv (RFC 4180) or json")
        ->capture_default_str()
        ->check(CLI::IsMember({"text", "csv", "json"}));
}

}  // namespace holdfast::tool
