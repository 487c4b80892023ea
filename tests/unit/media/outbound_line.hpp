// One outgoing stream of a party, for the tests of media/outbound.hpp.
#pragma once
#include "calls.hpp"
#include "media/outbound.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

namespace holdfast::media {

inline constexpr Instant t0 = start_of_test;
inline constexpr std::uint32_t first_timestamp = 90'000;

/// What one party hears, and the wire it goes out by.
struct Line {
    FakeWire wire;
    Outbound out{MediaId{4}, 0, OutStream{0xabc, 100, first_timestamp}, wire};
    Instant now = t0;
    std::int64_t number = 0;
    std::uint32_t incoming = 5000;

    explicit Line(const Configure& order = party({4}, at(1, 4000))) { configure(order); }
    void configure(const Configure& order) {
        out.set_target(order.remote_rtp);
        out.configure(order, now);
    }
    void hear_source(const SourcePtr& source, bool loop = true) {
        out.hear({{4}, HearSource{{1}, loop}}, source, now);
    }
    void hear_endpoint(std::uint32_t from) { out.hear({{4}, HearEndpoint{{from}}}, nullptr, now); }
    void hear_nothing() { out.hear({{4}, HearNothing{}}, nullptr, now); }

    /// Serves all ticks until `until`.
    void run(Instant until) {
        while (out.tick_due() <= until) {
            now = out.tick_due();
            out.tick(now);
        }
        now = until;
    }
    bool relay(Codec codec = Codec::pcma) {
        static const std::vector<std::uint8_t> payload(160, 0x33);
        Heard heard;
        heard.packet.header = {.payload_type = 0,
                               .marker = false,
                               .sequence = static_cast<std::uint16_t>(number),
                               .timestamp = incoming,
                               .ssrc = 5};
        heard.packet.payload = payload;
        heard.place = {.belongs = true, .stream = 1, .number = number++};
        heard.codec = codec;
        heard.clock = facts_of(codec).clock;
        incoming += 160;
        const bool sent = out.relay(heard, now);
        now += 20ms;
        return sent;
    }
    std::vector<SentPacket> rtp() const { return wire.rtp_of(0); }
};

/// One stream: SSRC constant, sequence without a gap, timestamps that follow the time of sending.
inline void check_one_stream(const std::vector<SentPacket>& packets) {
    REQUIRE_FALSE(packets.empty());
    std::uint16_t sequence = packets[0].rtp().header.sequence;
    std::uint32_t timestamp = packets[0].rtp().header.timestamp;
    for (const auto& packet : packets) {
        const auto header = packet.rtp().header;
        CHECK(header.ssrc == 0xabc);
        CHECK(header.sequence == sequence++);
        CHECK(header.timestamp >= timestamp);
        timestamp = header.timestamp;
    }
}

}  // namespace holdfast::media
