// wallboard/board_settings.hpp: what a technician decides about one wallboard.
#pragma once
#include "base/address.hpp"
#include "wallboard/alpha_frame.hpp"
#include "wallboard/layout.hpp"

#include <cstdint>
#include <string>

namespace holdfast::wallboard {

/// Our own firmware, or signs that speak the Alpha protocol.
enum class DriverKind : std::uint8_t { holdfast, alpha };

/// Bits, parity and stop bits of a serial line.
enum class LineFormat : std::uint8_t { eight_none_one, seven_even_one };

/// A serial device, or a terminal server's address and port: one of the two.
struct LineSettings {
    std::string device;
    Endpoint remote;
    std::uint32_t baud = 115'200;
    LineFormat format = LineFormat::eight_none_one;
};

/// "/dev/ttyS0", "192.0.2.40:4001", "[2001:db8::40]:4001".
std::string text_of(const LineSettings& line);

struct BoardSettings {
    std::string name;
    DriverKind driver{};
    LineSettings line;
    Geometry geometry;
    Layout layout;
    std::uint8_t least_priority = 0;  ///< Alarms below it are not shown.
    std::uint8_t brightness = 100;    ///< Percent.
    std::string board;                ///< Which of ours it must be; empty: any.
    std::uint8_t node = 1;            ///< Of our firmware: its address on the line.
    alpha::Receiver receiver;         ///< Of Alpha signs.
};

inline constexpr std::size_t most_boards = 16;

}  // namespace holdfast::wallboard
