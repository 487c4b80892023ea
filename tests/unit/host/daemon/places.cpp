#include "host/daemon/places.hpp"

#include "support/folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>

using namespace holdfast;
using namespace holdfast::host;
using holdfast::test::Folder;

namespace {

settings::HostSettings in(const Folder& folder) {
    settings::HostSettings settings;
    settings.state = folder / "a/state";
    settings.runtime = folder / "b/run";
    return settings;
}

}  // namespace

TEST_CASE("places: a first start makes both directories, a secret and the count of lives",
          "[host]") {
    const Folder folder;
    const auto first = enter(in(folder));
    REQUIRE(first);
    CHECK(first->secret.size() == 32);
    CHECK(first->boot == 1);
    CHECK(std::filesystem::is_directory(folder / "b/run"));
    const auto readers = std::filesystem::status(folder / "a/state/nonce-secret").permissions() &
                         (std::filesystem::perms::group_all | std::filesystem::perms::others_all);
    CHECK(readers == std::filesystem::perms::none);
}

TEST_CASE("places: the secret stays over lives, which are counted", "[host]") {
    const Folder folder;
    std::string secret;
    for (std::uint64_t life = 1; life <= 12; ++life) {
        const auto identity = enter(in(folder));
        REQUIRE(identity);
        CHECK(identity->boot == life);
        if (life > 1) CHECK(identity->secret == secret);
        secret = identity->secret;
    }
}

TEST_CASE("places: no life has a number twice, and few wait for the disk", "[host]") {
    const Folder folder;
    std::uint64_t last = 0;
    int writes = 0;
    for (int machine = 0; machine < 3; ++machine) {
        for (int life = 0; life < 1500; ++life) {
            const auto before = std::filesystem::exists(folder / "a/state/boots")
                                    ? std::filesystem::last_write_time(folder / "a/state/boots")
                                    : std::filesystem::file_time_type{};
            const auto identity = enter(in(folder));
            REQUIRE(identity);
            REQUIRE(identity->boot > last);
            last = identity->boot;
            writes += std::filesystem::last_write_time(folder / "a/state/boots") != before;
        }
        std::filesystem::remove(folder / "b/run/boots");  // the memory is gone
    }
    CHECK(writes == 6);
}

TEST_CASE("places: a secret that was cut short is made anew", "[host]") {
    const Folder folder;
    const std::string secret = enter(in(folder))->secret;
    std::ofstream{folder / "a/state/nonce-secret"} << "short";
    const auto again = enter(in(folder));
    REQUIRE(again);
    CHECK(again->secret.size() == 32);
    CHECK(again->secret != secret);
}

TEST_CASE("places: nobody else works in the same directory meanwhile", "[host]") {
    const Folder folder;
    auto first = enter(in(folder));
    REQUIRE(first);
    const auto second = enter(in(folder));
    REQUIRE_FALSE(second);
    CHECK(second.error().find("another holdfastd works in") == 0);
    first = std::unexpected{"gone"};
    CHECK(enter(in(folder)));
}

TEST_CASE("places: a directory that cannot be is named, with the key that sets it", "[host]") {
    const Folder folder;
    std::ofstream{folder / "file"} << "in the way";
    auto settings = in(folder);
    settings.runtime = folder / "file/run";
    const auto entered = enter(settings);
    REQUIRE_FALSE(entered);
    CHECK(entered.error().find(settings.runtime) != std::string::npos);
    CHECK(entered.error().find("[site] runtime") != std::string::npos);
}
