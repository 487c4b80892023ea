#include "media/telephone_event.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace holdfast::media;

// RFC 4733 2.3: code, then end, reserved bit and volume, then duration.
TEST_CASE("telephone event: there and back", "[media][event]") {
    const std::vector<std::uint8_t> octets{11, 0xca, 0x01, 0x40};
    const auto event = parse_event(octets);
    REQUIRE(event);
    CHECK(*event == TelephoneEvent{.code = 11, .ended = true, .volume = 10, .duration = 320});
    CHECK(print_event(*event) == std::array<std::uint8_t, 4>{11, 0x8a, 0x01, 0x40});
    CHECK_FALSE(parse_event(Bytes{octets}.first(3)));
}

// RFC 4733 3.2: 0 to 9, *, #, A to D.
TEST_CASE("telephone event: digits", "[media][event]") {
    CHECK(digit_of(0) == '0');
    CHECK(digit_of(10) == '*');
    CHECK(digit_of(11) == '#');
    CHECK(digit_of(15) == 'D');
    CHECK_FALSE(digit_of(16));
    CHECK(code_of('#') == 11);
    CHECK_FALSE(code_of('E'));
}

TEST_CASE("telephone event: durations in another clock", "[media][event]") {
    std::array<std::uint8_t, most_events * telephone_event_bytes> out{};
    const std::vector<std::uint8_t> two{1, 0x0a, 0x03, 0xc0, 2, 0x8a, 0xff, 0xff, 9};
    REQUIRE(rescale_events(two, 8000, 48'000, out) == 8);
    CHECK(parse_event(out)->duration == 5760);
    CHECK(parse_event(Bytes{out}.subspan(4))->duration == 0xffff);  // no more than fits
    REQUIRE(rescale_events(two, 48'000, 8000, out) == 8);
    CHECK(parse_event(out)->duration == 160);
    CHECK(rescale_events(std::vector<std::uint8_t>(100), 8000, 8000, out) == out.size());
    CHECK(rescale_events({}, 8000, 8000, out) == 0);
}
