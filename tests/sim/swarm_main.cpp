// Runs random days: `swarm --seeds 500 [--from 1]`, or one of them with its log: `swarm --seed 17`.
// `--reach` prints how often the days came to each state, and what ended it.
// Exit 1 at the first broken promise, with the command that runs that day again.
#include "sim/day.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <map>
#include <string>
#include <unistd.h>

namespace {

std::uint64_t seed_in_hand = 0;
std::map<std::string, std::uint64_t> reached;

/// A broken `ensure` ends the program; the seed must be known all the same.
void tell_seed(int) {
    const auto line =
        fmt::format("swarm: this was seed {0}; again: swarm --seed {0}\n", seed_in_hand);
    static_cast<void>(!write(STDERR_FILENO, line.data(), line.size()));
}

bool run_day(std::uint64_t seed, bool with_log, std::string& hash) {
    seed_in_hand = seed;
    holdfast::sim::Day day{seed, with_log};
    try {
        day.run();
        hash = day.hash();
        for (const auto& [what, times] : day.reached())
            reached[what] += times;
        if (with_log)
            for (const auto& line : day.world().log())
                fmt::print("{}\n", line);
        return true;
    } catch (const holdfast::sim::Broken& broken) {
        if (with_log)
            for (const auto& line : day.world().log())
                fmt::print("{}\n", line);
        fmt::print(stderr,
                   "swarm: seed {0}, step {1}, {2:.3f} s: {3}\nagain: swarm --seed {0}\n",
                   seed,
                   day.world().steps(),
                   static_cast<double>(day.world().now.time_since_epoch().count()) / 1e6 - 3600,
                   broken.what());
        return false;
    }
}

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app{"Random days in the centre, in virtual time"};
    std::uint64_t seeds = 500, from = 1, seed = 0;
    app.add_option("--seeds", seeds, "how many days");
    app.add_option("--from", from, "the first seed");
    app.add_option("--seed", seed, "one day, with its log");
    bool with_reach = false;
    app.add_flag("--reach", with_reach, "how often each state was reached");
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGABRT, tell_seed);
    std::string hash;
    if (seed != 0) {
        const bool good = run_day(seed, true, hash);
        fmt::print("hash {}\n", hash);
        return good ? 0 : 1;
    }
    for (std::uint64_t s = from; s < from + seeds; ++s) {
        if (!run_day(s, false, hash)) return 1;
        // Every tenth day is run twice: the same seed must give the same day.
        std::string again;
        if (s % 10 != 0) continue;
        if (!run_day(s, false, again)) return 1;
        if (again == hash) continue;
        fmt::print(stderr, "swarm: seed {} gave two different days: {} and {}\n", s, hash, again);
        return 1;
    }
    if (with_reach)
        for (const auto& [what, times] : reached)
            fmt::print("{:>8} {}\n", times, what);
    fmt::print("{} days, no promise broken\n", seeds);
    return 0;
} catch (const std::exception& e) {
    fmt::print(stderr, "swarm: {}\n", e.what());
    return 1;
}
