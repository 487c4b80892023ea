// How figures and their sections are said.
#include "report/figures.hpp"

#include <fmt/format.h>

namespace holdfast::report {

std::string_view title_of(Section section) {
    switch (section) {
        case Section::service_level:
            return "SERVICE LEVEL";
        case Section::waits:
            return "WAITING";
        case Section::abandonments:
            return "ABANDONMENT AND EXITS";
        case Section::handled_calls:
            return "CALLS";
        case Section::offered_calls:
            return "OFFERS TO AGENTS";
        case Section::agents_time:
            return "AGENTS' TIME";
        case Section::contacts:
            return "CONTACTS";
        case Section::degraded:
            return "NOBODY LOOKED";
        case Section::missing:
            return "NOT IN THE LEDGER";
    }
    return "";
}

std::string exact_text(Unit unit, Value value) {
    if (!value.measured) return std::string{not_measured};
    if (value.den == 0) return std::string{nothing_to_count};
    constexpr double us_in_second = 1e6;
    switch (unit) {
        case Unit::count:
            return fmt::format("{}", value.num);
        case Unit::share:
        case Unit::mean:
            return fmt::format("{:.6f}",
                               static_cast<double>(value.num) / static_cast<double>(value.den));
        case Unit::time:
        case Unit::part:
            return fmt::format(
                "{:.6f}",
                static_cast<double>(value.num) / static_cast<double>(value.den) / us_in_second);
    }
    return "";
}

}  // namespace holdfast::report
