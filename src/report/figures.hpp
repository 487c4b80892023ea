// report/figures.hpp: every figure of a report, with its formula in words. Publishers of such
// figures differ in their definitions, so none is shown without its own.
#pragma once
#include "report/report.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace holdfast::report {

/// num / den; not known where den is zero, or where it cannot be measured.
struct Value {
    std::int64_t num = 0, den = 1;
    bool measured = true;
    bool known() const { return measured && den != 0; }
    bool operator==(const Value&) const = default;
};
inline constexpr Value unmeasured{0, 0, false};

// clang-format off
enum class Unit : std::uint8_t {
    count, share,
    mean,          // of counts
    time,          // us: a sum, a mean or a longest
    part,          // us: one of the parts that make up the time logged in
};
enum class Section : std::uint8_t {
    service_level, waits, abandonments, handled_calls, offered_calls, agents_time, contacts,
    degraded,       // when nobody looked
    missing,        // what the ledger cannot tell
};
// clang-format on

/// Of whom a figure is told; of others it is not measured.
struct Scope {
    bool all = true, queue = true, agent = true;
    bool has(Subject::Kind kind) const;
};

struct Figure {
    Section section{};
    std::string_view id;  ///< In CSV and JSON.
    std::string_view name;
    std::string_view formula;  ///< With T and s, which the report's head tells.
    Unit unit{};
    Scope scope;
    std::string_view
        column;  ///< Its heading where rows are subjects or intervals; empty: left out.
    Value (*of)(const Totals&) = nullptr;  ///< None: the ledger cannot tell.
    /// Instead of `of`: of a single interval of half an hour at most, measured nowhere else.
    Value (*of_interval)(const Totals&, const Question&, Micros length) = nullptr;
};

std::span<const Figure> figures();
std::string_view title_of(Section section);

/// `length` is of the time in which the totals were counted.
Value value_of(const Figure& figure,
               const Report& report,
               Subject::Kind kind,
               const Totals& totals,
               Micros length);

inline constexpr std::string_view not_measured = "not measured";
inline constexpr std::string_view nothing_to_count = "-";

/// For programs: a count, a share of 1, seconds with all six digits.
std::string exact_text(Unit unit, Value value);

}  // namespace holdfast::report
