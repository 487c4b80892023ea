// acd/hours.hpp: when a queue is open, in local time. Pure: the offset from UTC comes with the
// question, so a day of 23 or 25 hours needs no special case.
#pragma once
#include "base/time.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

namespace holdfast::acd {

struct OpenSpan {
    std::uint8_t weekdays = 0;                     ///< Bit 0 is Monday.
    std::uint16_t from_minute = 0, to_minute = 0;  ///< Of the local day; to may be 1440 (24:00).
};

/// A day of the calendar; year 0 is every year.
struct Holiday {
    std::uint16_t year = 0;
    std::uint8_t month = 0, day = 0;
};

struct OpeningHours {
    std::vector<OpenSpan> spans;  ///< None: always open, holidays aside.
    std::vector<Holiday> holidays;
};

enum class HoursFault : std::uint8_t { bad_day, bad_time, ends_before_start };

/// "mo-fr 08:00-18:00", "sa,su 10:00-14:00". A span over midnight is written as two.
std::expected<OpenSpan, HoursFault> parse_span(std::string_view text);
/// "2026-12-24" or "12-25" for every year.
std::optional<Holiday> parse_holiday(std::string_view text);

/// Whether `hours` say open at the local time that `wall` and `utc_offset_s` make.
bool open_at(const OpeningHours& hours, WallInstant wall, std::int32_t utc_offset_s);

}  // namespace holdfast::acd
