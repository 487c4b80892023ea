// What the packet logic sent and reported, kept for the test to look at.
#pragma once
#include "media/rtp.hpp"
#include "media/wire.hpp"

#include <cstdint>
#include <vector>

namespace holdfast::media {

struct SentPacket {
    Slot from = 0;
    Channel channel{};
    Endpoint to;
    std::vector<std::uint8_t> bytes;
    /// As RTP; the packet must be well formed.
    RtpPacket rtp() const { return parse_rtp(bytes).value(); }
};

struct FakeWire : Wire {
    std::vector<SentPacket> sent;
    std::vector<Report> reports;

    void send(Slot from, Channel channel, const Endpoint& to, Bytes packet) override {
        sent.push_back({from, channel, to, {packet.begin(), packet.end()}});
    }
    void report(const Report& report) override { reports.push_back(report); }

    /// The RTP packets of one endpoint, in the order sent.
    std::vector<SentPacket> rtp_of(Slot slot) const {
        std::vector<SentPacket> out;
        for (const auto& packet : sent)
            if (packet.from == slot && packet.channel == Channel::rtp) out.push_back(packet);
        return out;
    }
    /// The reports of one kind.
    template <class R>
    std::vector<R> all() const {
        std::vector<R> out;
        for (const auto& report : reports)
            if (const auto* r = std::get_if<R>(&report)) out.push_back(*r);
        return out;
    }
    void clear() {
        sent.clear();
        reports.clear();
    }
};

inline constexpr Instant start_of_test{1000s};

inline Endpoint at(std::uint8_t host, std::uint16_t port) {
    return {IpAddress::v4(192, 0, 2, host), port};
}

}  // namespace holdfast::media
