// What a row costs the store's thread: CPU and wall time of Ledger::write in groups of 10 and 100,
// and bytes a row. usage: bench_ledger [FOLDER], on the file system that is to be measured.
#include "ledger/ledger.hpp"
#include "ledger/verify.hpp"
#include "support/ledger_day.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>

using namespace holdfast;

namespace {

double seconds(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

struct Cost {
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_THREAD_CPUTIME_ID);
    void print(const char* what, std::size_t rows) const {
        const double w = seconds(CLOCK_MONOTONIC) - wall;
        const double c = seconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
        const auto n = static_cast<double>(rows);
        std::printf("%-24s %8zu rows %10.0f rows/s %8.2f us/row of CPU %9.0f rows/s of CPU\n",
                    what,
                    rows,
                    n / w,
                    c / n * 1e6,
                    n / c);
    }
};

void run(const std::string& folder, std::size_t group, std::size_t groups) {
    const auto path = folder + "/bench-ledger.db";
    const auto clear = [&] {
        for (const char* end : {"", "-wal", "-shm"})
            std::filesystem::remove(path + end);
        std::filesystem::remove(folder + "/ledger-key.pem");
    };
    clear();
    test::LedgerDay day{1, 200};
    std::vector<std::vector<acd::LedgerRow>> all(groups);
    for (auto& rows : all)
        rows = day.rows(group);
    std::size_t count = 0;
    {
        auto ledger = ledger::Ledger::open(path);
        if (!ledger) {
            std::fprintf(stderr, "%s\n", ledger.error().text.c_str());
            std::exit(1);
        }
        const Cost cost;
        for (const auto& rows : all) {
            if (!ledger->write(rows)) std::exit(1);
            count += rows.size();
        }
        cost.print(("write, groups of " + std::to_string(group)).c_str(), count);
    }
    std::printf("%-24s %8.0f bytes/row\n",
                "file",
                static_cast<double>(std::filesystem::file_size(path)) / static_cast<double>(count));
    const Cost cost;
    const auto verdict = ledger::verify(path);
    cost.print("verify", count);
    if (!verdict || !verdict->sound())
        std::printf("not sound: %s\n",
                    verdict ? verdict->sentences.front().c_str() : verdict.error().text.c_str());
    clear();
}

}  // namespace

int main(int argc, char** argv) {
    const std::string folder = argc > 1 ? argv[1] : ".";
    run(folder, 10, 10'000);
    run(folder, 100, 3'000);
    return 0;
}
