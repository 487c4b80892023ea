#include "report/machine_forms.hpp"

#include "report/figures.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <set>

namespace holdfast::report {
namespace {

using nlohmann::ordered_json;

constexpr double us_in_second = 1e6;

/// RFC 4180 2.6 and 2.7.
std::string field_text(std::string_view field) {
    if (field.find_first_of(",\"\r\n") == field.npos) return std::string{field};
    std::string text{'"'};
    for (const char c : field) {
        if (c == '"') text += '"';
        text += c;
    }
    return text + '"';
}

/// Calls `row` for each line of the report: "total" first, then every interval.
template <class Row>
void each_row(const Report& report, Row row) {
    static const Totals nothing;
    if (report.intervals.empty()) return;
    const Interval whole{report.intervals.front().begin, report.intervals.back().end};
    for (const auto& subject : report.subjects) {
        row("total", whole, subject, subject.total);
        for (std::size_t i = 0; i < report.intervals.size(); ++i) {
            const auto at = subject.intervals.find(i);
            row("interval",
                report.intervals[i],
                subject,
                at == subject.intervals.end() ? nothing : at->second);
        }
    }
}

std::set<std::string> reasons_of(const Report& report) {
    std::set<std::string> reasons;
    for (const auto& subject : report.subjects)
        for (const auto& [reason, us] : subject.total.not_ready_by_reason)
            reasons.insert(reason);
    return reasons;
}

ordered_json json_of(const Figure& figure, Value value) {
    if (!value.known()) return nullptr;
    const auto number = static_cast<double>(value.num) / static_cast<double>(value.den);
    switch (figure.unit) {
        case Unit::count:
            return value.num;
        case Unit::share:
        case Unit::mean:
            return {{"value", number}, {"num", value.num}, {"den", value.den}};
        case Unit::time:
        case Unit::part:
            break;
    }
    return number / us_in_second;
}

ordered_json seconds_by_reason(const Totals& totals) {
    auto all = ordered_json::object();
    for (const auto& [reason, us] : totals.not_ready_by_reason)
        all[reason] = static_cast<double>(us) / us_in_second;
    return all;
}

ordered_json head_of(const Report& report) {
    const auto& asked = report.asked;
    const auto in_seconds = [](Micros us) {
        return static_cast<double>(us.count()) / us_in_second;
    };
    return {{"from", asked.from ? ordered_json(day_text(*asked.from)) : ordered_json()},
            {"to", asked.to ? ordered_json(day_text(*asked.to)) : ordered_json()},
            {"every_minutes", asked.every.count()},
            {"counted_by", text(asked.by)},
            {"T", in_seconds(asked.target)},
            {"s", in_seconds(asked.short_abandon)},
            {"goal_percent", asked.goal_percent},
            {"corrected_rows", report.corrected_rows}};
}

}  // namespace

std::string csv_of(const Report& report) {
    const auto reasons = reasons_of(report);
    std::string csv = "row,from,to,kind,name";
    for (const Figure& figure : figures())
        csv += fmt::format(",{}", figure.id);
    for (const auto& reason : reasons)
        csv += "," + field_text("not_ready:" + reason);
    csv += "\r\n";
    each_row(
        report, [&](auto row, Interval interval, const Subject& subject, const Totals& totals) {
            csv += fmt::format("{},{},{},{},{}",
                               row,
                               report.calendar.text_of(interval.begin),
                               report.calendar.text_of(interval.end),
                               text(subject.kind),
                               field_text(subject.name));
            for (const Figure& figure : figures())
                csv +=
                    "," +
                    exact_text(
                        figure.unit,
                        value_of(
                            figure, report, subject.kind, totals, interval.end - interval.begin));
            for (const auto& reason : reasons) {
                const auto at = totals.not_ready_by_reason.find(reason);
                const bool none = at == totals.not_ready_by_reason.end();
                const Value us{none ? 0 : at->second, 1, subject.kind != Subject::Kind::queue};
                csv += "," + exact_text(Unit::time, us);
            }
            csv += "\r\n";
        });
    return csv;
}

std::string json_of(const Report& report) {
    auto json = head_of(report);
    auto& formulas = json["figures"] = ordered_json::array();
    for (const Figure& figure : figures())
        formulas.push_back({{"id", figure.id},
                            {"name", figure.name},
                            {"unit", text(figure.unit)},
                            {"formula", figure.formula}});
    auto& rows = json["rows"] = ordered_json::array();
    each_row(
        report, [&](auto row, Interval interval, const Subject& subject, const Totals& totals) {
            ordered_json object{{"row", row},
                                {"from", report.calendar.text_of(interval.begin)},
                                {"to", report.calendar.text_of(interval.end)},
                                {"kind", text(subject.kind)},
                                {"name", subject.name}};
            auto missing = ordered_json::array();
            for (const Figure& figure : figures()) {
                const auto value =
                    value_of(figure, report, subject.kind, totals, interval.end - interval.begin);
                if (value.measured)
                    object[std::string{figure.id}] = json_of(figure, value);
                else
                    missing.push_back(figure.id);
            }
            object["not_ready_by_reason"] = seconds_by_reason(totals);
            object["not_measured"] = std::move(missing);
            rows.push_back(std::move(object));
        });
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace holdfast::report
