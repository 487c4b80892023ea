#include "ledger/backup.hpp"

#include "ledger/verify.hpp"
#include "ledger_fixture.hpp"
#include "support/ledger_day.hpp"

#include <atomic>
#include <filesystem>
#include <thread>

using namespace holdfast;
using namespace holdfast::ledger;

namespace {

void check_copy(const std::string& path, const Head& head) {
    const auto verdict = verify(path, {.head = head});
    REQUIRE(verdict);
    INFO((verdict->sentences.empty() ? "" : verdict->sentences.front()));
    CHECK(verdict->sound());
}

}  // namespace

TEST_CASE("backup: a copy of one instant, while rows are written", "[ledger]") {
    const LedgerFile file;
    auto ledger = Ledger::open(file.path);
    REQUIRE(ledger);
    test::LedgerDay day{5};
    REQUIRE(ledger->write(day.rows(40'000)));  // some megabytes, copied in several steps
    REQUIRE(ledger->seal(day.wall()));
    const auto first = ledger->last_row();
    std::atomic<bool> over = false;
    std::thread writer{[&] {
        while (!over)
            if (!ledger->write(day.rows(10)) || !ledger->seal(day.wall())) return;
    }};
    const std::string copy = file.folder / "copy.db";
    const auto done = back_up(file.path, copy);
    over = true;
    writer.join();
    REQUIRE(done);
    CHECK(done->head.row >= first);
    CHECK(done->head.row < ledger->last_row());
    CHECK(done->bytes == std::filesystem::file_size(copy));
    check_copy(copy, done->head);
    check_copy(file.path, done->head);  // it is the beginning of what came later
    CHECK_FALSE(std::filesystem::exists(copy + ".new"));

    SECTION("a copy elsewhere goes on with rows of its own, by a key of its own") {
        const test::Folder other;  // another machine
        std::filesystem::copy_file(copy, other / "ledger.db");
        auto restored = Ledger::open(other / "ledger.db");
        REQUIRE(restored);
        CHECK(restored->last_row() == done->head.row);
        test::LedgerDay later{6, 5, restored->last_row() + 1};
        REQUIRE(restored->write(later.rows(100)));
        REQUIRE(restored->seal(later.wall()));
        check_copy(other / "ledger.db", done->head);
        const auto keys = verify(other / "ledger.db")->keys;
        REQUIRE(keys.size() == 2);
        CHECK(keys.front() == verify(copy)->keys.front());
        CHECK(verify(other / "ledger.db", {.keys = keys})->sound());
        const auto by_old = verify(other / "ledger.db", {.keys = {keys.front()}});
        REQUIRE(by_old->flaws == 1);
        CHECK(by_old->sentences[0].find("it is by key " + keys.back()) != std::string::npos);
    }
    SECTION("it does not take the place of another file") {
        const auto again = back_up(file.path, copy);
        REQUIRE_FALSE(again);
        CHECK(again.error().text == copy + ": is there already: name another file");
    }
}

TEST_CASE("backup: what cannot be copied leaves nothing", "[ledger]") {
    const LedgerFile file;
    const std::string copy = file.folder / "copy.db";
    SECTION("there is no ledger") {
        const auto done = back_up(file.path, copy);
        REQUIRE_FALSE(done);
        CHECK(done.error().text.find("name the ledger's database") != std::string::npos);
    }
    SECTION("it is ended") {
        REQUIRE(Ledger::open(file.path)->write(one_call()));
        CHECK_FALSE(back_up(file.path, copy, [] { return false; }));
    }
    SECTION("there is no such folder") {
        REQUIRE(Ledger::open(file.path)->write(one_call()));
        CHECK_FALSE(back_up(file.path, file.folder / "nowhere/copy.db"));
    }
    CHECK_FALSE(std::filesystem::exists(copy));
    CHECK_FALSE(std::filesystem::exists(copy + ".new"));
}
