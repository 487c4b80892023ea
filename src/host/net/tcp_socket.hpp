// host/net/tcp_socket.hpp: TCP sockets as SIP needs them: non-blocking, sent without delay, marked
// as signalling, and given up when the peer is silent or does not read.
#pragma once
#include "base/address.hpp"
#include "host/io/fd.hpp"
#include "host/io/udp_socket.hpp"

#include <expected>
#include <string>

namespace holdfast::host {

/// Listens at `local`. An IPv6 socket takes IPv6 only.
std::expected<Fd, SocketTrouble> listen_tcp(const Endpoint& local);

struct AcceptedTcp {
    Fd socket;
    Endpoint from;
};
/// The next connection, or the errno: EAGAIN where nobody waits.
std::expected<AcceptedTcp, int> accept_tcp(int listener);

/// A connection from `local`, whose port does not matter, to `to`. It stands, or has failed, once
/// the socket is writable; connect_outcome() tells. A sentence where it cannot even begin.
std::expected<Fd, std::string> connect_tcp(const IpAddress& local, const Endpoint& to);
/// Zero, or the errno.
int connect_outcome(int socket);

/// "Connection refused", as for a log.
std::string error_text(int error);

}  // namespace holdfast::host
