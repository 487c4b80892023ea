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
#include <optional>
#include <random>
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
constexpr double rows_a_call = 10.5;  // on average, of the calls below

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
    explicit Generator(SQLite::Database& db)
        : segment_{db,
                   "INSERT INTO segment(row, lane_kind, lane, number, kind, ended_by, journey, "
                   "agent, queue, reason, began_us, ended_us, began_utc_us, utc_offset_s, "
                   "sip_status, outcome) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,?)"},
          journey_{db,
                   "INSERT INTO journey(journey, row, caller_number, caller_name, dialled, trunk, "
                   "outbound, began_us, began_utc_us, utc_offset_s) "
                   "VALUES (?,?,?,'','555','carrier',0,?,?,?)"} {}

    std::int64_t row = 0;

    void day(std::int64_t day_begin, std::int64_t calls) {
        begin_shifts(day_begin + 7 * 3'600 * second);
        for (std::int64_t i = 0; i < calls; ++i)
            call(day_begin + 7 * 3'600 * second + i * 36'000 * second / calls);
        for (auto& agent : agents_)
            stay(agent, "ready", "agent_logged_out", 60 * second, "ended");
    }

private:
    struct Lane {
        std::string id, agent, queue, journey, reason;
        bool caller = false;
        std::int64_t now = 0;
        int number = 0;
    };

    std::int64_t some(std::int64_t most) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(most));
    }
    std::string new_id(std::int64_t at) {
        std::string id(16, '\0');
        const auto ms = static_cast<std::uint64_t>(at / 1000);
        for (std::size_t i = 0; i < 16; ++i)
            id[i] = static_cast<char>(i < 6 ? ms >> (40 - 8 * i) : random_());
        return id;
    }
    static std::int64_t offset(std::int64_t at) { return at < summer_ends_us ? 7'200 : 3'600; }

    void begin_shifts(std::int64_t at) {
        agents_.clear();
        for (int i = 0; i < agents; ++i)
            agents_.push_back({new_id(at), std::to_string(2'000 + i), "", "", "", false, at, 0});
    }

    void stay(Lane& lane,
              const char* kind,
              const char* ended_by,
              std::int64_t length,
              const char* outcome = "") {
        auto& s = segment_;
        s.bind(1, ++row);
        s.bindNoCopy(2, lane.caller ? "caller" : "agent");
        s.bind(3, lane.id.data(), 16);
        s.bind(4, ++lane.number);
        s.bindNoCopy(5, kind);
        s.bindNoCopy(6, ended_by);
        s.bind(7, lane.journey.data(), static_cast<int>(lane.journey.size()));
        s.bindNoCopy(8, lane.agent);
        s.bindNoCopy(9, lane.queue);
        s.bindNoCopy(10, lane.reason);
        s.bind(11, lane.now);
        s.bind(12, lane.now + length);
        s.bind(13, lane.now);
        s.bind(14, offset(lane.now));
        s.bindNoCopy(15, outcome);
        s.exec();
        s.reset();
        lane.now += length;
    }

    void call(std::int64_t at) {
        Lane caller{new_id(at), "", "queue-" + std::to_string(some(queues)), "", "", true, at, 0};
        caller.journey = caller.id;
        auto& j = journey_;
        j.bind(1, caller.id.data(), 16);
        j.bind(2, ++row);
        j.bind(3, "+4930" + std::to_string(1'000'000 + some(callers)));
        j.bind(4, at);
        j.bind(5, at);
        j.bind(6, offset(at));
        j.exec();
        j.reset();
        stay(caller, "setup", "queue_entered", 20'000);
        if (some(12) == 0) {
            stay(caller, "queued", "caller_left", some(90 * second), "abandoned");
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
            stay(*lane, "talking", held ? "agent_held" : "caller_left", talk, end(*lane, !held));
            if (!held) continue;
            stay(*lane, "held", "agent_resumed", talk / 4);
            stay(*lane, "talking", "caller_left", talk / 4, end(*lane, true));
        }
        stay(agent, "wrapping", "wrap_limit", some(15 * second));
        agent.queue = agent.journey = "";
        if (some(10) != 0) return;
        stay(agent, "ready", "agent_paused", some(20 * second));
        agent.reason = std::to_string(some(5));
        stay(agent, "not_ready", "agent_readied", some(300 * second));
        agent.reason.clear();
    }

    static const char* end(const Lane& lane, bool last) {
        return lane.caller && last ? "completed" : "";
    }

    SQLite::Statement segment_, journey_;
    std::mt19937_64 random_{7};
    std::vector<Lane> agents_;
    std::size_t next_ = 0;
};

void make_ledger(const std::string& file, std::int64_t rows, std::int64_t days) {
    if (!ledger::Ledger::open(file)) {
        std::fprintf(stderr, "%s: cannot be made\n", file.c_str());
        std::exit(1);
    }
    SQLite::Database db{file, SQLite::OPEN_READWRITE};
    db.exec("PRAGMA synchronous = OFF");
    auto start = Clock::now();
    Generator generator{db};
    for (std::int64_t i = 0; i < days; ++i) {
        SQLite::Transaction day{db};
        generator.day(first_day_us + i * day_us,
                      static_cast<std::int64_t>(static_cast<double>(rows / days) / rows_a_call));
        day.commit();
    }
    fmt::print("{} rows in {} days made in {:.1f} s\n", generator.row, days, seconds_since(start));
    start = Clock::now();
    db.exec(ledger::report_indexes_sql);
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    fmt::print("indexes made in {:.1f} s\n", seconds_since(start));
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
