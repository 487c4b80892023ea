#include "host/journal/journal.hpp"

#include "support/folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sys/stat.h>

using namespace holdfast;
using namespace holdfast::host;

namespace {

using holdfast::test::Folder;

constexpr std::size_t small = 4096 + std::size_t{2} * 16 * 1024;

Journal opened(const std::string& path, std::size_t bytes = small, std::size_t most = small) {
    auto journal = Journal::open(path, bytes, most);
    if (!journal) FAIL(journal.error());
    return *std::move(journal);
}

using Content = std::vector<std::pair<std::uint64_t, std::string>>;
Content content(const Journal& journal) {
    Content all;
    for (auto& record : journal.records())
        all.emplace_back(record.kind * 1000 + record.id, record.bytes);
    return all;
}

std::string read_file(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}
void write_file(const std::string& path, std::string_view bytes) {
    std::ofstream{path, std::ios::binary} << bytes;
}

}  // namespace

TEST_CASE("journal: the next life finds every complete step", "[host][journal]") {
    const Folder folder{"/dev/shm"};
    const std::string path = folder.path + "/journal";
    {
        auto journal = opened(path);
        CHECK(journal.note().empty());
        CHECK(journal.records().empty());
        CHECK_FALSE(journal.left_by_crash());
        CHECK_FALSE(journal.last_alive());
        journal.put(1, 7, "first");
        journal.put(2, 7, "second");
        journal.commit();
        journal.put(1, 7, "first, longer");
        journal.put(1, 8, "");
        journal.forget(2, 7);
        journal.commit();
        journal.commit();
        journal.put(1, 7, "never committed");
        journal.forget(1, 8);
    }
    auto journal = opened(path);
    CHECK(journal.left_by_crash());
    CHECK(content(journal) == Content{{1007, "first, longer"}, {1008, ""}});
    journal.forget(1, 7);
    journal.put(2, 7, std::string{"with\0zero", 9});
    journal.put(1, 7, "last now");
    journal.commit();
    journal.close_cleanly();
    journal = opened(folder.path + "/other");  // lets go of the first
    const auto again = opened(path);
    CHECK_FALSE(again.left_by_crash());
    CHECK(content(again) ==
          Content{{1008, ""}, {2007, std::string{"with\0zero", 9}}, {1007, "last now"}});
    struct stat found{};
    REQUIRE(stat(path.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
}

TEST_CASE("journal: one process at a time, and places where none can be", "[host][journal]") {
    const Folder folder{"/dev/shm"};
    const std::string path = folder.path + "/journal";
    const auto journal = opened(path);
    CHECK(Journal::open(path, small).error() ==
          "the journal " + path + " is in use: another holdfastd runs; stop it first");
    CHECK(Journal::open(folder.path + "/no/journal", small).error().find("make the directory") !=
          std::string::npos);
    const std::string folder_there = folder.path + "/folder";
    std::filesystem::create_directory(folder_there);
    CHECK_FALSE(Journal::open(folder_there, small));
}

TEST_CASE("journal: goes round its arenas for ever", "[host][journal]") {
    const Folder folder{"/dev/shm"};
    const std::string path = folder.path + "/journal";
    std::mt19937 random{1};
    std::map<std::uint64_t, std::string> model;
    auto journal = opened(path);
    for (int step = 0; step < 5000; ++step) {
        for (auto n = random() % 4; n > 0; --n) {
            const auto id = random() % 20;
            if (random() % 5 == 0) {
                journal.forget(1, id);
                model.erase(id);
            } else {
                model[id] = std::string(random() % 500, static_cast<char>('a' + step % 26));
                REQUIRE(journal.put(1, id, model[id]));
            }
        }
        journal.commit();
        if (step % 97 != 0) continue;
        journal = opened(folder.path + "/other");
        journal = opened(path);
        std::map<std::uint64_t, std::string> found;
        for (auto& record : journal.records())
            found[record.id] = record.bytes;
        REQUIRE(found == model);
    }
    CHECK(journal.file_bytes() == small);
    CHECK(journal.refused() == 0);
}

TEST_CASE("journal: grows when the live records need it, up to its limit", "[host][journal]") {
    const Folder folder{"/dev/shm"};
    const std::string path = folder.path + "/journal";
    constexpr std::size_t most = 4096 + std::size_t{2} * 64 * 1024;
    auto journal = opened(path, small, most);
    journal.take_in_hand(5, 6);
    std::uint64_t id = 0;
    while (journal.put(1, ++id, std::string(1000, 'x')))
        journal.commit();
    CHECK(journal.file_bytes() == most);
    CHECK(journal.refused() == 1);
    CHECK(journal.trouble().find("may not grow beyond 132 KiB") != std::string::npos);
    CHECK(id == 49);
    CHECK_FALSE(journal.put(1, 1, std::string(1000, 'y')));
    journal.put(1, 1, "short");  // after all, forgetting makes room
    journal.forget(1, 2);
    journal.forget(1, 3);
    journal.commit();
    CHECK(journal.put(1, 1, std::string(1000, 'z')));
    journal.commit();
    CHECK_FALSE(journal.put(1, 99, std::string(100'000, 'x')));
    CHECK(journal.refused() == 4);

    journal = opened(folder.path + "/other");
    auto again = opened(path, small, most);
    const auto found = content(again);
    REQUIRE(found.size() == 46);
    CHECK(found.front() == std::pair{std::uint64_t{1001}, std::string(1000, 'z')});
    CHECK(found.back() == std::pair{std::uint64_t{1048}, std::string(1000, 'x')});
    REQUIRE(again.crashes().size() == 1);
    CHECK(again.crashes()[0].hash == 5);
}

TEST_CASE("journal: a file smaller than it shall be becomes larger", "[host][journal]") {
    const Folder folder{"/dev/shm"};
    const std::string path = folder.path + "/journal";
    {
        auto journal = opened(path);
        journal.put(1, 1, "one");
        journal.commit();
    }
    const auto journal = opened(path, 2 * small, 2 * small);
    CHECK(journal.file_bytes() > small);
    CHECK(journal.left_by_crash());
    CHECK(content(journal) == Content{{1001, "one"}});
}

TEST_CASE("journal: what was in hand when a life ended", "[host][journal]") {
    const Folder folder{"/dev/shm"};
    const std::string path = folder.path + "/journal";
    const auto at = [](int s) {
        return ClockSample{Instant{std::chrono::seconds{s}}, WallInstant{std::chrono::hours{s}}};
    };
    for (int life = 0; life < 20; ++life) {
        auto journal = opened(path);
        CHECK(journal.left_by_crash() == (life > 0));
        CHECK(journal.crashes().size() == static_cast<std::size_t>(std::min(life, 16)));
        journal.take_in_hand(1, 1);
        journal.put_down();
        journal.heartbeat(at(10 * life));
        journal.heartbeat(at(10 * life + 1));
        journal.take_in_hand(life % 2 == 0 ? 100U : 101U, 7);
        if (life == 18) journal.put_down();
    }
    auto journal = opened(path);
    REQUIRE(journal.last_alive());
    CHECK(journal.last_alive()->now == at(191).now);
    CHECK(journal.last_alive()->wall == at(191).wall);
    const auto crashes = journal.crashes();
    REQUIRE(crashes.size() == 16);
    CHECK(crashes[15].hash == 101);
    CHECK(crashes[15].call == 7);
    CHECK(crashes[15].last_alive.now == at(191).now);
    CHECK(crashes[14].hash == 0);
    CHECK(journal.crashes_with_input(101, at(195).now, 60s) == 3);  // at 191, 171, 151
    CHECK(journal.crashes_with_input(100, at(195).now, 60s) == 2);  // 161, 141
    CHECK(journal.crashes_with_call(7, at(195).now, 60s) == 5);
    CHECK(journal.crashes_with_input(0, at(195).now, 60s) == 0);
    journal.close_cleanly();
    journal = opened(folder.path + "/other");
    CHECK(opened(path).crashes().size() == 16);
}

TEST_CASE("journal: a file of another kind is kept aside", "[host][journal]") {
    const Folder folder{"/dev/shm"};
    const std::string path = folder.path + "/journal";
    const auto started_fresh = [&](const std::string& why) {
        const auto before = read_file(path);
        const auto journal = opened(path);
        CHECK(journal.note().find(why) != std::string::npos);
        CHECK(journal.note().find("kept as " + path + ".damaged") != std::string::npos);
        CHECK(journal.records().empty());
        CHECK_FALSE(journal.left_by_crash());
        CHECK((read_file(path + ".damaged") == before));
    };
    write_file(path, "");
    started_fresh("too short");
    write_file(path, std::string(small, 'x'));
    started_fresh("no journal of Holdfast");
    auto bytes = read_file(path);
    write_file(path, bytes.substr(0, small - 1));
    started_fresh("not as long as it says");
    bytes[16] = 1;  // the length of an arena
    write_file(path, bytes);
    started_fresh("damaged at its beginning");
    bytes[8] = 9;
    write_file(path, bytes);
    started_fresh("of another version");
}

TEST_CASE("journal: of another boot nothing goes on", "[host][journal]") {
    const Folder folder{"/dev/shm"};
    const std::string path = folder.path + "/journal";
    {
        auto journal = opened(path);
        journal.put(1, 1, "one");
        journal.commit();
    }
    auto bytes = read_file(path);
    auto identity =
        journal::load<journal::Identity>(reinterpret_cast<const std::uint8_t*>(bytes.data()));
    identity.boot[0] = identity.boot[0] == 'a' ? 'b' : 'a';
    identity.crc = 0;
    identity.crc = journal::crc_of(identity);
    std::memcpy(bytes.data(), &identity, sizeof identity);
    write_file(path, bytes);
    const auto journal = opened(path);
    CHECK(journal.note().find("before the machine started") != std::string::npos);
    CHECK(journal.records().empty());
    CHECK_FALSE(journal.left_by_crash());
    CHECK_FALSE(journal.last_alive());
}

TEST_CASE("journal: damage never yields half a step", "[host][journal]") {
    const Folder folder{"/dev/shm"};
    const std::string path = folder.path + "/journal";
    std::vector<Content> steps{{}};
    {
        auto journal = opened(path);
        for (int step = 0; step < 4; ++step) {
            journal.put(1, 1, std::string(20, static_cast<char>('a' + step)));
            journal.put(1, 2, std::string(13, static_cast<char>('a' + step)));
            journal.commit();
            steps.push_back(content(journal));
        }
    }
    const auto whole = read_file(path);
    constexpr std::size_t frame = 24 + 24 + 24 + 24 + 16;
    for (std::size_t at = 0; at < 4096 + 4 * frame + 24; ++at) {
        auto bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
        write_file(path, bytes);
        const auto journal = opened(path);
        const auto found = content(journal);
        CAPTURE(at, journal.note());
        if (at >= 4096) REQUIRE(found == steps[std::min((at - 4096) / frame, std::size_t{4})]);
        REQUIRE(std::ranges::find(steps, found) != steps.end());
        REQUIRE((found == steps[4] || !journal.note().empty()));
    }
    for (std::size_t size = 0; size < whole.size(); size += 61) {
        write_file(path, std::string_view{whole}.substr(0, size));
        REQUIRE(opened(path).records().empty());
    }
}
