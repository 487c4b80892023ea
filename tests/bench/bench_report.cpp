// What a day's report costs on a ledger of ten million rows, which is made first: minutes of work
// and 2 GB in FILE, kept for the next time. usage: bench_report FILE [ROWS] [DAYS]
#include "ledger/ledger.hpp"
#include "ledger/report_indexes.hpp"
#include "report/machine_forms.hpp"
#include "report/report.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

using namespace holdfast;

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::hours;

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t day_us = 86'400 * second;
constexpr std::int64_t first_day_us = 20'728 * day_us;  // 2026-10-02: the clock changes in between
constexpr std::int64_t summer_ends_us = 20'751 * day_us + 3'600 * second;  // 25 October, 01:00 UTC
constexpr int queues = 20;
constexpr int agents = 400;
constexpr int callers = 200'000;
constexpr std::size_t most_rows_in_a_transaction = 20'000;
constexpr double rows_a_call = 11.4;  // on average, of the calls below

/// CPU time of this process: on a machine shared with others it says more than the clock.
double cpu_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Callers come through ten hours of each day; each has the next agent.
class Generator {
public:
    explicit Generator(ledger::Ledger& ledger) : ledger_{ledger} {}

    std::uint64_t row = 0;

    void day(std::int64_t day_begin, std::int64_t calls) {
        const auto opens = day_begin + 7 * 3'600 * second;
        begin_shifts(opens);
        for (std::int64_t i = 0; i < calls; ++i) {
            call(opens + i * 36'000 * second / calls);
            if (rows_.size() > most_rows_in_a_transaction) write();
        }
        for (auto& agent : agents_)
            stay(agent, "ready", "agent_logged_out", 60 * second, acd::Outcome::ended);
        write();
    }

private:
    struct Lane {
        acd::Uuid id{};
        std::string agent, queue, reason;
        acd::Uuid journey{};
        bool caller = false;
        std::int64_t now = 0;
        std::uint32_t number = 0;
    };

    std::int64_t some(std::int64_t most) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(most));
    }
    acd::Uuid new_id(std::int64_t at) {
        acd::Uuid id{};
        const auto ms = static_cast<std::uint64_t>(at / 1000);
        for (std::size_t i = 0; i < 16; ++i)
            id[i] = static_cast<std::uint8_t>(i < 6 ? ms >> (40 - 8 * i) : random_());
        return id;
    }
    static acd::Stamp stamp(std::int64_t at) {
        return {WallInstant{Micros{at}}, at < summer_ends_us ? 7'200 : 3'600};
    }

    template <class What>
    void add(What what) {
        rows_.push_back({++row, std::move(what)});
    }
    void write() {
        const auto written = ledger_.write(rows_);
        if (!written) throw std::runtime_error{written.error().text};
        rows_.clear();
    }

    void begin_shifts(std::int64_t at) {
        agents_.clear();
        for (int i = 0; i < agents; ++i) {
            auto& agent = agents_.emplace_back();
            agent.id = new_id(at);
            agent.agent = std::to_string(2'000 + i);
            agent.now = at;
            add(acd::ShiftOpened{agent.id, agent.agent, "", "", Instant{Micros{at}}, stamp(at)});
        }
    }

    void stay(Lane& lane,
              const char* kind,
              const char* ended_by,
              std::int64_t length,
              acd::Outcome outcome = acd::Outcome::none) {
        acd::SegmentClosed s;
        s.lane_kind = lane.caller ? acd::LaneKind::caller : acd::LaneKind::agent;
        s.lane = lane.id;
        s.number = ++lane.number;
        s.kind = kind;
        s.ended_by = ended_by;
        s.journey = lane.journey;
        s.agent = lane.agent;
        s.queue = lane.queue;
        s.reason = lane.reason;
        s.began = Instant{Micros{lane.now}};
        s.ended = s.began + Micros{length};
        s.stamp = stamp(lane.now);
        s.outcome = outcome;
        lane.now += length;
        add(std::move(s));
    }

    /// Of the segment that comes: all of it.
    void mark(const Lane& lane, const char* kind, std::int64_t length) {
        const auto began = Instant{Micros{lane.now}};
        add(acd::MarkClosed{lane.id, kind, began, began + Micros{length}});
    }

    void call(std::int64_t at) {
        Lane caller;
        caller.id = caller.journey = new_id(at);
        caller.queue = "queue-" + std::to_string(some(queues));
        caller.caller = true;
        caller.now = at;
        const auto number = "+4930" + std::to_string(1'000'000 + some(callers));
        add(acd::JourneyOpened{
            caller.id, number, "", "555", "carrier", false, Instant{Micros{at}}, stamp(at)});
        stay(caller, "setup", "queue_entered", 20'000);
        if (some(12) == 0) {
            stay(caller, "queued", "caller_left", some(90 * second), acd::Outcome::abandoned);
            return;
        }
        auto& agent = agents_[next_++ % agents];
        const auto offer = std::max(caller.now + some(8 * second), agent.now + 2 * second);
        stay(caller, "queued", "offer_made", offer - caller.now);
        stay(agent, "ready", "offer_made", offer - agent.now);
        serve(caller, agent);
    }

    void serve(Lane& caller, Lane& agent) {
        agent.queue = caller.queue;
        agent.journey = caller.journey;
        caller.agent = agent.agent;
        const auto ring = 2 * second + some(6 * second);
        stay(caller, "ringing", "agent_answered", ring);
        stay(agent, "reserved", "phone_rang", 100'000);
        stay(agent, "ringing", "agent_answered", ring - 100'000);
        const auto talk = 30 * second + some(200 * second);
        const bool held = some(4) == 0;
        for (Lane* lane : {&caller, &agent}) {
            const auto end = lane->caller ? acd::Outcome::completed : acd::Outcome::none;
            if (held) {
                stay(*lane, "talking", "agent_held", talk);
                stay(*lane, "held", "agent_resumed", talk / 4);
            }
            if (lane->caller) mark(*lane, "voice_measured", talk / 4);
            stay(*lane, "talking", "caller_left", talk / 4, end);
        }
        stay(agent, "wrapping", "wrap_limit", some(15 * second));
        agent.queue.clear();
        agent.journey = {};
        if (some(10) != 0) return;
        stay(agent, "ready", "agent_paused", some(20 * second));
        agent.reason = std::to_string(some(5));
        stay(agent, "not_ready", "agent_readied", some(300 * second));
        agent.reason.clear();
    }

    ledger::Ledger& ledger_;
    std::vector<acd::LedgerRow> rows_;
    std::mt19937_64 random_{7};
    std::vector<Lane> agents_;
    std::size_t next_ = 0;
};

void make_ledger(const std::string& file, std::int64_t rows, std::int64_t days) {
    auto ledger = ledger::Ledger::open(file);
    if (!ledger) throw std::runtime_error{ledger.error().text};
    auto start = Clock::now();
    Generator generator{*ledger};
    const auto calls = static_cast<double>(rows) / static_cast<double>(days) / rows_a_call;
    for (std::int64_t i = 0; i < days; ++i)
        generator.day(first_day_us + i * day_us, static_cast<std::int64_t>(calls));
    fmt::print("{} rows in {} days made in {:.1f} s\n", generator.row, days, seconds_since(start));
    start = Clock::now();
    SQLite::Database db{file, SQLite::OPEN_READWRITE};
    db.exec(ledger::report_indexes_sql);
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    fmt::print("indexes made in {:.1f} s\n", seconds_since(start));
}

/// What the indexes cost the writer, a row: two small ledgers, one without them.
void measure_writing(const std::string& beside) {
    for (const bool indexes : {false, true}) {
        const std::string file = beside + (indexes ? ".indexed" : ".plain");
        for (const char* end : {"", "-wal", "-shm"})
            std::filesystem::remove(file + end);
        auto ledger = ledger::Ledger::open(file);
        if (!ledger) throw std::runtime_error{ledger.error().text};
        if (indexes)
            SQLite::Database{file, SQLite::OPEN_READWRITE}.exec(ledger::report_indexes_sql);
        Generator generator{*ledger};
        const auto start = cpu_seconds();
        for (std::int64_t i = 0; i < 5; ++i)
            generator.day(first_day_us + i * day_us, 10'000);
        fmt::print("writing {:<9} {:.2f} us of CPU a row\n",
                   indexes ? "indexed" : "plain",
                   (cpu_seconds() - start) * 1e6 / static_cast<double>(generator.row));
        for (const char* end : {"", "-wal", "-shm"})
            std::filesystem::remove(file + end);
    }
}

/// Leaves nothing of the file in memory, where the system obeys.
void forget(const std::string& file) {
    const int fd = ::open(file.c_str(), O_RDONLY);
    ::fsync(fd);
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    ::close(fd);
}

void measure(const char* what, const std::string& file, const report::Question& question) {
    std::vector<double> warm;
    std::vector<double> cpu;
    forget(file);
    double cold = 0;
    std::size_t bytes = 0;
    for (int i = 0; i < 4; ++i) {
        const auto start = Clock::now();
        const auto cpu_start = cpu_seconds();
        const auto report = report::make_report(file, question);
        if (!report) {
            std::fprintf(stderr, "%s\n", report.error().c_str());
            std::exit(1);
        }
        bytes = report::csv_of(*report).size();
        (i == 0 ? cold : warm.emplace_back()) = seconds_since(start);
        cpu.push_back(cpu_seconds() - cpu_start);
    }
    fmt::print("{:<34} cold {:7.3f} s  warm {:7.3f} s  CPU {:7.3f} s  CSV of {} bytes\n",
               what,
               cold,
               *std::ranges::min_element(warm),
               *std::ranges::min_element(cpu),
               bytes);
    static_cast<void>(std::fflush(stdout));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: bench_report FILE [ROWS] [DAYS]\n", stderr);
        return 64;
    }
    const std::string file = argv[1];
    const std::int64_t rows = argc > 2 ? std::atoll(argv[2]) : 10'000'000;
    const std::int64_t days = argc > 3 ? std::atoll(argv[3]) : 60;
    if (!std::filesystem::exists(file)) make_ledger(file, rows, days);

    measure_writing(file);

    const auto local = [](std::int64_t at) { return report::Day{std::chrono::days{at / day_us}}; };
    const auto one = [&](std::int64_t day) {
        report::Question question;
        question.from = question.to = local(first_day_us + day * day_us);
        return question;
    };
    measure("the last day", file, {});
    measure("a day in the middle", file, one(days / 2));
    measure("the first day", file, one(0));
    auto quarters = one(days / 2);
    quarters.every = std::chrono::minutes{15};
    measure("a day by quarters of an hour", file, quarters);
    auto week = one(days / 2);
    week.to = *week.from + std::chrono::days{6};
    measure("seven days", file, week);
    auto all = one(0);
    all.to = local(first_day_us + (days - 1) * day_us);
    measure("all days", file, all);
    return 0;
}
