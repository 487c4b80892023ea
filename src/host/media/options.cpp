#include "host/media/options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <map>

namespace holdfast::host {
namespace {

constexpr int configuration_error = 78;  // EX_CONFIG: systemd does not start it again and again

}  // namespace

std::expected<MediaOptions, MediaUsage> read_media_options(int argc, const char* const* argv) {
    MediaOptions options;
    CLI::App app{
        "Carries the sound of calls: relays between phones, plays music and announcements. "
        "Takes its orders from holdfastd at a Unix socket.",
        "holdfast-media"};
    app.add_option("--socket", options.socket, "Where to listen for the daemon")
        ->required()
        ->type_name("PATH");
    const std::map<std::string, LogLevel> levels{{"debug", LogLevel::debug},
                                                 {"info", LogLevel::info},
                                                 {"warning", LogLevel::warning},
                                                 {"error", LogLevel::error}};
    app.add_option("--log-level", options.log_level, "debug, info, warning or error")
        ->transform(CLI::CheckedTransformer(levels).description(""))
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
    return options;
}

}  // namespace holdfast::host
