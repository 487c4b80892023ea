#include "host/tool/report_text.hpp"

#include "host/tool/figures.hpp"
#include "host/tool/text_table.hpp"
#include "report/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

namespace holdfast::tool {
namespace {

using report::Figure;
using report::Report;
using report::Section;
using report::Subject;
using report::Totals;
using report::Unit;
using report::Value;

constexpr std::int64_t us_in_second = 1'000'000;
/// Beside the whole centre; where there are more, they stand in a table of their own.
constexpr std::size_t most_queues_beside = 6;
constexpr std::size_t name_columns = 60;

std::string time_text(std::int64_t seconds) {
    return duration_text(static_cast<double>(seconds));
}

/// "77.8 %"; 0 and 100 % are said only of none and of all.
std::string share_text(Value value) {
    const auto tenths =
        std::llround(1000.0 * static_cast<double>(value.num) / static_cast<double>(value.den));
    const auto least = value.num > 0 ? 1 : 0;
    const auto most = value.num < value.den ? 999 : 1000;
    const auto shown = std::clamp<long long>(tenths, least, most);
    return fmt::format("{}.{} %", shown / 10, shown % 10);
}

std::string value_text(Unit unit, Value value) {
    if (!value.measured) return std::string{report::not_measured};
    if (value.den == 0) return std::string{report::nothing_to_count};
    const auto quotient = static_cast<double>(value.num) / static_cast<double>(value.den);
    switch (unit) {
        case Unit::count:
            return count_text(static_cast<std::uint64_t>(value.num));
        case Unit::share:
            return share_text(value);
        case Unit::mean:
            return fmt::format("{:.2f}", quotient);
        case Unit::time:
        case Unit::part:
            break;
    }
    return time_text(std::llround(quotient / us_in_second));
}

/// The whole first and then its parts, in whole seconds that still add up: each is rounded down,
/// and those that lost most get back what the sum lost.
std::vector<std::int64_t> seconds_of(const std::vector<std::int64_t>& us) {
    std::vector<std::int64_t> seconds;
    seconds.reserve(us.size());
    for (const auto time : us)
        seconds.push_back(time / us_in_second);
    seconds[0] = (us[0] + us_in_second / 2) / us_in_second;
    std::vector<std::size_t> by_loss(us.size() - 1);
    std::iota(by_loss.begin(), by_loss.end(), std::size_t{1});
    std::ranges::stable_sort(by_loss, std::greater{}, [&](auto i) { return us[i] % us_in_second; });
    auto lost = seconds[0] - std::accumulate(seconds.begin() + 1, seconds.end(), std::int64_t{0});
    for (const auto i : by_loss)
        if (lost-- > 0) ++seconds[i];
    return seconds;
}

Micros length_of(const Report& report) {
    return report.intervals.back().end - report.intervals.front().begin;
}

/// The texts of one subject's column in the order of the figures.
std::vector<std::string> column_of(const Report& report, const Subject& subject) {
    std::vector<std::string> texts;
    std::vector<std::size_t> parts;
    std::vector<std::int64_t> us;
    for (const Figure& figure : report::figures()) {
        const auto value = value_of(figure, report, subject.kind, subject.total, length_of(report));
        if (figure.unit == Unit::part && value.measured) {
            parts.push_back(texts.size());
            us.push_back(value.num);
        }
        texts.push_back(value_text(figure.unit, value));
    }
    // Of a queue the whole is not measured, so its parts are rounded each for itself.
    if (subject.kind == Subject::Kind::queue) return texts;
    const auto seconds = seconds_of(us);
    for (std::size_t i = 0; i < parts.size(); ++i)
        texts[parts[i]] = time_text(seconds[i]);
    return texts;
}

std::string name_of(const Subject& subject) {
    switch (subject.kind) {
        case Subject::Kind::all:
            return "ALL";
        case Subject::Kind::queue:
        case Subject::Kind::agent:
            break;
    }
    return fmt::format("{} {}", text(subject.kind), subject.name);
}

std::vector<const Subject*> those(const Report& report, Subject::Kind kind) {
    std::vector<const Subject*> found;
    for (const Subject& subject : report.subjects)
        if (subject.kind == kind) found.push_back(&subject);
    return found;
}

/// Figure by figure, its formula under each.
std::string figures_text(const Report& report, const std::vector<const Subject*>& subjects) {
    std::vector<Column> columns{{"", Align::left, name_columns}};
    std::vector<std::vector<std::string>> texts;
    for (const Subject* subject : subjects) {
        columns.push_back({name_of(*subject), Align::right});
        texts.push_back(column_of(report, *subject));
    }
    TextTable table{std::move(columns)};
    const auto figures = report::figures();
    for (std::size_t i = 0; i < figures.size(); ++i) {
        std::vector<Span> cells{{std::string{figures[i].name}}};
        for (const auto& column : texts)
            cells.push_back({column[i]});
        table.add(std::move(cells));
    }
    const auto lines = table.lines();
    std::string text = rendered(lines[0], false) + "\n";
    std::optional<Section> section;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        if (section != figures[i].section)
            text += fmt::format("{}{}\n", section ? "\n" : "", title_of(figures[i].section));
        section = figures[i].section;
        text += rendered(lines[i + 1], false) + "\n";
        text += fmt::format("    = {}\n", figures[i].formula);
    }
    return text;
}

/// Why agents were not ready.
std::string reasons_text(const std::vector<const Subject*>& subjects) {
    std::string text;
    for (const Subject* subject : subjects) {
        if (subject->kind == Subject::Kind::queue) continue;
        for (const auto& [reason, us] : subject->total.not_ready_by_reason)
            text += fmt::format("{}: {}: {}\n",
                                name_of(*subject),
                                reason.empty() ? "no reason given" : reason,
                                time_text((us + us_in_second / 2) / us_in_second));
    }
    return text.empty() ? text : "\nNOT READY, BY REASON\n" + text;
}

/// A table with a row for each of something, and the formulas of its columns beneath.
class Listing {
public:
    /// `length` is of the time that a row tells of.
    Listing(const Report& report, Subject::Kind kind, std::string head, Micros length)
        : report_{report},
          kind_{kind},
          length_{length},
          figures_{those_with_column(report, kind, length)},
          table_{columns_of(figures_, std::move(head))} {}

