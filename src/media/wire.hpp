// media/wire.hpp: what the packet logic asks of whoever owns the sockets.
#pragma once
#include "base/address.hpp"
#include "media/bytes.hpp"
#include "media/orders.hpp"

#include <cstdint>

namespace holdfast::media {

/// The place of an endpoint in the tables of both sides; given anew after a Close.
using Slot = std::uint32_t;

enum class Channel : std::uint8_t { rtp, rtcp };

/// Called from within the logic; must not call back into it.
class Wire {
public:
    Wire() = default;
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    virtual ~Wire() = default;
    /// From the endpoint's own socket. What the kernel does not take now is lost, as on the net.
    virtual void send(Slot from, Channel channel, const Endpoint& to, Bytes packet) = 0;
    virtual void report(const Report& report) = 0;
};

}  // namespace holdfast::media
