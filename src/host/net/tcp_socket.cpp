#include "host/net/tcp_socket.hpp"

#include "host/io/socket_address.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace holdfast::host {
namespace {

constexpr int most_unaccepted = 1024;  // phones that come back at once, twice over
constexpr int stream_flags = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

bool set(int socket, int level, int name, int value) {
    return setsockopt(socket, level, name, &value, sizeof value) == 0;
}

/// Wishes: where the kernel refuses one, calls still work. Accepted sockets inherit the mark.
void tune(int socket) {
    set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    // A peer that has gone without a word is noticed after 60 s + 4 * 15 s of silence.
    set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(socket, IPPROTO_TCP, TCP_KEEPIDLE, 60);
    set(socket, IPPROTO_TCP, TCP_KEEPINTVL, 15);
    set(socket, IPPROTO_TCP, TCP_KEEPCNT, 4);
    // And after 30 s where something waits for its acknowledgement. A transaction lives 32 s.
    set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 30'000);
}

void mark(int socket, int family) {
    const int octet = static_cast<int>(ServiceClass::signalling) << 2;
    if (family == AF_INET6)
        set(socket, IPPROTO_IPV6, IPV6_TCLASS, octet);
    else
        set(socket, IPPROTO_IP, IP_TOS, octet);
}

std::unexpected<SocketTrouble> trouble(std::string_view what, const Endpoint& local) {
    const int error = errno;
    return std::unexpected{SocketTrouble{socket_fault_of(error),
                                         fmt::format("{} {} port {}: {}",
                                                     what,
                                                     holdfast::text_of(local.address).view(),
                                                     local.port,
                                                     error_text(error))}};
}

std::unexpected<std::string> cannot(std::string_view what) {
    return std::unexpected{fmt::format("{}: {}", what, error_text(errno))};
}

}  // namespace

std::string error_text(int error) {
    return std::strerror(error);  // NOLINT(concurrency-mt-unsafe): glibc's is thread-safe
}

std::expected<Fd, SocketTrouble> listen_tcp(const Endpoint& local) {
    const auto address = kernel_address(local);
    const int family = address.address.any.sa_family;
    if (address.size == 0) {
        errno = EAFNOSUPPORT;
        return trouble("cannot bind", local);
    }
    Fd socket{::socket(family, stream_flags, 0)};
    if (!socket) return trouble("cannot make a socket for", local);
    if (family == AF_INET6 && !set(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1))
        return trouble("cannot restrict to IPv6", local);
    // Connections of our last life may still be closing on this port.
    set(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    mark(socket.get(), family);
    if (::bind(socket.get(), &address.address.any, address.size) != 0)
        return trouble("cannot bind", local);
    if (::listen(socket.get(), most_unaccepted) != 0) return trouble("cannot listen on", local);
    return socket;
}

std::expected<AcceptedTcp, int> accept_tcp(int listener) {
    SocketAddress from{};
    socklen_t size = sizeof from;
    Fd socket{::accept4(listener, &from.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (!socket) return std::unexpected{errno};
    tune(socket.get());
    return AcceptedTcp{std::move(socket), endpoint_of(from)};
}

std::expected<Fd, std::string> connect_tcp(const IpAddress& local, const Endpoint& to) {
    const auto address = kernel_address(to);
    const int family = address.address.any.sa_family;
    if (address.size == 0) return std::unexpected{"there is no address to connect to"};
    Fd socket{::socket(family, stream_flags, 0)};
    if (!socket) return cannot("cannot make a socket");
    tune(socket.get());
    mark(socket.get(), family);
    if (local && !local.unspecified()) {
        const auto own = kernel_address({local, 0});
        // The port is chosen when it connects, so that one port serves many destinations.
        set(socket.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        if (::bind(socket.get(), &own.address.any, own.size) != 0)
            return cannot(fmt::format("cannot connect from {}", holdfast::text_of(local).view()));
    }
    if (::connect(socket.get(), &address.address.any, address.size) != 0 && errno != EINPROGRESS)
        return cannot("cannot connect");
    return socket;
}

int connect_outcome(int socket) {
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace holdfast::host
