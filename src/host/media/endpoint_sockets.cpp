#include "host/media/endpoint_sockets.hpp"

#include "base/ensure.hpp"

#include <limits>
#include <utility>

namespace holdfast::host {
namespace {

constexpr std::uint64_t other_token = std::numeric_limits<std::uint64_t>::max();

std::uint64_t token_of(media::Slot slot, media::Channel channel) {
    return std::uint64_t{slot} * 2 + static_cast<std::uint64_t>(channel);
}

std::uint16_t next_port(std::uint16_t port) {
    return static_cast<std::uint16_t>(port + 1);
}

}  // namespace

std::expected<SocketPair, SocketTrouble> bind_pair(const IpAddress& address, std::uint16_t port) {
    // RFC 3550 11: RTP on an even port, RTCP on the next.
    if (port == 0 || port % 2 != 0)
        return std::unexpected{SocketTrouble{
            SocketFault::other, "RTP needs an even port, not " + std::to_string(port)}};
    auto rtp = bind_udp({address, port}, ServiceClass::voice);
    if (!rtp) return std::unexpected{std::move(rtp.error())};
    auto rtcp = bind_udp({address, next_port(port)}, ServiceClass::voice);
    if (!rtcp) return std::unexpected{std::move(rtcp.error())};
    return SocketPair{*std::move(rtp), *std::move(rtcp)};
}

std::expected<SocketPair, SocketTrouble> adopt_pair(std::vector<Fd>& descriptors,
                                                    std::uint16_t port) {
    if (descriptors.size() != 2)
        return std::unexpected{SocketTrouble{
            SocketFault::wrong_kind,
            "port " + std::to_string(port) + " was to be handed over with 2 sockets"}};
    auto rtp = adopt_udp(std::move(descriptors[0]), port, ServiceClass::voice);
    auto rtcp = adopt_udp(std::move(descriptors[1]), next_port(port), ServiceClass::voice);
    descriptors.clear();
    if (!rtp) return std::unexpected{std::move(rtp.error())};
    if (!rtcp) return std::unexpected{std::move(rtcp.error())};
    return SocketPair{*std::move(rtp), *std::move(rtcp)};
}

EndpointSockets::EndpointSockets(int other) {
    ensure(poller_.add(other, other_token), "a descriptor that cannot be waited for");
}

bool EndpointSockets::put(media::Slot slot, SocketPair pair) {
    if (slot >= pairs_.size()) pairs_.resize(slot + 1);
    const bool waits = poller_.add(pair.rtp.get(), token_of(slot, media::Channel::rtp)) &&
                       poller_.add(pair.rtcp.get(), token_of(slot, media::Channel::rtcp));
    pairs_[slot] = std::move(pair);
    return waits;
}

void EndpointSockets::close(media::Slot slot) {
    poller_.remove(pairs_[slot].rtp.get());
    poller_.remove(pairs_[slot].rtcp.get());
    pairs_[slot] = {};
}

int EndpointSockets::socket(media::Slot slot, media::Channel channel) const {
    const SocketPair& pair = pairs_[slot];
    return channel == media::Channel::rtp ? pair.rtp.get() : pair.rtcp.get();
}

std::array<int, 2> EndpointSockets::both(media::Slot slot) const {
    return {pairs_[slot].rtp.get(), pairs_[slot].rtcp.get()};
}

EndpointSockets::Ready EndpointSockets::ready_of(std::uint64_t token) {
    if (token == other_token) return {.slot = 0, .channel = {}, .other = true};
    return {.slot = static_cast<media::Slot>(token / 2),
            .channel = static_cast<media::Channel>(token % 2),
            .other = false};
}

}  // namespace holdfast::host
