// host/net/socket_limits.hpp: how much the peers of the SIP side may take of us, and for how long.
#pragma once
#include "base/limits.hpp"
#include "base/time.hpp"

#include <cstddef>

namespace holdfast::host {

struct SocketLimits {
    // Connections, those that open or close included. One crowded listener leaves room for the
    // others and for our own; one address, a site's 500 phones behind a NAT twice over, for others.
    std::size_t flows = limits::flows;
    std::size_t flows_of_listener = limits::flows / 4 * 3;
    std::size_t flows_of_address = limits::flows / 4;
    // TLS handshakes going on at a time. After a power cut 500 phones come at once, and a core does
    // some 500 handshakes a second; one address may not take all places.
    std::size_t handshakes = 512;
    std::size_t handshakes_of_address = 256;
    // What waits for a peer that does not read: 8 of the largest messages. All together: 128 such.
    std::size_t unsent_bytes = 8 * limits::message_bytes;
    std::size_t all_unsent_bytes = 128 * unsent_bytes;
    Micros connects_within = 5s;
    Micros shakes_hands_within = 5s;
    Micros closes_within = 2s;  ///< Then what was not sent by then is lost.
};

}  // namespace holdfast::host
