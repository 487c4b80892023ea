// host/net/udp_listeners.hpp: SIP over UDP: datagrams with the kernel's time, and what ICMP says of
// those we sent.
#pragma once
#include "base/address.hpp"
#include "base/ids.hpp"
#include "engine/effects.hpp"
#include "host/io/datagram_reader.hpp"
#include "host/io/fd.hpp"
#include "host/io/poller.hpp"
#include "host/io/readiness.hpp"
#include "host/io/udp_socket.hpp"
#include "host/net/intake.hpp"
#include "host/net/socket_counters.hpp"

#include <asio/io_context.hpp>

#include <expected>
#include <map>

namespace holdfast::host {

class UdpListeners {
public:
    UdpListeners(asio::io_context& io, Intake& intake, SocketCounters& counters);

    std::expected<void, SocketTrouble> bind(ListenerId listener, const Endpoint& local);
    /// Nobody's where it is not one of ours.
    Endpoint bound(ListenerId listener) const;
    /// Bytes the kernel may keep for us until we read; it may give less than we ask for.
    int receive_buffer(ListenerId listener) const;

    /// What the kernel has no room for now is lost, as on the wire; where there is no way to the
    /// peer, DatagramFailed follows.
    void send(const engine::SendDatagram& datagram);
    /// Brings the counters up to date that the kernel keeps.
    void count();

private:
    void wake();
    void read(ListenerId listener, int socket, const ClockSample& clocks);
    /// What ICMP has told about datagrams of ours.
    void read_errors(ListenerId listener, int socket);
    void fail(ListenerId listener, const Endpoint& to);

    Intake& intake_;
    SocketCounters& counters_;
    DatagramReader reader_;
    std::map<ListenerId, Fd> sockets_;
    Poller poller_;
    Readiness readiness_;
};

}  // namespace holdfast::host
