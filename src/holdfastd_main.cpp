// holdfastd: takes calls, queues them and rings agents' desk phones.
#include "host/daemon/daemon.hpp"
#include "host/daemon/options.hpp"
#include "host/daemon/supervisor.hpp"
#include "host/io/exit_codes.hpp"
#include "host/io/log.hpp"
#include "host/io/service.hpp"
#include "settings/settings.hpp"

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <unistd.h>

namespace {

using namespace holdfast;
using namespace holdfast::host;

/// Two RTP sockets an endpoint are kept here too, a connection for each flow, the rest for files.
constexpr std::size_t wanted_descriptors = 2 * limits::media_endpoints + limits::flows + 256;

void complain(const std::string& text) {
    static_cast<void>(std::fputs(text.c_str(), stderr));
}

std::optional<std::string> read_file(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file || std::filesystem::is_directory(path)) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

bool readable(const std::string& path) {
    return ::access(path.c_str(), R_OK) == 0 && !std::filesystem::is_directory(path);
}

/// Tells systemd, as often as it asks, that the loop turns.
void keep_alive(asio::steady_timer& timer, Micros interval) {
    notify_alive();
    timer.expires_after(interval);
    timer.async_wait([&timer, interval](const std::error_code& error) {
        if (!error) keep_alive(timer, interval);
    });
}

/// The sign to look again at what may be renewed while we run: `systemctl reload holdfastd`.
void reload_on(asio::signal_set& hang_up, Daemon& daemon) {
    hang_up.async_wait([&hang_up, &daemon](const std::error_code& error, int) {
        if (error) return;
        daemon.reload_certificates();
        reload_on(hang_up, daemon);
    });
}

int serve(settings::Settings settings, const std::string& text) {
    raise_descriptor_limit(wanted_descriptors);
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));  // a log reader that went
    const LogThread log_thread;
    asio::io_context io{1};
    asio::signal_set signals{io, SIGTERM, SIGINT};
    signals.async_wait([&io](const std::error_code&, int) { io.stop(); });
    auto daemon = Daemon::start(io, std::move(settings), text);
    if (!daemon) {
        for (const auto& fault : daemon.error())
            log(LogLevel::error, fault);
        return exit_codes::unavailable;
    }
    asio::signal_set hang_up{io, SIGHUP};
    reload_on(hang_up, **daemon);
    asio::steady_timer watchdog{io};
    if (const Micros interval = watchdog_interval(); interval > Micros{})
        keep_alive(watchdog, interval);
    notify_ready();
    log(LogLevel::info, "holdfastd " HOLDFAST_VERSION " serves");
    io.run();
    notify_stopping();
    (*daemon)->stop();
    return 0;
}

std::string media_beside(const DaemonOptions& options) {
    if (!options.media_program.empty()) return options.media_program;
    return std::filesystem::read_symlink("/proc/self/exe").replace_filename("holdfast-media");
}

int supervise_both(const DaemonOptions& options, const settings::HostSettings& settings) {
    std::error_code ignored;  // the daemon says it better
    std::filesystem::create_directories(settings.runtime, ignored);
    return supervise(
        {{"holdfast-media",
          {media_beside(options), "--socket", settings.runtime + "/media"},
          false},
         {"holdfastd",
          {std::filesystem::read_symlink("/proc/self/exe"), "--settings", options.settings},
          true}});
}

int run(const DaemonOptions& options) {
    const auto text = read_file(options.settings);
    if (!text) {
        complain(fmt::format("holdfastd: cannot read the settings file {}\n", options.settings));
        return exit_codes::configuration;
    }
    auto settings = settings::read(*text, readable);
    if (!settings) {
        complain(settings::text_of(settings.error(), options.settings));
        return exit_codes::configuration;
    }
    open_log("holdfastd", static_cast<LogLevel>(settings->host.log_level));
    if (options.supervise) return supervise_both(options, settings->host);
    return serve(*std::move(settings), *text);
}

}  // namespace

int main(int argc, char** argv) {
    const auto options = read_daemon_options(argc, argv);
    if (!options) {
        auto* const to = options.error().exit_code == 0 ? stdout : stderr;
        static_cast<void>(std::fputs(options.error().text.c_str(), to));
        return options.error().exit_code;
    }
    try {
        return run(*options);
    } catch (const std::exception& fault) {
        complain(std::string{"holdfastd: cannot go on: "} + fault.what() + "\n");
        return 1;
    }
}
