#include "wallboard/board_settings.hpp"

#include <fmt/format.h>

namespace holdfast::wallboard {

std::string text_of(const LineSettings& line) {
    if (!line.device.empty()) return line.device;
    const auto address = holdfast::text_of(line.remote.address);
    return line.remote.address.family == IpAddress::Family::v6
               ? fmt::format("[{}]:{}", address.view(), line.remote.port)
               : fmt::format("{}:{}", address.view(), line.remote.port);
}

}  // namespace holdfast::wallboard
