#include "report/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace holdfast::report {
namespace {

using std::chrono::floor;
using std::chrono::hours;
using std::chrono::seconds;
using WallDays = std::chrono::time_point<WallClock, std::chrono::days>;

std::chrono::year_month_day date_of(Day day) {
    return std::chrono::year_month_day{day};
}

bool is_sunday(WallDays day) {
    return std::chrono::weekday{std::chrono::sys_days{day.time_since_epoch()}} ==
           std::chrono::Sunday;
}

/// The last instant in (before, by] that lies `into_day` after the beginning of a Sunday of a clock
/// that is `offset` ahead of UTC.
std::optional<WallInstant> last_sunday_at(WallInstant before,
                                          WallInstant by,
                                          seconds offset,
                                          hours into_day) {
    constexpr int days_looked_at = 8;
    auto day = floor<std::chrono::days>(by + offset);
    for (int i = 0; i < days_looked_at; ++i, day -= std::chrono::days{1}) {
        const WallInstant at = day + into_day - offset;
        if (is_sunday(day) && at > before && at <= by) return at;
    }
    return std::nullopt;
}

}  // namespace

Calendar::Calendar(std::vector<OffsetChange> changes) : changes_{std::move(changes)} {
    if (changes_.empty()) changes_.emplace_back();
}

seconds Calendar::offset_at(WallInstant at) const {
    const auto after = std::ranges::upper_bound(changes_, at, {}, &OffsetChange::at);
    return after == changes_.begin() ? changes_.front().offset : std::prev(after)->offset;
}

Day Calendar::day_of(WallInstant at) const {
    return Day{floor<std::chrono::days>((at + offset_at(at)).time_since_epoch())};
}

WallInstant Calendar::begin_of(Day day) const {
    const WallInstant midnight{day.time_since_epoch()};
    WallInstant found = midnight - changes_.front().offset;
    for (std::size_t i = 1; i < changes_.size(); ++i) {
        const WallInstant began = midnight - changes_[i].offset;
        // A clock put forward over midnight: the day begins with the change.
        const bool skipped = began < changes_[i].at && found >= changes_[i].at;
        if (began >= changes_[i].at)
            found = began;
        else if (skipped)
            found = changes_[i].at;
    }
    return found;
}

std::vector<Interval> Calendar::pieces_of(Day day, std::chrono::minutes length) const {
    const WallInstant end = begin_of(day + std::chrono::days{1});
    std::vector<Interval> pieces;
    for (WallInstant at = begin_of(day); at < end; at += length)
        pieces.push_back({at, std::min<WallInstant>(at + length, end)});
    return pieces;
}

std::string Calendar::text_of(WallInstant at) const {
    const auto offset = offset_at(at);
    const auto minutes = std::abs(offset.count()) / 60;
    return fmt::format("{}T{}:{:02}{}{:02}:{:02}",
                       day_text(day_of(at)),
                       clock_text(at),
                       floor<seconds>(at + offset).time_since_epoch().count() % 60,
                       offset.count() < 0 ? '-' : '+',
                       minutes / 60,
                       minutes % 60);
}

std::string Calendar::clock_text(WallInstant at) const {
    const auto local = at + offset_at(at);
    const auto minutes = floor<std::chrono::minutes>(local - floor<std::chrono::days>(local));
    return fmt::format("{:02}:{:02}", minutes.count() / 60, minutes.count() % 60);
}

WallInstant likely_change(WallInstant before,
                          WallInstant by,
                          seconds old_offset,
                          seconds new_offset) {
    const auto [least, most] = std::minmax(old_offset, new_offset);
    if (least >= hours{-1} && most <= hours{3})
        if (const auto at = last_sunday_at(before, by, seconds{0}, hours{1})) return *at;
    if (const auto at = last_sunday_at(before, by, old_offset, hours{2})) return *at;
    const WallInstant hour = floor<hours>(by);
    return hour > before ? hour : by;
}

std::expected<Day, std::string> read_day(std::string_view text) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    const auto number = [&](std::size_t from, std::size_t length, auto& to) {
        if (text.size() != 10) return false;
        const char* const end = text.data() + from + length;
        return std::from_chars(text.data() + from, end, to).ptr == end;
    };
    const bool read = number(0, 4, year) && number(5, 2, month) && number(8, 2, day) &&
                      text[4] == '-' && text[7] == '-' && year >= 1970;
    const std::chrono::year_month_day date{
        std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
    if (!read || !date.ok())
        return std::unexpected{
            fmt::format("\"{}\" is no date: write year, month and day, as in 2026-11-23", text)};
    return Day{date};
}

std::string day_text(Day day) {
    const auto date = date_of(day);
    return fmt::format("{:04}-{:02}-{:02}",
                       static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

}  // namespace holdfast::report
