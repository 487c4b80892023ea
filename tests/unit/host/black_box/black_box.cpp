#include "host/black_box/black_box.hpp"

#include "support/folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

using namespace holdfast;
using namespace holdfast::host;

namespace {

struct Folder : holdfast::test::Folder {
    std::string box() const { return path + "/black-box"; }
    std::expected<BlackBox, std::string> open(std::size_t bytes, std::string_view settings) const {
        return BlackBox::open(box(), path + "/ring", bytes, settings);
    }
};

RecordedInput datagram(int number) {
    return {Instant{Micros{number}},
            Instant{Micros{number + 1}},
            engine::DatagramReceived{ListenerId{1}, {}, "datagram " + std::to_string(number)}};
}

struct Read {
    std::string settings;
    std::vector<std::string> datagrams, marks;
    std::expected<void, std::string> outcome;
};

Read read(const std::string& path) {
    Read r;
    const BlackBoxReader reader{
        [&](std::string_view text) { r.settings = text; },
        [&](const RecordedInput& input) {
            r.datagrams.push_back(std::get<engine::DatagramReceived>(input.input).bytes);
        },
        [&](const StateMark& mark) { r.marks.push_back(mark.hash); }};
    r.outcome = reader.read(path);
    return r;
}

}  // namespace

TEST_CASE("black box: what was recorded is read, the life before is kept", "[host]") {
    const Folder folder;
    for (int life = 1; life <= 2; ++life) {
        auto box = folder.open(1 << 20, "settings " + std::to_string(life));
        REQUIRE(box);
        box->record(datagram(life));
        box->record(StateMark{"hash"});
    }
    const auto now = read(folder.box());
    REQUIRE(now.outcome);
    CHECK(now.settings == "settings 2");
    CHECK(now.datagrams == std::vector<std::string>{"datagram 2"});
    CHECK(now.marks == std::vector<std::string>{"hash"});
    CHECK(read(folder.box() + ".previous").settings == "settings 1");
}

TEST_CASE("black box: at its limit it stops and says so, and what it has can be read", "[host]") {
    const Folder folder;
    int recorded = 0;
    {
        auto box = folder.open(4096, "");
        REQUIRE(box);
        for (; box->ended_by().empty(); ++recorded) {
            REQUIRE(recorded < 1000);
            box->record(datagram(recorded));
        }
        CHECK(box->ended_by() == "it is full; [site] black_box_megabytes sets its size");
        box->record(datagram(0));  // nothing happens any more
    }
    CHECK(std::filesystem::file_size(folder.box()) <= 4096);
    CHECK(read(folder.box()).datagrams.size() == static_cast<std::size_t>(recorded - 1));
}

TEST_CASE("black box: reading ends before what is cut off or damaged", "[host]") {
    const Folder folder;
    {
        auto box = folder.open(1 << 20, "s");
        REQUIRE(box);
        box->record(datagram(1));
        box->record(datagram(2));
    }
    std::size_t most = 0;
    for (const std::uintmax_t size : {400U, 200U, 150U, 100U, 60U, 30U}) {
        std::filesystem::resize_file(folder.box(), size);
        const auto r = read(folder.box());
        CHECK(r.outcome);
        most = std::max(most, r.datagrams.size());
    }
    CHECK(most == 2);
    std::filesystem::resize_file(folder.box(), 5);
    CHECK_FALSE(read(folder.box()).outcome);
    CHECK_FALSE(read(folder.path + "/nothing").outcome);
}
