// loadgen/wires.hpp: real UDP sockets for peers that have none.
#pragma once
#include "host/io/datagram_reader.hpp"
#include "host/io/fd.hpp"
#include "host/io/poller.hpp"
#include "loadgen/sound.hpp"
#include "peers/peer.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace holdfast::loadgen {

/// A socket of its own, at `address` and any port, or at the port given.
struct BoundSocket {
    host::Fd socket;
    Endpoint at;
};
std::optional<BoundSocket> bind_at(const IpAddress& address, std::uint16_t port = 0);

class Wires {
public:
    /// `sound`: every peer gets an RTP socket too.
    explicit Wires(bool sound) : with_sound_{sound} {}

    /// Serves `peer` from now on; it must live longer. False where no RTP socket is to be had.
    bool connect(peers::Peer& peer, host::Fd socket);
    /// Sends what the peer has to say: needed after every order given to it.
    void flush(peers::Peer& peer);
    /// Receives, sends and runs deadlines until `until`.
    void run_until(Instant until);

    const SoundFigures& sound() const { return sound_.figures(); }
    void count_sound_anew() { sound_.count_anew(); }

private:
    struct Wire {
        peers::Peer* peer = nullptr;
        host::Fd socket;
        Instant due = never;
    };
    void receive(std::uint64_t token, const host::ClockSample& clocks);
    void flush(Wire& wire);
    void run_due(Instant now);
    Instant next_due() const;

    bool with_sound_;
    host::Poller poller_;
    host::DatagramReader reader_{64, 65'536};
    std::vector<Wire> wires_;
    Sound sound_;
};

}  // namespace holdfast::loadgen
