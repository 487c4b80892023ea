#include "host/store/store.hpp"

#include "unit/host/store/store_fixture.hpp"

#include <atomic>
#include <csignal>
#include <fstream>
#include <optional>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace holdfast;
using namespace holdfast::host;

TEST_CASE("store: rows are committed in groups, and found by the next life", "[host][store]") {
    const Folder folder;
    {
        Caller caller{folder};
        CHECK(caller.store->last_row() == 0);
        CHECK(caller.store->notes().empty());
        caller.write(1);
        caller.until_committed();
        caller.write(2500);
        caller.until_committed();
        caller.store->write(row(7));  // again, as after a restart
        pollfd ready{caller.store->descriptor(), POLLIN, 0};
        REQUIRE(poll(&ready, 1, 60'000) == 1);
        const auto results = caller.store->take_results();
        REQUIRE(results.size() == 1);
        CHECK(std::get<Committed>(results[0]).row == 2501);
        CHECK(poll(&ready, 1, 0) == 0);
        caller.write(3);
        caller.store->close();
        caller.take();
        CHECK(caller.committed == 2504);
        caller.write(1);  // too late, and without harm
        CHECK(caller.troubles.empty());
    }
    CHECK(rows_in(folder.ledger()) == numbers(1, 2504));
    CHECK(Caller{folder}.store->last_row() == 2504);
}

TEST_CASE("store: another process holds the ledger", "[host][store]") {
    const Folder folder;
    Caller caller{folder};
    caller.write(5);
    caller.until_committed();
    {
        SQLite::Database other{folder.ledger(), SQLite::OPEN_READWRITE};
        other.exec("BEGIN IMMEDIATE");
        caller.write(10);
        caller.until_committed();
        caller.write(10);
        caller.until_committed();
        REQUIRE(caller.troubles.size() == 1);
        CHECK(caller.troubles[0].what.find("has not answered for a second") != std::string::npos);
        CHECK(caller.troubles[0].what.find("rows are kept in " + folder.spill()) !=
              std::string::npos);
        CHECK_FALSE(caller.troubles[0].refuse_calls);
        CHECK(rows_in(folder.ledger()) == numbers(1, 5));
    }
    caller.until_works();
    CHECK(rows_in(folder.ledger()) == numbers(1, 25));
    caller.write(1);
    caller.until_committed();
    CHECK(rows_in(folder.ledger()) == numbers(1, 26));
    CHECK(caller.troubles.size() == 2);
}

TEST_CASE("store: ends while the ledger is held, and the next life replays", "[host][store]") {
    const Folder folder;
    SQLite::Database other{folder.ledger(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    {
        Caller caller{folder};
        other.exec("BEGIN IMMEDIATE");
        caller.write(10);
        caller.store->close();
        caller.take();
        CHECK(caller.committed == 10);
    }
    other.exec("ROLLBACK");
    CHECK(rows_in(folder.ledger()).empty());
    Caller caller{folder};
    CHECK(caller.store->last_row() == 10);
    caller.write(1);
    caller.until_committed();
    caller.store->close();
    auto ledger = ledger::Ledger::open(folder.ledger());
    REQUIRE(ledger);
    CHECK(ledger->last_row() >= 10);
}

TEST_CASE("store: the spill file is full too, then nothing takes rows", "[host][store]") {
    const Folder folder;
    Caller caller{StoreOptions{.ledger_path = folder.ledger(),
                               .spill_path = folder.spill(),
                               .spill_bytes = 16 * 1024,
                               .most_waiting = 200}};
    SQLite::Database other{folder.ledger(), SQLite::OPEN_READWRITE};
    other.exec("BEGIN IMMEDIATE");
    const auto refusing = [&] {
        return !caller.troubles.empty() && caller.troubles.back().refuse_calls;
    };
    while (!refusing()) {
        caller.write(20);
        caller.until([&] { return caller.committed == caller.next - 1 || refusing(); });
    }
    REQUIRE(caller.troubles.size() == 2);
    CHECK(caller.troubles[1].what.find("is full: 16 KiB of rows wait for the ledger") !=
          std::string::npos);
    CHECK(caller.store->waiting() == 20);
    caller.write(180);
    CHECK(caller.store->turned_away() == 0);
    const auto fit = caller.next - 1;

    SECTION("the ledger comes back in time") {
        other.exec("ROLLBACK");
        caller.until_works();
        caller.until_committed();
        CHECK(rows_in(folder.ledger()) == numbers(1, fit));
    }
    SECTION("it does not") {
        caller.write(2);
        CHECK(caller.store->turned_away() == 2);
        caller.until([&] { return caller.troubles.size() == 3; });
        CHECK(caller.troubles[2].refuse_calls);
        CHECK(caller.troubles[2].what.find("rows from " + std::to_string(fit + 1) +
                                           " on wait in the journal") != std::string::npos);
        other.exec("ROLLBACK");
        caller.until([&] { return caller.committed == fit; });
        caller.write(1);
        CHECK(caller.store->turned_away() == 3);
        caller.store->close();
        caller.take();
        CHECK(caller.troubles.size() == 3);
        CHECK(rows_in(folder.ledger()) == numbers(1, fit));
    }
}

TEST_CASE("store: a damaged database is set aside", "[host][store]") {
    const Folder folder;
    std::ofstream{folder.ledger()} << std::string(5000, 'x');
    {
        Caller caller{folder};
        REQUIRE(caller.store->notes().size() == 1);
        CHECK(caller.store->notes()[0].find("was damaged and is kept as " + folder.ledger() +
                                            ".damaged-") != std::string::npos);
        CHECK(caller.store->last_row() == 0);
        caller.write(3);
        caller.until_committed();
    }
    CHECK(rows_in(folder.ledger()) == numbers(1, 3));
    int kept = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder.path})
        if (entry.path().string().find(".damaged-") != std::string::npos) {
            CHECK(entry.file_size() == 5000);
            ++kept;
        }
    CHECK(kept == 1);
}

TEST_CASE("store: what lets it not start", "[host][store]") {
    const Folder folder;
    SQLite::Database{folder.ledger(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}.exec(
        "PRAGMA user_version = 99");
    CHECK(Store::open({folder.ledger(), folder.spill(), 1 << 20})
              .error()
              .find("written by a newer Holdfast") != std::string::npos);
    // Neither ledger nor spill file.
    const auto nowhere = Store::open({folder.path + "/no/l", folder.path + "/no/s", 1 << 20});
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().find("make its directory") != std::string::npos);
}

TEST_CASE("store: without a spill file it says so", "[host][store]") {
    const Folder folder;
    Caller caller{StoreOptions{folder.ledger(), folder.path + "/no/spill", 1 << 20}};
    caller.write(3);
    caller.until_committed();
    REQUIRE(caller.troubles.size() == 1);
    CHECK(caller.troubles[0].what.find("a fault of the ledger stops calls") != std::string::npos);
    SQLite::Database other{folder.ledger(), SQLite::OPEN_READWRITE};
    other.exec("BEGIN IMMEDIATE");
    caller.write(3);
    caller.until([&] { return caller.troubles.size() == 2; });
    CHECK(caller.troubles[1].refuse_calls);
    other.exec("ROLLBACK");
    caller.until([&] { return caller.troubles.size() == 3; });
    CHECK_FALSE(caller.troubles[2].refuse_calls);
    caller.until_committed();
}

TEST_CASE("store: one row that the ledger will not take does not stop the others",
          "[host][store]") {
    const Folder folder;
    Caller caller{folder};
    caller.write(3);
    auto wrong = row(caller.next++);
    auto& segment = std::get<acd::SegmentClosed>(wrong.what);
    std::swap(segment.began, segment.ended);
    caller.store->write(wrong);
    caller.write(3);
    caller.until_committed();
    caller.until_works();
    auto expected = numbers(1, 7);
    expected.erase(expected.begin() + 3);
    CHECK(rows_in(folder.ledger()) == expected);
    CHECK(std::filesystem::file_size(folder.spill() + ".refused") > 50);
}

TEST_CASE("store: killed in the middle, no committed row is lost", "[host][store]") {
    const Folder folder;
    void* at = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(at != MAP_FAILED);
    auto& committed = *new (at) std::atomic<std::uint64_t>{0};
    for (int life = 0; life < 12; ++life) {
        const bool held = life % 3 == 2;  // then the rows go into the spill file
        const pid_t child = fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            Caller caller{folder};
            std::optional<SQLite::Database> other;
            if (held)
                other.emplace(folder.ledger(), SQLite::OPEN_READWRITE).exec("BEGIN IMMEDIATE");
            for (;;) {
                caller.write(10);
                caller.until_committed();
                committed = caller.committed;
            }
        }
        usleep(static_cast<useconds_t>((held ? 1'300'000 : 100'000) + 7919 * life));
        kill(child, SIGKILL);
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        Caller caller{folder};
        CHECK(caller.store->last_row() >= committed);
    }
    CHECK(committed > 100);
    Caller caller{folder};
    const auto last = caller.store->last_row();
    while (rows_in(folder.ledger()).size() < last)
        usleep(10'000);
    CHECK(rows_in(folder.ledger()) == numbers(1, last));
}

TEST_CASE("store: the ledger is sealed, at the start and then every while", "[host][store]") {
    const Folder folder;
    StoreOptions options{folder.ledger(), folder.spill(), 1 << 20};
    options.seal_every = 20ms;
    const auto seals = [&] {
        SQLite::Database db{folder.ledger(), SQLite::OPEN_READONLY, 1000};
        return db.execAndGet("SELECT count(*) FROM seal").getInt();
    };
    {
        Caller caller{options};
        for (int i = 1; i <= 3; ++i) {
            caller.write(5);
            caller.until_committed();
            for (int tries = 0; seals() < i && tries < 1000; ++tries)
                usleep(10'000);
            CHECK(seals() >= i);
        }
    }
    const auto before = seals();
    options.seal_every = 1h;
    {
        Caller caller{options};
        caller.write(5);
        caller.until_committed();
    }
    // What the last life wrote is sealed when the next one begins.
    Caller caller{options};
    for (int tries = 0; seals() == before && tries < 1000; ++tries)
        usleep(10'000);
    CHECK(seals() > before);
    SQLite::Database db{folder.ledger(), SQLite::OPEN_READONLY, 1000};
    CHECK(db.execAndGet("SELECT max(last_row) FROM seal").getInt() == 20);
}
