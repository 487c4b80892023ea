// host/tool/top.hpp: the floor, live.
#pragma once
#include "host/tool/client.hpp"

#include <cstdint>
#include <string>

namespace holdfast::tool {

/// Fills a terminal, or writes a picture a second where standard output is none. `frames`: ends
/// after that many; 0: when told to. Returns the exit code.
int run_top(Client client, const std::string& socket, std::uint64_t frames);

}  // namespace holdfast::tool
