// host/tool/report_options.hpp: the words of "holdfast report".
#pragma once
#include "host/tool/options.hpp"

#include <CLI/App.hpp>

#include <string>

namespace holdfast::tool {

/// Where they are put while CLI11 reads them.
struct ReportWords {
    std::string file, from, to, queue, agent, every = "day", by = "arrival", form = "text";
    double target_s = 20, short_s = 5;
    int goal_percent = 80;

    /// Throws CLI::ValidationError where a date is none.
    ReportLedger command() const;
};

void add_report_options(CLI::App& report, ReportWords& words);

}  // namespace holdfast::tool
