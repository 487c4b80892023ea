// host/tool/json_line.hpp: an answer for programs.
#pragma once
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace holdfast::tool {

/// One line. Bytes that are no UTF-8 are replaced.
inline void print_json(std::FILE* out, const nlohmann::ordered_json& object) {
    using nlohmann::ordered_json;
    fmt::print(out, "{}\n", object.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

}  // namespace holdfast::tool
