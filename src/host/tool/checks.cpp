#include "host/tool/checks.hpp"

#include "base/limits.hpp"
#include "host/tool/exit_codes.hpp"
#include "host/tool/figures.hpp"
#include "ledger/verify.hpp"
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

void print_json(std::FILE* out, const ordered_json& object) {
    fmt::print(out, "{}\n", object.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
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

int verify_ledger(const std::string& file, bool json, std::FILE* out, std::FILE* faults) {
    const auto verdict = ledger::verify(file);
    if (!verdict) {
        fmt::print(faults, "{}\n", verdict.error().text);
        return exit_no_input;
    }
    const auto& v = *verdict;
    if (json) {
        print_json(out,
                   {{"file", file},
                    {"sound", v.sound()},
                    {"rows", v.rows},
                    {"caller_lanes", v.caller_lanes},
                    {"agent_lanes", v.agent_lanes},
                    {"open_lanes", v.open_lanes},
                    {"lane_us", v.lane_us},
                    {"segment_us", v.segment_us},
                    {"flaws", v.flaws},
                    {"first_bad_row", v.first_bad_row},
                    {"sentences", v.sentences}});
        return v.sound() ? exit_done : exit_refused;
    }
    for (const auto& sentence : v.sentences)
        fmt::print(faults, "{}: {}\n", file, sentence);
    if (!v.sound()) {
        fmt::print(faults,
                   "{}: {}, the first in row {}: keep the file, and ask for help\n",
                   file,
                   counted(v.flaws, "flaw"),
                   v.first_bad_row);
        return exit_refused;
    }
    fmt::print(out,
               "{}: sound. {} segments tile {} callers' and {} agents' lanes ({} open), {} us.\n",
               file,
               count_text(v.rows),
               count_text(v.caller_lanes),
               count_text(v.agent_lanes),
               count_text(v.open_lanes),
               count_text(static_cast<std::uint64_t>(v.segment_us)));
    return exit_done;
}

}  // namespace holdfast::tool
