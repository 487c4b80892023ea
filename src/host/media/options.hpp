// host/media/options.hpp: the command line of holdfast-media.
#pragma once
#include "host/io/log.hpp"

#include <expected>
#include <string>

namespace holdfast::host {

struct MediaOptions {
    std::string socket;
    LogLevel log_level = LogLevel::info;
};

/// What to print instead of running, and the exit code: 0 for help, 78 for wrong arguments.
struct MediaUsage {
    std::string text;
    int exit_code = 0;
};

std::expected<MediaOptions, MediaUsage> read_media_options(int argc, const char* const* argv);

}  // namespace holdfast::host
