// host/tool/privacy.hpp: what an exchange with some settings measures of people, for those people.
#pragma once
#include "settings/settings.hpp"

#include <cstdio>
#include <string>

namespace holdfast::tool {

/// In sentences: what is measured, who sees it, for how long.
std::string privacy_text(const settings::Settings& settings);

/// Prints it for a settings file; faults of the file go to `faults`. The exit code.
int show_privacy(const std::string& file, std::FILE* out, std::FILE* faults);

}  // namespace holdfast::tool
