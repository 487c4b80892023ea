#include "host/io/log.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <string>
#include <utility>

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

/// Of the thread alone.
class LossTeller final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
    LossTeller(std::shared_ptr<spdlog::logger> to, spdlog::details::thread_pool& pool)
        : to_{std::move(to)}, pool_{pool} {}

protected:
    void sink_it_(const spdlog::details::log_msg& line) override {
        if (const auto lost = pool_.overrun_counter(); lost > told_) {
            to_->log(spdlog::level::err,
                     "{} lines of this log were lost here: who reads it did not keep up",
                     lost - told_);
            told_ = lost;
        }
        to_->log(line.time, line.source, line.level, line.payload);
    }
    void flush_() override { to_->flush(); }

private:
    std::shared_ptr<spdlog::logger> to_;
    spdlog::details::thread_pool& pool_;
    std::size_t told_ = 0;
};

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

struct LogThread::State {
    std::shared_ptr<spdlog::logger> direct = spdlog::default_logger();
    std::shared_ptr<spdlog::details::thread_pool> pool =
        std::make_shared<spdlog::details::thread_pool>(most_lines, 1);
};

LogThread::LogThread() : state_{std::make_unique<State>()} {
    const auto& [direct, pool] = *state_;
    auto behind =
        std::make_shared<spdlog::async_logger>(direct->name(),
                                               std::make_shared<LossTeller>(direct, *pool),
                                               pool,
                                               spdlog::async_overflow_policy::overrun_oldest);
    behind->set_level(direct->level());
    spdlog::set_default_logger(std::move(behind));
}

LogThread::~LogThread() {
    spdlog::set_default_logger(state_->direct);
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
