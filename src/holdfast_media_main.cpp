// holdfast-media: the sound of the calls. Its own process, so that calls outlive the daemon.
#include "base/limits.hpp"
#include "host/io/log.hpp"
#include "host/io/seqpacket.hpp"
#include "host/io/service.hpp"
#include "host/media/media_process.hpp"
#include "host/media/options.hpp"

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

namespace {

using namespace holdfast;
using namespace holdfast::host;

/// Two sockets an endpoint; the rest for everything else, and for sockets on their way.
constexpr std::size_t wanted_descriptors = 2 * limits::media_endpoints + 64;

void raise_limit() {
    const std::size_t got = raise_descriptor_limit(wanted_descriptors);
    if (got >= wanted_descriptors) return;
    log(LogLevel::error,
        "only " + std::to_string(got) + " file descriptors are allowed, enough for " +
            std::to_string(got > 64 ? (got - 64) / 2 : 0) + " of " +
            std::to_string(limits::media_endpoints) +
            " endpoints: set LimitNOFILE=" + std::to_string(wanted_descriptors) + " in the unit");
}

/// Tells systemd, as often as it asks, that the loop turns.
void keep_alive(asio::steady_timer& timer, Micros interval) {
    notify_alive();
    timer.expires_after(interval);
    timer.async_wait([&timer, interval](const std::error_code& error) {
        if (!error) keep_alive(timer, interval);
    });
}

int run(const MediaOptions& options) {
    auto listener = listen_seqpacket(options.socket);
    if (!listener) {
        log(LogLevel::error, listener.error());
        return 1;
    }
    raise_limit();
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));  // a log reader that went
    const LogThread log_thread;
    asio::io_context io{1};
    asio::signal_set signals{io, SIGTERM, SIGINT};
    signals.async_wait([&io](const std::error_code&, int) { io.stop(); });
    asio::steady_timer watchdog{io};
    if (const Micros interval = watchdog_interval(); interval > Micros{})
        keep_alive(watchdog, interval);

    MediaProcess process{io, *std::move(listener)};
    notify_ready();
    log(LogLevel::info, "waits for the daemon at " + options.socket);
    io.run();
    notify_stopping();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto options = read_media_options(argc, argv);
    if (!options) {
        auto* const to = options.error().exit_code == 0 ? stdout : stderr;
        static_cast<void>(std::fputs(options.error().text.c_str(), to));
        return options.error().exit_code;
    }
    open_log("holdfast-media", options->log_level);
    try {
        return run(*options);
    } catch (const std::exception& fault) {
        log(LogLevel::error, std::string{"cannot go on: "} + fault.what());
        return 1;
    }
}
