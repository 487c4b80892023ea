// host/tool/checks.hpp: what the operator can have checked without a daemon.
#pragma once
#include "settings/settings.hpp"

#include <cstdio>
#include <expected>
#include <functional>
#include <string>

namespace holdfast::tool {

/// The settings of a file, or the exit code: what is wrong has gone to `faults`. `readable` as in
/// settings::read.
std::expected<settings::Settings, int> settings_of(
    const std::string& file,
    std::FILE* faults,
    const std::function<bool(const std::string&)>& readable = {});

/// Every fault of a settings file goes to `faults`, "file:line: ..." each; a summary to `out` where
/// there is none. The exit code.
int check_settings(const std::string& file, bool json, std::FILE* out, std::FILE* faults);

}  // namespace holdfast::tool
