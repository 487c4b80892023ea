#include "host/store/nightly_backup.hpp"

#include "unit/host/store/store_fixture.hpp"

#include <cstdlib>
#include <ctime>
#include <fstream>

using namespace holdfast;
using namespace holdfast::host;

namespace {

/// In a zone that has no summer time.
WallInstant local(int day, int hour) {
    setenv("TZ", "UTC-3", 1);
    tzset();
    std::tm at{};
    at.tm_year = 126, at.tm_mon = 10, at.tm_mday = day, at.tm_hour = hour;
    return WallInstant{std::chrono::seconds{std::mktime(&at)}};
}

void touch(const std::string& path) {
    std::ofstream{path} << "x";
}

}  // namespace

TEST_CASE("nightly backup: one a night, from its hour on", "[host][store]") {
    const Folder folder;
    BackupOptions options{folder.ledger(), folder.path, 3, 2};
    CHECK_FALSE(due_backup(options, local(23, 2)));
    const auto due = due_backup(options, local(23, 3));
    REQUIRE(due);
    CHECK(*due == folder.path + "/ledger-2026-11-23.db");
    CHECK(due_backup(options, local(23, 22)) == due);  // the machine was off at its hour
    touch(*due);
    CHECK_FALSE(due_backup(options, local(23, 22)));
    CHECK_FALSE(due_backup(options, local(24, 2)));
    CHECK(due_backup(options, local(24, 3)));
    options.kept = 0;
    CHECK_FALSE(due_backup(options, local(24, 3)));
}

TEST_CASE("nightly backup: the oldest go, and nothing else", "[host][store]") {
    const Folder folder;
    const BackupOptions options{folder.ledger(), folder.path, 3, 2};
    for (const char* name : {"ledger-2026-11-21.db",
                             "ledger-2026-11-23.db",
                             "ledger-2026-11-22.db",
                             "ledger-of-last-year.db",
                             "ledger.db"})
        touch(folder.path + "/" + name);
    drop_old_backups(options);
    const auto there = [&](const char* name) {
        return std::filesystem::exists(folder.path + "/" + name);
    };
    CHECK_FALSE(there("ledger-2026-11-21.db"));
    for (const char* name :
         {"ledger-2026-11-22.db", "ledger-2026-11-23.db", "ledger-of-last-year.db", "ledger.db"})
        CHECK(there(name));
}
