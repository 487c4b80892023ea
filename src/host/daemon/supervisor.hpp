// host/daemon/supervisor.hpp: `holdfastd --supervise`: starts the media process and the daemon, and
// starts again what dies, as systemd's units do where there is systemd.
#pragma once
#include <string>
#include <vector>

namespace holdfast::host {

struct Program {
    std::string name;                    ///< For the log.
    std::vector<std::string> arguments;  ///< With the program's path in front.
    /// Told to stop first by its own exit with a settings fault; the others then stop too.
    bool leads = false;
};

/// Returns when SIGTERM or SIGINT came and all have ended, or when the leading program ended with
/// the code for wrong settings (78) or for something missing at its first start (69).
/// The exit code for our own process.
int supervise(const std::vector<Program>& programs);

}  // namespace holdfast::host
