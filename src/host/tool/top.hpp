// host/tool/top.hpp: the floor, live.
#pragma once
#include "host/tool/client.hpp"

#include <cstdint>
#include <string>

namespace holdfast::tool {

/// Fills a terminal, or writes a picture a second where standard output is none. `frames`: ends
/// after that many; 0: when told to. Returns the exit code.
/// `rows`: of the terminal, from above, that it may use; 0: all of them.
int run_top(Client client, const std::string& socket, std::uint64_t frames, std::size_t rows = 0);

}  // namespace holdfast::tool
