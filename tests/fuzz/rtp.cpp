// Any datagrams at any times, from the party and from strangers, into two endpoints that hear each
// other: whatever comes, what goes out is one well-formed stream to the address that was agreed on.
#include "fuzz/fuzz.hpp"
#include "media/media_server.hpp"

#include <map>
#include <memory>
#include <optional>

using namespace holdfast;
using namespace holdfast::media;

namespace {

const std::array<Endpoint, 2> parties{
    {{IpAddress::v4(192, 0, 2, 1), 4000}, {IpAddress::v4(192, 0, 2, 2), 4000}}};
const Endpoint stranger{IpAddress::v4(192, 0, 2, 66), 4000};

struct CheckedWire : Wire {
    std::map<Slot, std::uint32_t> ssrcs;

    void send(Slot from, Channel channel, const Endpoint& to, Bytes bytes) override {
        ensure(to.address == parties[from].address, "sent to somebody else");
        if (channel == Channel::rtcp) {
            ensure(parse_rtcp(bytes).has_value(), "a report that cannot be read");
            return;
        }
        const auto packet = parse_rtp(bytes);
        ensure(packet.has_value(), "a packet that cannot be read");
        const auto [known, added] = ssrcs.emplace(from, packet->header.ssrc);
        ensure(known->second == packet->header.ssrc, "a second stream");
    }
    void report(const Report& report) override {
        ensure(read_report(to_bytes(report)).has_value(), "a report that cannot be read");
    }
};

Configure party(std::uint32_t media, std::uint8_t event) {
    Configure order;
    order.media = {media};
    order.remote_rtp = parties[media - 1];
    order.remote_rtcp = {order.remote_rtp.address, 4001};
    order.codecs = {{8, Codec::pcma}, {0, Codec::pcmu}, {9, Codec::g722}, {96, Codec::opus}};
    order.telephone_event = event;
    order.detect_inband_digits = media == 1;
    order.silence_limit = 1s;
    return order;
}

}  // namespace

/// Of each datagram: one octet says where it goes and when, one how long it is.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static_cast<void>(parse_rtp({data, size}));
    static_cast<void>(parse_rtcp({data, size}));

    // One for all inputs, because it is large; every input leaves it empty.
    static CheckedWire wire;
    static const auto server =
        std::make_unique<MediaServer>(Seed{}, WallAnchor{.at = Instant{1000s}}, wire);
    wire.ssrcs.clear();
    Instant now{1000s};
    for (std::uint32_t media = 1; media <= 2; ++media) {
        ensure(server->open({media}, 20'000).has_value(), "cannot open");
        server->take(party(media, media == 1 ? 101 : 97), now);
        server->take(Hear{{media}, HearEndpoint{{3 - media}}}, now);
    }
    Bytes rest{data, size};
    while (rest.size() >= 2) {
        const std::uint8_t how = rest[0];
        const std::size_t length = std::min<std::size_t>(rest[1], rest.size() - 2);
        const Slot slot = how & 1;
        const auto channel = static_cast<Channel>(how >> 1 & 1);
        Endpoint from = (how & 4) != 0 ? stranger : parties[slot];
        from.port = static_cast<std::uint16_t>(from.port + (how >> 1 & 1));
        now += (how >> 3) * 5ms;
        server->receive(slot, channel, from, rest.subspan(2, length), now, now);
        server->advance(now);
        rest = rest.subspan(2 + length);
    }
    server->take(Close{{2}}, now);  // so that the next input finds the same slots
    server->take(Close{{1}}, now);
    ensure(server->next_deadline() == never, "a deadline of nobody");
    return 0;
}
