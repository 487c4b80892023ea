#include "host/tool/checks.hpp"

#include "base/limits.hpp"
#include "host/tool/exit_codes.hpp"
#include "host/tool/json_line.hpp"
#include "settings/settings.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <optional>
#include <unistd.h>

namespace holdfast::tool {
namespace {

using nlohmann::ordered_json;

/// A phone, an agent and a queue take 300 bytes each; at the limits that is 1.5 MB.
constexpr std::size_t most_settings_bytes = std::size_t{8} * 1024 * 1024;

std::optional<std::string> content_of(const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) return std::nullopt;
    std::string text(most_settings_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (in.bad() || text.size() > most_settings_bytes) return std::nullopt;
    return text;
}

bool readable(const std::string& path) {
    return ::access(path.c_str(), R_OK) == 0;
}

std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

int check_settings(const std::string& file, bool json, std::FILE* out, std::FILE* faults) {
    const auto text = content_of(file);
    if (!text) {
        fmt::print(faults,
                   "{}: cannot be read, or is longer than {} MiB: name a settings file\n",
                   file,
                   most_settings_bytes / 1024 / 1024);
        return exit_no_input;
    }
    const auto read = settings::read(*text, readable);
    if (json) {
        auto list = ordered_json::array();
        if (!read)
            for (const auto& fault : read.error())
                list.push_back({{"line", fault.line}, {"what", fault.what}});
        print_json(out, {{"file", file}, {"faults", std::move(list)}});
        return read ? exit_done : exit_settings;
    }
    if (!read) {
        fmt::print(faults,
                   "{}{}: {}, not usable\n",
                   settings::text_of(read.error(), file),
                   file,
                   counted(read.error().size(), "fault"));
        return exit_settings;
    }
    const auto& engine = read->engine;
    fmt::print(out,
               "{}: good. Site \"{}\": {}, {}, {}, {}, {}.\n",
               file,
               engine.site,
               counted(engine.floor.queues.size(), "queue"),
               counted(engine.floor.agents.size(), "agent"),
               counted(engine.devices.size(), "phone"),
               counted(engine.trunks.size(), "trunk"),
               counted(engine.listeners.size(), "listener"));
    return exit_done;
}

}  // namespace holdfast::tool
