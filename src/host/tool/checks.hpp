// host/tool/checks.hpp: what the operator can have checked without a daemon.
#pragma once
#include <cstdio>
#include <string>

namespace holdfast::tool {

/// Every fault of a settings file goes to `faults`, "file:line: ..." each; a summary to `out` where
/// there is none. The exit code.
int check_settings(const std::string& file, bool json, std::FILE* out, std::FILE* faults);

}  // namespace holdfast::tool
