#include "media/digit_receiver.hpp"

#include "fake_wire.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using namespace holdfast::media;

namespace {
constexpr Instant t0 = start_of_test;

struct Line {
    DigitReceiver receiver;
    std::string digits;
    std::vector<HeardDigit> heard;

    void take(std::uint8_t code,
              std::uint32_t timestamp,
              std::uint16_t duration,
              bool ended = false,
              Instant at = t0,
              bool marker = false) {
        const auto payload = print_event({code, ended, 10, duration});
        note(receiver.take({{.marker = marker, .timestamp = timestamp}, payload}, 8000, at));
    }
    void note(const DigitReceiver::Digits& found) {
        for (const auto& digit : found) {
            digits += digit.digit;
            heard.push_back(digit);
        }
    }
};
}  // namespace

// RFC 4733 2.5.1.4: the final packet comes three times; it is one digit all the same.
TEST_CASE("digits in: once, with its length, at its first packet", "[media][digits]") {
    Line line;
    line.take(5, 1000, 160, false, t0, true);
    line.take(5, 1000, 320, false, t0 + 20ms);
    CHECK(line.digits.empty());
    for (int i = 0; i < 3; ++i)
        line.take(5, 1000, 800, true, t0 + 40ms + i * 20ms);
    REQUIRE(line.digits == "5");
    CHECK(line.heard[0].duration == 100ms);
    CHECK(line.heard[0].at == t0);
    CHECK(line.receiver.due() == never);
}

TEST_CASE("digits in: only one packet arrived", "[media][digits]") {
    Line line;
    line.take(9, 1000, 800, true);
    CHECK(line.digits == "9");
}

TEST_CASE("digits in: the same digit twice", "[media][digits]") {
    Line line;
    line.take(1, 1000, 160, false, t0, true);
    line.take(1, 1000, 800, true);
    line.take(1, 3000, 160, false, t0, true);
    line.take(1, 3000, 800, true);
    CHECK(line.digits == "11");
}

TEST_CASE("digits in: an end that was lost", "[media][digits]") {
    SECTION("the next digit ends it") {
        Line line;
        line.take(1, 1000, 320, false, t0, true);
        line.take(2, 3000, 160, false, t0 + 250ms, true);
        CHECK(line.digits == "1");
        line.take(2, 3000, 800, true);
        CHECK(line.digits == "12");
    }
    SECTION("the same digit again ends it, by its marker") {
        Line line;
        line.take(1, 1000, 320, false, t0, true);
        line.take(1, 3000, 160, false, t0 + 250ms, true);
        CHECK(line.digits == "1");
    }
    SECTION("time ends it") {
        Line line;
        line.take(1, 1000, 160, false, t0, true);
        line.take(1, 1000, 480, false, t0 + 40ms);
        CHECK(line.receiver.due() == t0 + 40ms + digit_end_patience);
        line.note(line.receiver.expire(line.receiver.due() - 1us));
        CHECK(line.digits.empty());
        line.note(line.receiver.expire(line.receiver.due()));
        REQUIRE(line.digits == "1");
        CHECK(line.heard[0].duration == 60ms);
        line.take(1, 1000, 800, true, t0 + 1s);  // it comes after all
        CHECK(line.digits == "1");
    }
    SECTION("another stream ends it") {
        Line line;
        line.take(1, 1'000'000, 320, false, t0, true);
        line.note(line.receiver.restart());
        CHECK(line.digits == "1");
        line.take(2, 5, 800, true, t0, true);
        CHECK(line.digits == "12");
    }
}

TEST_CASE("digits in: packets that were overtaken change nothing", "[media][digits]") {
    Line line;
    line.take(1, 1000, 800, true);
    line.take(2, 3000, 160, false, t0, true);
    line.take(1, 1000, 800, true);
    line.take(2, 3000, 800, true);
    CHECK(line.digits == "12");
}

// RFC 4733 2.5.1.3: events longer than 65,535 units go on in segments, each with its own timestamp
// and without marker.
TEST_CASE("digits in: a long digit in segments is one digit", "[media][digits]") {
    Line line;
    line.take(7, 1000, 160, false, t0, true);
    line.take(7, 1000, 0xffff, false, t0 + 8s);
    line.take(7, 1000 + 0xffff, 160, false, t0 + 8s);
    line.take(7, 1000 + 0xffff, 14'465, true, t0 + 10s);
    REQUIRE(line.digits == "7");
    CHECK(line.heard[0].duration == 10s);
}

TEST_CASE("digits in: phones that move the timestamp with each update", "[media][digits]") {
    Line line;
    line.take(3, 1000, 160, false, t0, true);
    line.take(3, 1160, 320);
    line.take(3, 1320, 480, true);
    CHECK(line.digits == "3");
}

TEST_CASE("digits in: a phone that begins to count anew", "[media][digits]") {
    Line line;
    line.take(3, 0x4000'0000, 480, true, t0, true);
    line.take(4, 100, 480, true, t0 + 1s, true);
    CHECK(line.digits == "34");
}

// RFC 4733 2.5.1.5: several events in one packet, each behind the one before.
TEST_CASE("digits in: several in one packet", "[media][digits]") {
    Line line;
    std::vector<std::uint8_t> payload;
    for (std::uint8_t code = 1; code <= 3; ++code)
        for (const auto octet : print_event({code, true, 10, 800}))
            payload.push_back(octet);
    line.note(line.receiver.take({{.timestamp = 1000}, payload}, 8000, t0));
    line.note(line.receiver.take({{.timestamp = 1000}, payload}, 8000, t0));
    CHECK(line.digits == "123");
}

TEST_CASE("digits in: at most so many in one packet", "[media][digits]") {
    Line line;
    std::vector<std::uint8_t> payload;
    for (std::size_t i = 0; i < most_events + 3; ++i)
        for (const auto octet : print_event({1, true, 10, 800}))
            payload.push_back(octet);
    line.note(line.receiver.take({{.timestamp = 1000}, payload}, 8000, t0));
    CHECK(line.digits.size() == most_events);
}

TEST_CASE("digits in: a hook flash is no digit", "[media][digits]") {
    Line line;
    line.take(16, 1000, 800, true);
    line.take(200, 3000, 800, false, t0, true);
    line.take(1, 5000, 800, true, t0, true);
    CHECK(line.digits == "1");
    line.note(line.receiver.take({{.timestamp = 9000}, Bytes{}}, 8000, t0));
    CHECK(line.digits == "1");
}
