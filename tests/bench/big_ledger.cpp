// Makes a ledger of years, sealed every five minutes, to measure others on: restarts, reports,
// backups. usage: big_ledger FILE GIGABYTES
#include "ledger/ledger.hpp"
#include "support/ledger_day.hpp"
#include "support/need.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>

using namespace holdfast;

namespace {

constexpr std::size_t rows_of_group = 2000;

void make(const std::string& path, double bytes) {
    auto ledger = ledger::Ledger::open(path);
    test::need(ledger.has_value(), "a ledger that can be opened");
    test::LedgerDay day{1, 200, ledger->last_row() + 1};
    WallInstant sealed = day.wall();
    while (static_cast<double>(std::filesystem::file_size(path)) < bytes) {
        test::need(ledger->write(day.rows(rows_of_group)).has_value(), "room for more rows");
        if (day.wall() - sealed < 5min) continue;
        sealed = day.wall();
        test::need(ledger->seal(sealed).has_value(), "a seal");
    }
    std::printf("%s: %llu rows, %.2f GB\n",
                path.c_str(),
                static_cast<unsigned long long>(ledger->last_row()),
                static_cast<double>(std::filesystem::file_size(path)) / 1e9);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: big_ledger FILE GIGABYTES\n", stderr);
        return 64;
    }
    try {
        make(argv[1], std::atof(argv[2]) * 1e9);
        return 0;
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "big_ledger: %s\n", fault.what());
        return 1;
    }
}