    void add(std::string name, const Totals& totals) {
        std::vector<Span> cells{{std::move(name)}};
        for (const Figure* figure : figures_)
            cells.push_back(
                {value_text(figure->unit, value_of(*figure, report_, kind_, totals, length_))});
        table_.add(std::move(cells));
    }

    std::string text() const {
        std::string text = text_of(table_.lines());
        for (const Figure* figure : figures_)
            text += fmt::format("    {} = {}\n", figure->column, figure->formula);
        return text;
    }

private:
    static std::vector<const Figure*> those_with_column(const Report& report,
                                                        Subject::Kind kind,
                                                        Micros length) {
        std::vector<const Figure*> found;
        for (const Figure& figure : report::figures())
            if (!figure.column.empty() && value_of(figure, report, kind, {}, length).measured)
                found.push_back(&figure);
        return found;
    }
    static std::vector<Column> columns_of(const std::vector<const Figure*>& figures,
                                          std::string head) {
        std::vector<Column> columns{{std::move(head)}};
        for (const Figure* figure : figures)
            columns.push_back({std::string{figure->column}, Align::right});
        return columns;
    }

    const Report& report_;
    Subject::Kind kind_;
    Micros length_;
    std::vector<const Figure*> figures_;
    TextTable table_;
};

std::string list_text(const Report& report, Subject::Kind kind) {
    const auto subjects = those(report, kind);
    if (subjects.empty()) return "";
    const bool queues = kind == Subject::Kind::queue;
    Listing listing{report, kind, queues ? "QUEUE" : "AGENT", length_of(report)};
    for (const Subject* subject : subjects)
        listing.add(subject->name, subject->total);
    return "\n" + listing.text();
}

/// Intervals in which something was counted.
std::string intervals_text(const Report& report, const Subject& subject) {
    Listing listing{report, subject.kind, "FROM", report.asked.every};
    const bool days = report.asked.every >= std::chrono::hours{24};
    for (const auto& [i, totals] : subject.intervals) {
        const auto begin = report.intervals[i].begin;
        const auto day = report::day_text(report.calendar.day_of(begin));
        const auto offset = report.calendar.text_of(begin).substr(19);
        listing.add(
            days ? day : fmt::format("{} {} {}", day, report.calendar.clock_text(begin), offset),
            totals);
    }
    return fmt::format("\n{}: {} of {} intervals with anything in them\n{}",
                       name_of(subject),
                       subject.intervals.size(),
                       report.intervals.size(),
                       listing.text());
}

std::string_view counted_by_text(report::CountBy by) {
    switch (by) {
        case report::CountBy::arrival:
            return "when it came into the queue";
        case report::CountBy::answer:
            return "when its wait ended";
        case report::CountBy::sl_event:
            return "when its wait ended or T passed, whichever was first";
        case report::CountBy::end:
            return "when the call was over";
    }
    return "";
}

/// Times in which nobody looked are part of all others: that is said where there were any.
std::string degraded_text(const Report& report) {
    const auto all = std::ranges::find(report.subjects, Subject::Kind::all, &Subject::kind);
    if (all == report.subjects.end()) return {};
    const auto callers = all->total[report::Sum::degraded_callers];
    const auto agents = all->total[report::Sum::degraded_agents];
    if (callers == 0 && agents == 0) return {};
    const auto seconds = [](std::int64_t us) { return static_cast<double>(us) / us_in_second; };
    return fmt::format(
        "The daemon was dead for {:.1f} s of callers' and {:.1f} s of agents' "
        "segments, which their times contain.\n",
        seconds(callers),
        seconds(agents));
}

std::string head_text(const Report& report) {
    const auto& asked = report.asked;
    const auto seconds = [](Micros us) {
        return static_cast<double>(us.count()) / static_cast<double>(us_in_second);
    };
    return fmt::format(
        "From {} to {}. T = {} s, s = {} s, goal {} %.\n"
        "A visit is counted {} (by={}); times are split where intervals end.\n{}{}\n",
        report.calendar.text_of(report.intervals.front().begin),
        report.calendar.text_of(report.intervals.back().end),
        seconds(asked.target),
        seconds(asked.short_abandon),
        asked.goal_percent,
        counted_by_text(asked.by),
        text(asked.by),
        report.corrected_rows == 0
            ? ""
            : fmt::format("Rows that count as somebody has corrected them: {}.\n",
                          report.corrected_rows),
        degraded_text(report));
}

}  // namespace

std::string report_text(const Report& report) {
    if (report.intervals.empty()) return "The ledger has no segments yet: nothing to report.\n";
    const bool chosen = !report.asked.queue.empty() || !report.asked.agent.empty();
    const auto queues = those(report, Subject::Kind::queue);
    const bool beside = queues.size() <= most_queues_beside;
    std::vector<const Subject*> subjects;
    for (const Subject& subject : report.subjects)
        if (chosen || subject.kind == Subject::Kind::all ||
            (subject.kind == Subject::Kind::queue && beside))
            subjects.push_back(&subject);
    std::string text = head_text(report) + figures_text(report, subjects) + reasons_text(subjects);
    if (!chosen && !beside) text += list_text(report, Subject::Kind::queue);
    if (!chosen) text += list_text(report, Subject::Kind::agent);
    if (report.intervals.size() == 1) return text;
    for (const Subject* subject : subjects)
        if (chosen || subject->kind == Subject::Kind::all) text += intervals_text(report, *subject);
    return text;
}

}  // namespace holdfast::tool
