#include "host/io/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <string>

namespace holdfast::host {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warning:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

}  // namespace

void open_log(std::string_view program, LogLevel level) {
    auto logger = std::make_shared<spdlog::logger>(
        std::string{program}, std::make_shared<spdlog::sinks::stderr_sink_mt>());
    // NOLINTNEXTLINE(concurrency-mt-unsafe): called once, before any thread
    const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    logger->set_pattern(journal ? "%l: %v" : "%Y-%m-%dT%H:%M:%S.%e %n %l: %v");
    logger->set_level(level_of(level));
    logger->flush_on(spdlog::level::debug);
    spdlog::set_default_logger(std::move(logger));
}

void log(LogLevel level, std::string_view line) {
    spdlog::log(level_of(level), line);
}

void FaultLog::note(std::size_t kind, LogLevel level, std::string_view line, Instant now) {
    Kind& state = kinds_.at(kind);
    if (state.since == Instant::min() || now - state.since >= pause) {
        const std::uint64_t left_out = state.left_out;
        state = {.since = now, .lines = 0, .left_out = 0};
        if (left_out > 0)
            log(level, std::to_string(left_out) + " more like the next line were left out");
    }
    if (state.lines >= burst) {
        ++state.left_out;
        return;
    }
    ++state.lines;
    log(level, line);
}

}  // namespace holdfast::host
