// host/io/log.hpp: lines for the technician, on standard error. Names and numbers of callers never
// stand in one.
#pragma once
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace holdfast::host {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// Lines below `level` are left out. Under systemd the journal knows the time; elsewhere it stands
/// in front. `program` is the name of the process.
void open_log(std::string_view program, LogLevel level);
void log(LogLevel level, std::string_view line);

/// While it lives, a thread writes the lines: who logs never waits for whoever reads them (the
/// system's journal, perhaps, on a disk that stands still). How many were lost meanwhile is told in
/// a line. Its end waits until all are written.
class LogThread {
public:
    static constexpr std::size_t most_lines = 4096;  ///< Waiting; beyond, the oldest are lost.

    LogThread();
    LogThread(const LogThread&) = delete;
    LogThread& operator=(const LogThread&) = delete;
    ~LogThread();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// One line a fault, however often it comes: each kind of fault has a burst of lines, then one a
/// while that tells how many were left out.
class FaultLog {
public:
    static constexpr int burst = 5;
    static constexpr Micros pause = 10s;

    explicit FaultLog(std::size_t kinds) : kinds_(kinds) {}
    void note(std::size_t kind, LogLevel level, std::string_view line, Instant now);

private:
    struct Kind {
        Instant since = Instant::min();
        int lines = 0;
        std::uint64_t left_out = 0;
    };
    std::vector<Kind> kinds_;
};

}  // namespace holdfast::host
