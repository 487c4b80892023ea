// host/tool/checks.hpp: what the operator can have checked without a daemon. Both return the exit
// code.
#pragma once
#include <cstdio>
#include <string>

namespace holdfast::tool {

/// Every fault of a settings file goes to `faults`, "file:line: ..." each; a summary to `out` where
/// there is none.
int check_settings(const std::string& file, bool json, std::FILE* out, std::FILE* faults);

/// Whether the ledger keeps its promises; its first flaws where it does not.
int verify_ledger(const std::string& file, bool json, std::FILE* out, std::FILE* faults);

}  // namespace holdfast::tool
