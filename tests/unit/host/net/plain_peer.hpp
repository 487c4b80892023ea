// tests/unit/host/net/plain_peer.hpp: the other end of a TCP connection, as a blocking socket.
#pragma once
#include "host/io/fd.hpp"
#include "host/io/socket_address.hpp"
#include "host/io/udp_socket.hpp"

#include <catch2/catch.hpp>

#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <utility>

namespace holdfast::test {

inline host::Fd tcp_socket(const Endpoint& like) {
    const int family = host::kernel_address(like).address.any.sa_family;
    host::Fd socket{::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    REQUIRE(socket);
    return socket;
}

inline host::Fd connect_to(const Endpoint& to) {
    host::Fd socket = tcp_socket(to);
    const auto address = host::kernel_address(to);
    REQUIRE(::connect(socket.get(), &address.address.any, address.size) == 0);
    return socket;
}

inline host::Fd listen_at(const IpAddress& address) {
    host::Fd socket = tcp_socket({address, 0});
    const auto local = host::kernel_address({address, 0});
    REQUIRE(::bind(socket.get(), &local.address.any, local.size) == 0);
    REQUIRE(::listen(socket.get(), 8) == 0);
    return socket;
}

/// A port of the loopback that nobody listens at.
inline Endpoint nobody(const IpAddress& address) {
    const host::Fd socket = tcp_socket({address, 0});
    const auto local = host::kernel_address({address, 0});
    REQUIRE(::bind(socket.get(), &local.address.any, local.size) == 0);
    return host::bound_to(socket.get());
}

inline void write_all(const host::Fd& socket, std::string_view bytes) {
    REQUIRE(::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
}

inline bool has_input(const host::Fd& socket) {
    pollfd ready{socket.get(), POLLIN, 0};
    return ::poll(&ready, 1, 0) == 1;
}

/// What waits there, and whether the other side has closed.
struct Heard {
    std::string bytes;
    bool closed = false;
    void listen(const host::Fd& socket) {
        while (!closed && has_input(socket)) {
            char room[65'536];
            const auto count = ::recv(socket.get(), room, sizeof room, MSG_DONTWAIT);
            if (count > 0)
                bytes.append(room, static_cast<std::size_t>(count));
            else
                closed = true;
        }
    }
};

}  // namespace holdfast::test
