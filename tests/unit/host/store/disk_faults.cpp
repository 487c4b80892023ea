// Disks that are full, read-only or failing: small file systems in a mount namespace of the test's
// own, which takes root.
#include "host/store/store.hpp"
#include "unit/host/store/store_fixture.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace holdfast;
using namespace holdfast::host;

namespace {

/// A file system of 1 MiB at `path`, for as long as this lives.
struct SmallDisk {
    std::string path;
    bool mounted = false;

    explicit SmallDisk(std::string at) : path{std::move(at)} {
        std::filesystem::create_directory(path);
        static const bool alone =
            unshare(CLONE_NEWNS) == 0 && mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
        mounted = alone && mount("small", path.c_str(), "tmpfs", 0, "size=1m") == 0;
        if (!mounted) WARN("NOT TESTED: no file system can be mounted here: " << strerror(errno));
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk() {
        if (mounted) umount2(path.c_str(), MNT_DETACH);
    }
    std::string ledger() const { return path + "/ledger.db"; }
    void read_only(bool on) const {
        const unsigned long flags = on ? MS_REMOUNT | MS_RDONLY : MS_REMOUNT;
        REQUIRE(mount("", path.c_str(), nullptr, flags, "size=1m") == 0);
    }
    void fill() const {
        std::ofstream file{path + "/filler", std::ios::binary};
        const std::string bytes(4096, 'x');
        while (file << bytes << std::flush) {}
    }
    void empty() const { std::filesystem::remove(path + "/filler"); }
};

StoreOptions options(const SmallDisk& disk, const Folder& folder) {
    return {.ledger_path = disk.ledger(), .spill_path = folder.spill(), .spill_bytes = 1 << 20};
}

}  // namespace

TEST_CASE("store: the ledger's disk is full", "[host][store]") {
    const Folder folder;
    const SmallDisk disk{folder.path + "/disk"};
    if (!disk.mounted) return;
    std::uint64_t last = 0;
    {
        Caller caller{options(disk, folder)};
        caller.write(10);
        caller.until_committed();
        disk.fill();
        // Until the blocks that SQLite has already are full too.
        while (caller.troubles.empty()) {
            caller.write(200);
            caller.until_committed();
            REQUIRE(caller.next < 20'000);
        }
        CHECK(caller.troubles[0].what.find("no space left on the device") != std::string::npos);
        CHECK_FALSE(caller.troubles[0].refuse_calls);
        caller.write(100);
        caller.until_committed();
        disk.empty();
        caller.until_works();
        last = caller.next - 1;
        CHECK(rows_in(disk.ledger()) == numbers(1, last));
    }
    // The disk is full when the next life begins.
    disk.fill();
    {
        Caller caller{options(disk, folder)};
        CHECK(caller.store->last_row() == last);
        while (caller.troubles.empty()) {
            caller.write(200);
            caller.until_committed();
        }
        CHECK(caller.troubles[0].what.find("no space left on the device") != std::string::npos);
        last = caller.committed;
    }
    {
        Caller caller{options(disk, folder)};
        CHECK(caller.store->last_row() == last);
        disk.empty();
        caller.write(1);
        caller.until_committed();
        caller.until_works();
        CHECK(rows_in(disk.ledger()) == numbers(1, last + 1));
    }
}

TEST_CASE("store: the ledger's disk is read-only at the start", "[host][store]") {
    const Folder folder;
    const SmallDisk disk{folder.path + "/disk"};
    if (!disk.mounted) return;
    disk.read_only(true);
    {
        Caller caller{options(disk, folder)};  // there is no ledger yet
        CHECK(caller.store->last_row() == 0);
        caller.write(5);
        caller.until_committed();
        REQUIRE(caller.troubles.size() == 1);
        CHECK(caller.troubles[0].what.find("cannot be written") != std::string::npos);
        disk.read_only(false);
        caller.until_works();
        CHECK(rows_in(disk.ledger()) == numbers(1, 5));
    }
    disk.read_only(true);
    Caller caller{options(disk, folder)};  // there is one, closed in good order
    CHECK(caller.store->last_row() == 5);
    caller.write(5);
    caller.until_committed();
    disk.read_only(false);
    caller.until_works();
    CHECK(rows_in(disk.ledger()) == numbers(1, 10));
}

TEST_CASE("store: the ledger's disk fails, and works again", "[host][store]") {
    const Folder folder;
    Caller caller{folder};
    caller.write(10);
    caller.until_committed();
    // To SQLite a file that may not grow is a device that fails.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
    rlimit small = before;
    small.rlim_cur = 300'000;
    REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
    while (caller.troubles.empty()) {
        caller.write(200);
        caller.until_committed();
        if (caller.next > 20'000) break;
    }
    const auto troubles = caller.troubles;
    caller.write(10);
    caller.until_committed();
    REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
    REQUIRE(troubles.size() == 1);
    CHECK(troubles[0].what.find("the device failed") != std::string::npos);
    caller.until_works();
    CHECK(rows_in(folder.ledger()) == numbers(1, caller.next - 1));
}

TEST_CASE("store: the spill file's disk fails too", "[host][store]") {
    const Folder folder;
    Caller caller{folder};
    SQLite::Database other{folder.ledger(), SQLite::OPEN_READWRITE};
    other.exec("BEGIN IMMEDIATE");
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
    rlimit none = before;
    none.rlim_cur = 0;
    REQUIRE(setrlimit(RLIMIT_FSIZE, &none) == 0);
    caller.write(10);
    caller.until([&] { return caller.troubles.size() == 2; });
    CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
    CHECK_FALSE(caller.troubles[0].refuse_calls);
    CHECK(caller.troubles[1].refuse_calls);
    CHECK(caller.committed == 0);
    caller.until_committed();  // into the spill file, which works again
    CHECK_FALSE(caller.troubles.back().refuse_calls);
    other.exec("ROLLBACK");
    caller.until_works();
    CHECK(rows_in(folder.ledger()) == numbers(1, 10));
}

TEST_CASE("store: the database is damaged while it is in use", "[host][store]") {
    const Folder folder;
    Caller caller{folder};
    caller.write(10);
    caller.until_committed();
    for (const char* end : {"", "-wal", "-shm"}) {
        std::fstream file{folder.ledger() + end, std::ios::in | std::ios::out | std::ios::binary};
        file << std::string(std::filesystem::file_size(folder.ledger() + end), 'x');
    }
    caller.write(10);
    caller.until_committed();
    caller.until_works();
    REQUIRE(caller.troubles.size() == 2);
    CHECK(caller.troubles[0].what.find("was damaged and is kept as") != std::string::npos);
    CHECK(rows_in(folder.ledger()) == numbers(11, 20));
}
