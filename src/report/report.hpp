// report/report.hpp: what happened in a stretch of local days, counted from the ledger's rows. The
// same rows give the same report, byte for byte.
#pragma once
#include "report/calendar.hpp"
#include "report/totals.hpp"

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::report {

/// To which moment, and so to which interval, a visit belongs with everything counted of it.
enum class CountBy : std::uint8_t {
    arrival,   ///< It came into the queue.
    answer,    ///< Its wait ended: answered, abandoned or sent away.
    sl_event,  ///< Its wait ended or the target passed, whichever was first.
    end,       ///< The call was over.
};

struct Question {
    std::optional<Day> from, to;          ///< Both included. None: the day of the last row.
    std::string queue, agent;             ///< Only these where not empty.
    std::chrono::minutes every{24 * 60};  ///< 15, 30, or a day.
    CountBy by = CountBy::arrival;
    Micros target = 20s;        ///< T: the wait that is good service.
    Micros short_abandon = 5s;  ///< s: who leaves within it did not wait.
    int goal_percent = 80;      ///< Of a quarter's visits answered within T.
};

/// Ten years; a day's totals of 500 queues and 2,000 agents are 1.6 MB.
inline constexpr int most_days = 3'660;
/// Of subjects in intervals, 640 bytes each: 256 MB.
inline constexpr std::size_t most_totals = 400'000;

struct Subject {
    enum class Kind : std::uint8_t { all, queue, agent } kind{};
    std::string name;  ///< Empty for all.
    Totals total;
    std::map<std::size_t, Totals> intervals;  ///< By index; those with anything in them.
};

struct Report {
    Question asked;  ///< With the days that were meant.
    Calendar calendar{{}};
    std::vector<Interval> intervals;
    std::vector<Subject> subjects;   ///< All, then queues and agents by name.
    std::size_t corrected_rows = 0;  ///< Counted as somebody has corrected them.
    bool knows_callers = false;      ///< Else nothing is known of their returning.
};

/// Reads the ledger at `path`. The error is a sentence.
std::expected<Report, std::string> make_report(const std::string& path, const Question& question);

}  // namespace holdfast::report
