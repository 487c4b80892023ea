// host/tool/report_text.hpp: reports as people read them.
#pragma once
#include "report/report.hpp"

#include <string>

namespace holdfast::tool {

/// Every figure with its formula for the whole time, for the centre and its queues or for whom was
/// asked; then tables of queues, agents and intervals. Whole lines.
std::string report_text(const report::Report& report);

}  // namespace holdfast::tool
