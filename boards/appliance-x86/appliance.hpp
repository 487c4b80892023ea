// boards/appliance-x86/appliance.hpp: a small x86-64 machine with two RS-232 sockets.
#pragma once
#include "boards/appliance.hpp"

namespace holdfast::boards {

inline constexpr Appliance appliance_x86{
    .name = "appliance-x86",
    .state = "/var/lib/holdfast",
    .runtime = "/run/holdfast",
    .serial = {{{"COM1", "/dev/ttyS0"}, {"COM2", "/dev/ttyS1"}}},
    .wallboard_driver = "alpha",
};

}  // namespace holdfast::boards
