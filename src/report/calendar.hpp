// report/calendar.hpp: the local clock as the ledger's rows have seen it. A local day has 96
// quarters of an hour, or 92 or 100 where the clock was put forward or back.
#pragma once
#include "base/time.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::report {

using Day = std::chrono::local_days;

/// From `at` on local time was `offset` ahead of UTC.
struct OffsetChange {
    WallInstant at{};
    std::chrono::seconds offset{};
};

/// [begin, end) of the wall clock.
struct Interval {
    WallInstant begin{}, end{};
    bool operator==(const Interval&) const = default;
};

class Calendar {
public:
    /// In order of time; the first holds before its instant too. None: local time is UTC.
    explicit Calendar(std::vector<OffsetChange> changes);

    std::chrono::seconds offset_at(WallInstant at) const;
    Day day_of(WallInstant at) const;
    /// When the local clock last came to midnight of that day.
    WallInstant begin_of(Day day) const;
    /// The day in pieces of `length`, which is a whole number of minutes; the last may be shorter.
    std::vector<Interval> pieces_of(Day day, std::chrono::minutes length) const;
    /// As ISO 8601 has it: "2026-10-25T02:15:00+02:00".
    std::string text_of(WallInstant at) const;
    /// "02:15", without the day.
    std::string clock_text(WallInstant at) const;

private:
    std::vector<OffsetChange> changes_;
};

/// When the clock was changed, where no row tells it exactly: after `before`, and by `by`. Zones of
/// Europe change at 01:00 UTC of a Sunday, most others at 02:00 of the old local time; else the
/// last whole hour.
WallInstant likely_change(WallInstant before,
                          WallInstant by,
                          std::chrono::seconds old_offset,
                          std::chrono::seconds new_offset);

/// "2026-10-25", or a sentence that says what is wrong.
std::expected<Day, std::string> read_day(std::string_view text);
std::string day_text(Day day);

}  // namespace holdfast::report
