// host/net/socket_counters.hpp: what the sockets of the SIP side did, and where they refused.
#pragma once
#include <cstddef>
#include <cstdint>

namespace holdfast::host {

struct SocketCounters {
    // UDP.
    std::uint64_t datagrams_in = 0;
    std::uint64_t datagrams_out = 0;
    std::uint64_t datagrams_not_sent = 0;  ///< The kernel had no room, or refused them.
    std::uint64_t datagrams_failed = 0;    ///< Told to the engine as DatagramFailed.
    std::uint64_t datagrams_dropped = 0;   ///< By the kernel: the receive buffer was full.
    std::uint64_t stamps_implausible = 0;  ///< Replaced by the time of reading.

    // TCP and TLS.
    std::size_t flows = 0;  ///< There now, those included that are opening or closing.
    std::uint64_t flows_accepted = 0;
    std::uint64_t flows_opened = 0;       ///< Those we asked for.
    std::uint64_t flows_not_opened = 0;   ///< Refused by the peer, or too slow.
    std::uint64_t flows_refused = 0;      ///< At one of our limits.
    std::uint64_t flows_not_reading = 0;  ///< Closed since the peer did not take what we sent.
    std::uint64_t sends_without_flow = 0;
    std::uint64_t accepts_failed = 0;  ///< No descriptor or no memory left.
    std::uint64_t bytes_in = 0;        ///< On the wire.
    std::uint64_t bytes_out = 0;

    // TLS.
    std::uint64_t handshakes_done = 0;
    std::uint64_t handshakes_failed = 0;   ///< Too slow, not TLS, an old version, a wrong name.
    std::uint64_t handshakes_refused = 0;  ///< Too many at a time.
};

}  // namespace holdfast::host
