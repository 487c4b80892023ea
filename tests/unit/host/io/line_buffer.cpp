#include "host/io/line_buffer.hpp"

#include <catch2/catch.hpp>

using namespace holdfast::host;

namespace {
/// Lines separated by "|"; "!" is one that was too long.
std::string lines_of(LineBuffer& buffer) {
    std::string all;
    while (const auto line = buffer.next())
        all += (line->too_long ? "!" : line->text) + "|";
    return all;
}
}  // namespace

TEST_CASE("line buffer: lines come out whole, however they come in", "[host][lines]") {
    const std::string text = "one\ntwo\r\n\nthe longest\nx\n";
    const auto piece = GENERATE(as<std::size_t>{}, 1, 2, 3, 7, 100);
    LineBuffer buffer{11};
    std::string all;
    for (std::size_t at = 0; at < text.size(); at += piece) {
        buffer.add(std::string_view{text}.substr(at, piece));
        all += lines_of(buffer);
    }
    CHECK(all == "one|two||the longest|x|");
}

TEST_CASE("line buffer: a line that is too long costs itself alone", "[host][lines]") {
    const std::string text = "good\n123456789012345678901234567890\nfine\n";
    const auto piece = GENERATE(as<std::size_t>{}, 1, 5, 13, 100);
    LineBuffer buffer{10};
    std::string all;
    for (std::size_t at = 0; at < text.size(); at += piece) {
        buffer.add(std::string_view{text}.substr(at, piece));
        all += lines_of(buffer);
    }
    CHECK(all == "good|!|fine|");
}
