#include "host/daemon/options.hpp"

#include "host/io/exit_codes.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace holdfast::host {

std::expected<DaemonOptions, DaemonUsage> read_daemon_options(int argc, const char* const* argv) {
    DaemonOptions options;
    CLI::App app{"Takes calls, queues them and rings agents' desk phones.", "holdfastd"};
    app.add_option("--settings", options.settings, "The settings file (TOML)")
        ->required()
        ->type_name("FILE");
    app.add_flag("--supervise",
                 options.supervise,
                 "Start holdfast-media too, and start again what dies; for where no systemd does");
    app.add_option("--media-program", options.media_program, "The holdfast-media to supervise")
        ->type_name("FILE");
    app.set_version_flag("--version", "holdfastd " HOLDFAST_VERSION);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return std::unexpected{DaemonUsage{app.help(), 0}};
    } catch (const CLI::CallForVersion&) {
        return std::unexpected{DaemonUsage{"holdfastd " HOLDFAST_VERSION "\n", 0}};
    } catch (const CLI::ParseError& fault) {
        return std::unexpected{DaemonUsage{
            std::string{"holdfastd: "} + fault.what() +
                "\nUsage: holdfastd --settings FILE [--supervise]   (--help tells more)\n",
            exit_codes::usage}};
    }
    return options;
}

}  // namespace holdfast::host
