// host/tool/report_ledger.hpp: figures of some days, from the ledger.
#pragma once
#include "host/tool/options.hpp"

#include <cstdio>

namespace holdfast::tool {

/// Prints the report in the form asked for; `json` is the program's own option. Returns the exit
/// code.
int report_ledger(const ReportLedger& command, bool json, std::FILE* out, std::FILE* faults);

}  // namespace holdfast::tool
