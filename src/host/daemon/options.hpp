// host/daemon/options.hpp: the command line of holdfastd.
#pragma once
#include <expected>
#include <string>

namespace holdfast::host {

struct DaemonOptions {
    std::string settings;
    /// Start holdfast-media and the daemon, and start again what dies. For where no systemd does.
    bool supervise = false;
    /// The media program for `supervise`; empty: the one beside this program.
    std::string media_program;
};

/// What to print instead of running, and the exit code: 0 for help, 64 for wrong arguments.
struct DaemonUsage {
    std::string text;
    int exit_code = 0;
};

std::expected<DaemonOptions, DaemonUsage> read_daemon_options(int argc, const char* const* argv);

}  // namespace holdfast::host
