// host/tool/run.hpp: the program holdfast, whole.
#pragma once
#include "host/tool/options.hpp"

namespace holdfast::tool {

/// Does what the command line says and returns the exit code.
int run(const Options& options);

}  // namespace holdfast::tool
