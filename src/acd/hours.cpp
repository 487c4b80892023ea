#include "acd/hours.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>

namespace holdfast::acd {
namespace {

constexpr std::array<std::string_view, 7> day_names{"mo", "tu", "we", "th", "fr", "sa", "su"};

std::optional<unsigned> day_of(std::string_view name) {
    for (unsigned i = 0; i < day_names.size(); ++i)
        if (equal_nocase(name, day_names[i])) return i;
    return std::nullopt;
}

std::optional<unsigned> digits(std::string_view text, std::size_t count) {
    if (text.size() != count) return std::nullopt;
    unsigned value = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    return value;
}

std::optional<std::uint16_t> minute_of(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto hour = digits(text.substr(0, 2), 2);
    const auto minute = digits(text.substr(3), 2);
    if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > 24 * 60) return std::nullopt;
    return static_cast<std::uint16_t>(*hour * 60 + *minute);
}

/// "mo-fr" or "sa": the days from the first to the last, over the week's end where need be.
std::optional<std::uint8_t> days_of(std::string_view range) {
    const auto dash = range.find('-');
    const auto first = day_of(range.substr(0, dash));
    const auto last = dash == range.npos ? first : day_of(range.substr(dash + 1));
    if (!first || !last) return std::nullopt;
    std::uint8_t days = 0;
    for (unsigned day = *first;; day = (day + 1) % 7) {
        days = static_cast<std::uint8_t>(days | 1u << day);
        if (day == *last) return days;
    }
}

}  // namespace

std::expected<OpenSpan, HoursFault> parse_span(std::string_view text) {
    const auto blank = text.find(' ');
    OpenSpan span;
    for (auto days = text.substr(0, blank); !days.empty();) {
        const auto comma = days.find(',');
        const auto range = days_of(days.substr(0, comma));
        if (!range) return std::unexpected{HoursFault::bad_day};
        span.weekdays = static_cast<std::uint8_t>(span.weekdays | *range);
        days = comma == days.npos ? std::string_view{} : days.substr(comma + 1);
    }
    if (span.weekdays == 0) return std::unexpected{HoursFault::bad_day};
    const auto times = blank == text.npos ? std::string_view{} : trim(text.substr(blank));
    const auto dash = times.find('-');
    if (dash == times.npos) return std::unexpected{HoursFault::bad_time};
    const auto from = minute_of(trim(times.substr(0, dash)));
    const auto to = minute_of(trim(times.substr(dash + 1)));
    if (!from || !to) return std::unexpected{HoursFault::bad_time};
    if (*to <= *from) return std::unexpected{HoursFault::ends_before_start};
    span.from_minute = *from;
    span.to_minute = *to;
    return span;
}

std::optional<Holiday> parse_holiday(std::string_view text) {
    Holiday holiday;
    if (text.size() == 10 && text[4] == '-') {
        const auto year = digits(text.substr(0, 4), 4);
        if (!year || *year == 0) return std::nullopt;
        holiday.year = static_cast<std::uint16_t>(*year);
        text.remove_prefix(5);
    }
    if (text.size() != 5 || text[2] != '-') return std::nullopt;
    const auto month = digits(text.substr(0, 2), 2);
    const auto day = digits(text.substr(3), 2);
    if (!month || !day) return std::nullopt;
    holiday.month = static_cast<std::uint8_t>(*month);
    holiday.day = static_cast<std::uint8_t>(*day);
    // 29 February counts as a date of every year; it simply does not come in most.
    const auto year = std::chrono::year{holiday.year == 0 ? 2024 : holiday.year};
    const std::chrono::year_month_day date{
        year, std::chrono::month{*month}, std::chrono::day{*day}};
    return date.ok() ? std::optional{holiday} : std::nullopt;
}

bool open_at(const OpeningHours& hours, WallInstant wall, std::int32_t utc_offset_s) {
    using namespace std::chrono;
    const auto local = wall.time_since_epoch() + seconds{utc_offset_s};
    const auto today = floor<days>(local);
    const year_month_day date{sys_days{today}};
    for (const auto& h : hours.holidays)
        if ((h.year == 0 || year{h.year} == date.year()) && month{h.month} == date.month() &&
            day{h.day} == date.day())
            return false;
    if (hours.spans.empty()) return true;
    const auto minute = duration_cast<minutes>(local - today).count();
    const unsigned weekday_bit = 1u << (weekday{sys_days{today}}.iso_encoding() - 1);
    return std::ranges::any_of(hours.spans, [&](const OpenSpan& s) {
        return (s.weekdays & weekday_bit) != 0 && minute >= s.from_minute && minute < s.to_minute;
    });
}

}  // namespace holdfast::acd
