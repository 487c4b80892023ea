// report/machine_forms.hpp: reports for programs.
#pragma once
#include "report/report.hpp"

#include <string>

namespace holdfast::report {

/// RFC 4180, with a heading: a line for each queue, agent and all of them in each interval, and one
/// for the whole time. Times in seconds; "-" where there is nothing to count, "not measured" where
/// the ledger cannot tell.
std::string csv_of(const Report& report);

/// One object in one line. A value is null where there is nothing to count, and a figure that the
/// ledger cannot tell stands under "not_measured" instead.
std::string json_of(const Report& report);

}  // namespace holdfast::report
