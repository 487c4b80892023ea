#include "report/figures.hpp"

namespace holdfast::report {
namespace {

/// Callers come evenly enough in such a time for a formula that takes them to come so.
constexpr Micros longest_even_load = 30min;

}  // namespace

bool Scope::has(Subject::Kind kind) const {
    switch (kind) {
        case Subject::Kind::all:
            return all;
        case Subject::Kind::queue:
            return queue;
        case Subject::Kind::agent:
            return agent;
    }
    return false;
}

Value value_of(const Figure& figure,
               const Report& report,
               Subject::Kind kind,
               const Totals& totals,
               Micros length) {
    const bool unknown = figure.section == Section::contacts && !report.knows_callers;
    if (!figure.scope.has(kind) || unknown) return unmeasured;
    if (figure.of_interval != nullptr && length <= longest_even_load)
        return figure.of_interval(totals, report.asked, length);
    return figure.of == nullptr ? unmeasured : figure.of(totals);
}

}  // namespace holdfast::report
