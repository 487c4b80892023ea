#include "media/reception.hpp"

#include "fake_wire.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::media;

namespace {
RtpHeader packet(std::uint16_t sequence, std::uint32_t ssrc = 1) {
    return {.payload_type = 8, .marker = false, .sequence = sequence, .timestamp = 0, .ssrc = ssrc};
}
}  // namespace

// RFC 3550 A.1: the sequence number is extended past its wrap; late packets fall into place.
TEST_CASE("reception: numbers go on past the wrap", "[media][reception]") {
    Reception in;
    const auto first = in.take(packet(65'534)).number;
    CHECK(in.take(packet(0)).number == first + 2);
    CHECK(in.take(packet(65'535)).number == first + 1);  // overtaken
    CHECK(in.take(packet(1)).number == first + 3);
    CHECK(in.lost() == 0);
    CHECK(in.report(start_of_test).highest_sequence == 0x0001'0001);
}

// RFC 3550 A.1: one wild number is a stray packet, two in a row are a sender that began anew.
TEST_CASE("reception: a stray packet does not belong, a restart does", "[media][reception]") {
    Reception in;
    const auto stream = in.take(packet(100)).stream;
    CHECK_FALSE(in.take(packet(40'000)).belongs);
    CHECK(in.take(packet(101)).stream == stream);
    CHECK_FALSE(in.take(packet(50'000)).belongs);
    const auto place = in.take(packet(50'001));
    CHECK(place.belongs);
    CHECK(place.stream != stream);
    CHECK(in.lost() == 0);
}

TEST_CASE("reception: the edges of dropout and misorder", "[media][reception]") {
    Reception in;
    in.take(packet(1000));
    CHECK(in.take(packet(4000)).belongs);
    CHECK_FALSE(in.take(packet(7001)).belongs);
    CHECK(in.take(packet(3900)).belongs);
    CHECK_FALSE(in.take(packet(3899)).belongs);
}

TEST_CASE("reception: another SSRC is another stream, and what was lost stays lost",
          "[media][reception]") {
    Reception in;
    in.take(packet(10));
    in.take(packet(15));
    CHECK(in.lost() == 4);
    const auto place = in.take(packet(60'000, 2));
    CHECK(place.belongs);
    CHECK(place.stream == 2);
    CHECK(in.lost() == 4);
    CHECK(in.report(start_of_test).cumulative_lost == 0);  // of this SSRC
    CHECK(in.ssrc() == 2);
}

// RFC 3550 A.3: lost over expected since the last report, in 1/256; never below zero.
TEST_CASE("reception: fraction lost is of the interval", "[media][reception]") {
    Reception in;
    CHECK_FALSE(in.heard_since_report());
    for (std::uint16_t i = 0; i < 10; ++i)
        if (i != 4) in.take(packet(i));
    CHECK(in.heard_since_report());
    auto block = in.report(start_of_test);
    CHECK(block.fraction_lost == 25);  // 1 of 10
    CHECK(block.cumulative_lost == 1);
    for (std::uint16_t i = 10; i < 20; ++i)
        in.take(packet(i));
    in.take(packet(4));  // late, not lost
    block = in.report(start_of_test);
    CHECK(block.fraction_lost == 0);
    CHECK(block.cumulative_lost == 0);
    in.take(packet(19));
    CHECK(in.report(start_of_test).cumulative_lost == -1);  // a duplicate
    CHECK(in.lost() == 0);
}

// RFC 3550 6.4.1: jitter moves a sixteenth of the way to each difference in transit time.
TEST_CASE("reception: jitter", "[media][reception]") {
    Reception in;
    in.measure_jitter(0, 8000, start_of_test);
    in.measure_jitter(160, 8000, start_of_test + 20ms);
    CHECK(in.jitter() == 0us);
    in.measure_jitter(320, 8000, start_of_test + 56ms);  // 16 ms late
    CHECK(in.jitter() == 1ms);
    in.measure_jitter(0xffff'ff00, 48'000, start_of_test + 80ms);  // another clock: anew
    CHECK(in.jitter() == 0us);
}

TEST_CASE("reception: timestamps may wrap", "[media][reception]") {
    Reception in;
    in.measure_jitter(0xffff'ffb0, 8000, start_of_test);
    in.measure_jitter(0x50, 8000, start_of_test + 20ms);
    CHECK(in.jitter() == 0us);
}

// RFC 3550 6.4.1: LSR and DLSR let the peer compute the round trip.
TEST_CASE("reception: the last sender report is echoed", "[media][reception]") {
    Reception in;
    in.take(packet(1));
    CHECK(in.report(start_of_test).last_sender_report == 0);
    in.take(SenderInfo{.sent_at = 0x0001'2345'6789'abcd}, start_of_test);
    in.take(packet(2));
    const auto block = in.report(start_of_test + 500ms);
    CHECK(block.last_sender_report == 0x2345'6789);
    CHECK(block.since_last_report == 32'768);
}
