// host/io/udp_socket.hpp: UDP sockets as SIP and RTP need them: non-blocking, marked for their
// class of service, with the kernel's time on every packet.
#pragma once
#include "base/address.hpp"
#include "host/io/fd.hpp"

#include <cstdint>
#include <expected>
#include <span>
#include <string>

namespace holdfast::host {

/// Differentiated services (RFC 4594): signalling is CS3, voice EF.
enum class ServiceClass : std::uint8_t { best_effort = 0, signalling = 24, voice = 46 };

enum class SocketFault : std::uint8_t {
    port_in_use,
    not_our_address,
    no_descriptor_left,
    not_permitted,
    wrong_kind,  ///< A descriptor from elsewhere that is not the socket it should be.
    other
};

struct SocketTrouble {
    SocketFault fault{};
    std::string text;  ///< A sentence for the log.
};

/// What an errno of socket(), bind() or listen() means.
SocketFault socket_fault_of(int error);

/// A socket bound to `local`. An IPv6 socket takes IPv6 only.
std::expected<Fd, SocketTrouble> bind_udp(const Endpoint& local, ServiceClass service);

/// A bound socket that came from another process, made ready again; checked to be UDP on `port`.
std::expected<Fd, SocketTrouble> adopt_udp(Fd socket, std::uint16_t port, ServiceClass service);

/// The address and port a socket is bound to; none where it is not.
Endpoint bound_to(int socket);

/// Whether the kernel took the datagram. What it does not take now is lost.
bool send_datagram(int socket, const Endpoint& to, std::span<const std::uint8_t> bytes);

}  // namespace holdfast::host
