#include "host/store/spill_file.hpp"

#include "base/codec.hpp"
#include "unit/host/store/store_fixture.hpp"

#include <fstream>

using namespace holdfast;
using namespace holdfast::host;

namespace {

constexpr std::size_t some_bytes = std::size_t{64} * 1024;

SpillFile opened(const std::string& path, std::size_t bytes = some_bytes) {
    auto spill = SpillFile::open(path, bytes);
    if (!spill) FAIL(spill.error().text);
    return *std::move(spill);
}

std::vector<std::uint64_t> read(SpillFile& spill, std::size_t enough = 1'000'000) {
    auto found = spill.read_on(enough);
    if (!found) FAIL(found.error().text);
    std::vector<std::uint64_t> all;
    for (const auto& r : *found)
        all.push_back(r.row);
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

TEST_CASE("spill file: every kind of row comes back as it was", "[host][store]") {
    const acd::Stamp stamp{WallInstant{Micros{7}}, -3600};
    const acd::Uuid id{1, 2, 3};
    const acd::SegmentClosed segment{acd::LaneKind::agent,
                                     id,
                                     4,
                                     "talking",
                                     "caller_left",
                                     {9},
                                     "2101",
                                     "support",
                                     "rona",
                                     Instant{1us},
                                     Instant{2us},
                                     stamp,
                                     486,
                                     acd::Outcome::ended};
    const std::vector<acd::LedgerRow> all{
        {1, acd::JourneyOpened{id, "+4912", "Ann", "100", "trunk", true, Instant{5us}, stamp}},
        {2, acd::ShiftOpened{id, "2101", "Bob", "phone", Instant{6us}, stamp}},
        {3, segment},
        {4, acd::MarkClosed{id, "held_by_caller", Instant{7us}, Instant{8us}}}};
    const Folder folder;
    opened(folder.spill()).append(all).value();
    auto spill = opened(folder.spill());
    const auto found = spill.read_on(1).value();
    std::string before, after;
    encode(all, before);
    encode(found, after);
    CHECK(before == after);
}

TEST_CASE("spill file: frames, the next life, and emptying", "[host][store]") {
    const Folder folder;
    {
        auto spill = opened(folder.spill());
        CHECK(std::filesystem::file_size(folder.spill()) == some_bytes);
        CHECK(spill.empty());
        CHECK(spill.all_read());
        CHECK(read(spill).empty());
        spill.append(rows(5, 7)).value();
        spill.append(rows(8, 8)).value();
        CHECK(read(spill, 1) == numbers(5, 7));
        CHECK_FALSE(spill.all_read());
        spill.append(rows(9, 30)).value();
    }
    auto spill = opened(folder.spill());
    CHECK(spill.last_row() == 30);
    CHECK(read(spill) == numbers(5, 30));
    CHECK(spill.all_read());
    spill.clear().value();
    CHECK(spill.empty());
    CHECK(spill.last_row() == 0);
    spill = opened(folder.spill());
    CHECK(spill.empty());
    // What is written now lies over older frames.
    spill.append(rows(31, 31)).value();
    spill = opened(folder.spill());
    CHECK(read(spill) == numbers(31, 31));
}

TEST_CASE("spill file: is full, and does not grow", "[host][store]") {
    const Folder folder;
    auto spill = opened(folder.spill());
    std::uint64_t last = 0;
    for (;;) {
        const auto appended = spill.append(rows(last + 1, last + 10));
        if (!appended) {
            CHECK(appended.error().kind == SpillFault::Kind::full);
            CHECK(appended.error().text == "the spill file " + folder.spill() +
                                               " is full: 64 KiB of rows wait for the ledger");
            break;
        }
        last += 10;
    }
    CHECK(last > 100);
    CHECK(std::filesystem::file_size(folder.spill()) == some_bytes);
    CHECK(read(spill) == numbers(1, last));
    spill = opened(folder.spill(), 2 * some_bytes);  // the settings may give it more
    spill.append(rows(last + 1, last + 10)).value();
    CHECK(read(spill) == numbers(1, last + 10));
}

TEST_CASE("spill file: a head torn when the file was made is made anew", "[host][store]") {
    const Folder folder;
    { opened(folder.spill()); }
    const auto whole = read_file(folder.spill());
    for (std::size_t length = 0; length < 24; ++length) {  // of the head at 4096
        auto bytes = whole;
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(4096 + length), bytes.end(), '\0');
        write_file(folder.spill(), bytes);
        auto spill = SpillFile::open(folder.spill(), some_bytes);
        REQUIRE(spill);
        CHECK(spill->empty());
        spill->append(rows(1, 2)).value();
        CHECK(read(*spill) == numbers(1, 2));
    }
}

TEST_CASE("spill file: damage never yields half a frame", "[host][store]") {
    const Folder folder;
    {
        auto spill = opened(folder.spill());
        spill.append(rows(1, 2)).value();
        spill.append(rows(3, 5)).value();
    }
    const auto whole = read_file(folder.spill());
    constexpr std::size_t first = 8192, second = first + 512, end = second + 1024;
    std::size_t torn = 0;
    for (std::size_t at = 0; at < end; at += at < 32 || at >= first ? 1 : 37) {
        auto bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x04);
        write_file(folder.spill(), bytes);
        auto spill = SpillFile::open(folder.spill(), some_bytes);
        if (!spill) {
            REQUIRE(spill.error().kind == SpillFault::Kind::damaged);
            REQUIRE(at >= 4096);
            REQUIRE(at < first);
            continue;
        }
        const auto found = read(*spill);
        CAPTURE(at);
        if (at >= second) {
            REQUIRE((found == numbers(1, 5) || found == numbers(1, 2)));
            torn += found == numbers(1, 2) ? 1 : 0;
        } else if (at >= first) {
            REQUIRE((found == numbers(1, 5) || found.empty()));
        }
    }
    CHECK(torn > 300);
    write_file(folder.spill(), std::string(some_bytes, 'x'));
    CHECK(SpillFile::open(folder.spill(), some_bytes).error().kind == SpillFault::Kind::damaged);
    write_file(folder.spill(), std::string_view{whole}.substr(0, second + 100));
    auto spill = opened(folder.spill());
    CHECK(read(spill) == numbers(1, 2));
    CHECK_FALSE(SpillFile::open(folder.path + "/no/spill", some_bytes));
}
