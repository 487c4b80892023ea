// boards/appliance.hpp: what a machine that Holdfast is installed on has: where its disk is, and
// what its serial sockets are called outside. The settings name one by [site] appliance.
#pragma once
#include <array>
#include <string_view>

namespace holdfast::boards {

struct SerialSocket {
    std::string_view name;    ///< As it is written on the case, and in [[wallboard]] device.
    std::string_view device;  ///< Of Linux.
};

struct Appliance {
    std::string_view name;
    std::string_view state;    ///< Where the ledger is: on the disk that survives.
    std::string_view runtime;  ///< In memory.
    std::array<SerialSocket, 2> serial;
    std::string_view wallboard_driver;  ///< What most of them are delivered with.
};

}  // namespace holdfast::boards
