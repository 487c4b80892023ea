#include "host/io/udp_socket.hpp"

#include "host/io/socket_address.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <string_view>
#include <sys/socket.h>

namespace holdfast::host {
namespace {

std::string text_of(const Endpoint& endpoint) {
    return std::string{holdfast::text_of(endpoint.address).view()} + " port " +
           std::to_string(endpoint.port);
}

std::unexpected<SocketTrouble> trouble(std::string_view what, const Endpoint& local) {
    const int error = errno;
    std::string text{what};
    text += ' ';
    text += text_of(local);
    text += ": ";
    text += std::strerror(error);  // NOLINT(concurrency-mt-unsafe): glibc's is thread-safe
    return std::unexpected{SocketTrouble{socket_fault_of(error), std::move(text)}};
}

bool set(int socket, int level, int name, int value) {
    return setsockopt(socket, level, name, &value, sizeof value) == 0;
}

/// The mark is a wish: where the kernel refuses it, calls still work.
void mark(int socket, int family, ServiceClass service) {
    const int octet = static_cast<int>(service) << 2;  // the upper six bits of the octet
    if (family == AF_INET6)
        set(socket, IPPROTO_IPV6, IPV6_TCLASS, octet);
    else
        set(socket, IPPROTO_IP, IP_TOS, octet);
}

}  // namespace

SocketFault socket_fault_of(int error) {
    switch (error) {
        case EADDRINUSE:
            return SocketFault::port_in_use;
        case EADDRNOTAVAIL:
        case EAFNOSUPPORT:
            return SocketFault::not_our_address;
        case EMFILE:
        case ENFILE:
            return SocketFault::no_descriptor_left;
        case EACCES:
        case EPERM:
            return SocketFault::not_permitted;
        default:
            return SocketFault::other;
    }
}

std::expected<Fd, SocketTrouble> bind_udp(const Endpoint& local, ServiceClass service) {
    const auto address = kernel_address(local);
    const int family = address.address.any.sa_family;
    if (address.size == 0) {
        errno = EAFNOSUPPORT;
        return trouble("cannot bind", local);
    }
    Fd socket{::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!socket) return trouble("cannot make a socket for", local);
    if (family == AF_INET6 && !set(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1))
        return trouble("cannot restrict to IPv6", local);
    if (!set(socket.get(), SOL_SOCKET, SO_TIMESTAMPNS, 1))
        return trouble("no timestamps on", local);
    mark(socket.get(), family, service);
    if (::bind(socket.get(), &address.address.any, address.size) != 0)
        return trouble("cannot bind", local);
    return socket;
}

Endpoint bound_to(int socket) {
    SocketAddress address{};
    socklen_t size = sizeof address;
    if (getsockname(socket, &address.any, &size) != 0) return {};
    return endpoint_of(address);
}

std::expected<Fd, SocketTrouble> adopt_udp(Fd socket, std::uint16_t port, ServiceClass service) {
    int type = 0;
    socklen_t size = sizeof type;
    const bool datagrams =
        getsockopt(socket.get(), SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_DGRAM;
    const Endpoint local = bound_to(socket.get());
    if (!datagrams || local.port != port)
        return std::unexpected{SocketTrouble{
            SocketFault::wrong_kind,
            "the socket handed over for port " + std::to_string(port) + " is not bound to it"}};
    const int flags = fcntl(socket.get(), F_GETFL);
    if (flags < 0 || fcntl(socket.get(), F_SETFL, flags | O_NONBLOCK) != 0)
        return trouble("cannot make non-blocking", local);
    if (!set(socket.get(), SOL_SOCKET, SO_TIMESTAMPNS, 1))
        return trouble("no timestamps on", local);
    const bool v6 = local.address.family == IpAddress::Family::v6;
    mark(socket.get(), v6 ? AF_INET6 : AF_INET, service);
    return socket;
}

bool send_datagram(int socket, const Endpoint& to, std::span<const std::uint8_t> bytes) {
    const auto address = kernel_address(to);
    return ::sendto(socket,
                    bytes.data(),
                    bytes.size(),
                    MSG_DONTWAIT | MSG_NOSIGNAL,
                    &address.address.any,
                    address.size) >= 0;
}

}  // namespace holdfast::host
