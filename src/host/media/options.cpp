#include "host/media/options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace holdfast::host {
namespace {

constexpr int configuration_error = 78;  // EX_CONFIG: systemd does not start it again and again

constexpr std::array<std::pair<std::string_view, LogLevel>, 4> levels{
    {{"debug", LogLevel::debug},
     {"info", LogLevel::info},
     {"warning", LogLevel::warning},
     {"error", LogLevel::error}}};

const auto* level_of(std::string_view name) {
    return std::find_if(
        levels.begin(), levels.end(), [&](const auto& level) { return level.first == name; });
}

std::string check_level(const std::string& name) {
    if (level_of(name) != levels.end()) return {};
    return "'" + name + "' is none of debug, info, warning, error";
}

std::string check_path(const std::string& path) {
    return path.empty() ? "the path is empty" : std::string{};
}

}  // namespace

std::expected<MediaOptions, MediaUsage> read_media_options(int argc, const char* const* argv) {
    MediaOptions options;
    std::string level{"info"};
    CLI::App app{
        "Carries the sound of calls: relays between phones, plays music and announcements. "
        "Takes its orders from holdfastd at a Unix socket.",
        "holdfast-media"};
    app.add_option("--socket", options.socket, "Where to listen for the daemon")
        ->required()
        ->check(check_path)
        ->type_name("PATH");
    app.add_option("--log-level", level, "debug, info, warning or error")
        ->check(check_level)
        ->type_name("LEVEL");
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return std::unexpected{MediaUsage{app.help(), 0}};
    } catch (const CLI::ParseError& fault) {
        return std::unexpected{
            MediaUsage{std::string{"holdfast-media: "} + fault.what() +
                           "\nUsage: holdfast-media --socket PATH [--log-level LEVEL]\n",
                       configuration_error}};
    }
    options.log_level = level_of(level)->second;
    return options;
}

}  // namespace holdfast::host
