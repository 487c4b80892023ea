#include "media/source_shelf.hpp"

#include "base/limits.hpp"
#include "calls.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;

namespace {
/// A source of so many mebibytes.
SourcePtr heavy(std::size_t mebibytes) {
    Source::Tracks tracks;
    tracks[0] = Track{Codec::pcma, std::vector<std::uint8_t>(mebibytes << 20), 1, 0};
    return std::make_shared<const Source>(std::move(tracks), 1s);
}
}  // namespace

TEST_CASE("shelf: expected, ready, found", "[media][shelf]") {
    SourceShelf shelf;
    CHECK(shelf.find({7}).trouble == "source 7 was never loaded: load it before it is heard");
    CHECK(shelf.expect({7}).empty());
    CHECK(shelf.find({7}).trouble.empty());
    CHECK(shelf.find({7}).source == nullptr);
    const auto source = tone_source(20);
    CHECK(shelf.put({7}, source).empty());
    CHECK(shelf.find({7}).source == source);
}

TEST_CASE("shelf: a failure is remembered; the one before stays usable", "[media][shelf]") {
    SourceShelf shelf;
    static_cast<void>(shelf.expect({7}));
    CHECK(shelf.put({7}, std::unexpected{"broken"}) == "broken");
    CHECK(shelf.find({7}).trouble == "broken");
    const auto source = tone_source(20);
    CHECK(shelf.put({7}, source).empty());
    CHECK(shelf.put({7}, std::unexpected{"broken again"}) == "broken again");
    CHECK(shelf.find({7}).source == source);
    CHECK(shelf.find({7}).trouble.empty());
}

TEST_CASE("shelf: so many and no more", "[media][shelf]") {
    SourceShelf shelf;
    for (std::uint32_t id = 1; id <= limits::media_sources; ++id)
        REQUIRE(shelf.expect({id}).empty());
    CHECK(shelf.expect({1}).empty());  // again
    CHECK(shelf.expect({9999}) ==
          "source 9999 is one more than the 400 that fit: load fewer recordings and tones");
}

TEST_CASE("shelf: all together within the memory they share", "[media][shelf]") {
    SourceShelf shelf{4u << 20};
    CHECK(shelf.put({1}, heavy(2)).empty());
    CHECK(shelf.put({2}, heavy(2)).empty());
    CHECK(shelf.put({3}, heavy(1)) ==
          "source 3 does not fit into the 4 MiB that all sources share: shorten or remove "
          "recordings");
    CHECK(shelf.find({3}).source == nullptr);
    CHECK(shelf.put({2}, heavy(1)).empty());  // it takes the place of the other
    CHECK(shelf.put({3}, heavy(1)).empty());
}
