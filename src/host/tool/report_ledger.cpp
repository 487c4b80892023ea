#include "host/tool/report_ledger.hpp"

#include "host/tool/exit_codes.hpp"
#include "host/tool/report_text.hpp"
#include "report/machine_forms.hpp"

#include <fmt/format.h>

namespace holdfast::tool {
namespace {

std::string formed(const report::Report& report, ReportForm form) {
    switch (form) {
        case ReportForm::csv:
            return report::csv_of(report);
        case ReportForm::json:
            return report::json_of(report);
        case ReportForm::text:
            break;
    }
    return report_text(report);
}

}  // namespace

int report_ledger(const ReportLedger& command, bool json, std::FILE* out, std::FILE* faults) {
    const auto report = report::make_report(command.file, command.question);
    if (!report) {
        fmt::print(faults, "holdfast: {}\n", report.error());
        return exit_no_input;
    }
    fmt::print(out, "{}", formed(*report, json ? ReportForm::json : command.form));
    return exit_done;
}

}  // namespace holdfast::tool
