#include "host/tool/checks.hpp"

#include "base/limits.hpp"
#include "host/tool/exit_codes.hpp"
#include "host/tool/json_line.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <optional>
#include <unistd.h>
#include <vector>

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

namespace {

void tell_unreadable(const std::string& file, std::FILE* faults) {
    fmt::print(faults,
               "{}: cannot be read, or is longer than {} MiB: name a settings file\n",
               file,
               most_settings_bytes / 1024 / 1024);
}

void tell_faults(const std::vector<settings::Fault>& all,
                 const std::string& file,
                 std::FILE* faults) {
    fmt::print(faults,
               "{}{}: {}, not usable\n",
               settings::text_of(all, file),
               file,
               counted(all.size(), "fault"));
}

}  // namespace

std::expected<settings::Settings, int> settings_of(
    const std::string& file,
    std::FILE* faults,
    const std::function<bool(const std::string&)>& can_be_read) {
    const auto text = content_of(file);
    if (!text) {
        tell_unreadable(file, faults);
        return std::unexpected{exit_no_input};
    }
    auto read = settings::read(*text, can_be_read);
    if (read) return *std::move(read);
    tell_faults(read.error(), file, faults);
    return std::unexpected{exit_settings};
}

int check_settings(const std::string& file, bool json, std::FILE* out, std::FILE* faults) {
    const auto text = content_of(file);
    if (!text) {
        tell_unreadable(file, faults);
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
        tell_faults(read.error(), file, faults);
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
