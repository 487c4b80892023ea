// boards/appliance-rpi4/appliance.hpp: a Raspberry Pi 4 with its header's UART and a USB adapter.
#pragma once
#include "boards/appliance.hpp"

namespace holdfast::boards {

inline constexpr Appliance appliance_rpi4{
    .name = "appliance-rpi4",
    // An SSD at USB 3: a memory card does not live long under a ledger that is synced 200 times
    // a second.
    .state = "/srv/holdfast",
    .runtime = "/run/holdfast",
    // The header's pins 8 and 10 are the PL011, once dtoverlay=disable-bt has freed it; the mini
    // UART changes its baud rate with the core clock and is not used.
    .serial = {{{"HEADER", "/dev/ttyAMA0"}, {"USB", "/dev/ttyUSB0"}}},
    .wallboard_driver = "holdfast",
};

}  // namespace holdfast::boards
