// host/tool/update_board.hpp: gives a wallboard new firmware through the daemon that speaks with
// it.
#pragma once
#include <string>
#include <vector>

namespace holdfast::tool {

struct UpdateFirmware {
    std::string board;
    std::vector<std::string> files;  ///< Images for its slots; the board takes the one that fits.
};

/// Hands the images over, and tells how it goes until it is over. An exit code.
int update_board(const UpdateFirmware& command, const std::string& socket);

}  // namespace holdfast::tool
