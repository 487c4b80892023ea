// host/wallboard/serial_line.hpp: lines to wallboards, made ready for bytes.
#pragma once
#include "host/io/fd.hpp"
#include "wallboard/board_settings.hpp"

#include <expected>
#include <string>

namespace holdfast::host {

/// A serial device in raw mode with the rate and format of the settings, non-blocking, ours alone;
/// or a connection to a terminal server, perhaps still under way. A sentence where that cannot be.
std::expected<Fd, std::string> open_line(const wallboard::LineSettings& line);

/// Why a connection that was under way did not come about; empty where it did.
std::string connect_fault(int connection, const wallboard::LineSettings& line);

}  // namespace holdfast::host
