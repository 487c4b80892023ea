// host/tool/replay_inputs.hpp: `holdfast replay FILE`.
#pragma once
#include <cstdio>
#include <string>

namespace holdfast::tool {

/// Runs a black box through the engine; tells whether it came to the same states. The exit code.
int replay_inputs(const std::string& file, bool json, std::FILE* out, std::FILE* faults);

}  // namespace holdfast::tool
