// host/tool/incoming.hpp: the daemon's lines read back into the structs it made them from.
#pragma once
#include "console/requests.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>

namespace holdfast::tool {

struct Answered {
    std::uint64_t id = 0;
    console::Answer answer;
};
using Incoming = std::variant<Answered, console::Event>;

/// A field that is not there keeps its standard value, one that we do not know is passed over: the
/// daemon may be a little older or newer than we are. A sentence where it is another protocol.
std::expected<Incoming, std::string> read_incoming(std::string_view line);

}  // namespace holdfast::tool
