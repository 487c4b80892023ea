#include "media/tick.hpp"

#include "fake_wire.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <numeric>

using namespace holdfast;
using namespace holdfast::media;

TEST_CASE("tick: deadlines are absolute, whenever they are served", "[media][tick]") {
    Ticker ticker{5, 20ms};
    CHECK(ticker.due() == never);
    ticker.start(start_of_test + 3ms);
    const Instant first = ticker.due();
    CHECK(first >= start_of_test + 3ms);
    CHECK(first < start_of_test + 23ms);
    for (int i = 0; i < 100; ++i) {
        const auto tick = ticker.take(ticker.due() + (i % 5) * 1ms);
        CHECK(tick.at == first + i * 20ms);
        CHECK_FALSE(tick.late);
        CHECK(ticker.due() == first + (i + 1) * 20ms);
    }
}

TEST_CASE("tick: starting again changes nothing, stopping does", "[media][tick]") {
    Ticker ticker{5, 20ms};
    ticker.start(start_of_test);
    const Instant due = ticker.due();
    ticker.start(start_of_test + 1s);
    CHECK(ticker.due() == due);
    ticker.stop();
    CHECK(ticker.due() == never);
    ticker.start(start_of_test + 1s);
    CHECK((ticker.due() - due) % 20ms == 0us);  // the phase stays
}

TEST_CASE("tick: exactly on a deadline is in time for it", "[media][tick]") {
    Ticker ticker{0, 20ms};
    ticker.start(Instant{20ms * 50'000});
    CHECK(ticker.due() == Instant{20ms * 50'000});
}

// Missed ticks are left out: a burst would only overflow the receiver's buffer.
TEST_CASE("tick: late ones are counted and not bunched", "[media][tick]") {
    Ticker ticker{0, 20ms};
    ticker.start(Instant{1000s});
    CHECK_FALSE(ticker.take(Instant{1000s} + 5ms).late);
    CHECK(ticker.take(Instant{1000s} + 20ms + 5ms + 1us).late);
    const auto tick = ticker.take(Instant{1000s} + 145ms);
    CHECK(tick.late);
    CHECK(tick.at == Instant{1000s} + 140ms);
    CHECK(ticker.due() == Instant{1000s} + 160ms);
}

// A thousand listeners must not send in one millisecond.
TEST_CASE("tick: phases lie evenly over the packet time", "[media][tick]") {
    for (const Micros ptime : {10ms, 20ms, 30ms, 60ms}) {
        std::array<int, 60> at{};
        for (std::uint32_t leg = 0; leg < 1000; ++leg) {
            const Micros phase = phase_of(leg, ptime);
            REQUIRE(phase >= 0us);
            REQUIRE(phase < ptime);
            REQUIRE(phase % tick_grain == 0us);
            ++at.at(static_cast<std::size_t>(phase / 1ms));
        }
        const int even = static_cast<int>(1000 / (ptime / 1ms));
        for (std::size_t ms = 0; ms < static_cast<std::size_t>(ptime / 1ms); ++ms) {
            CAPTURE(ptime.count(), ms);
            CHECK(at.at(ms) >= even - 3);
            CHECK(at.at(ms) <= even + 3);
        }
    }
}

TEST_CASE("tick: packet times are whole frames of 10 to 60 ms", "[media][tick]") {
    CHECK(packet_time(0) == 20ms);
    CHECK(packet_time(1) == 10ms);
    CHECK(packet_time(20) == 20ms);
    CHECK(packet_time(35) == 30ms);
    CHECK(packet_time(60) == 60ms);
    CHECK(packet_time(500) == 60ms);
    Ticker ticker{1, 20ms};
    ticker.start(start_of_test);
    ticker.change(20ms);
    CHECK(ticker.due() != never);
    ticker.change(30ms);
    CHECK(ticker.due() == never);
    CHECK(ticker.ptime() == 30ms);
}
