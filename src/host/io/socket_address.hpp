// host/io/socket_address.hpp: our endpoints as the kernel wants them, and back.
#pragma once
#include "base/address.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

namespace holdfast::host {

/// Room for IPv4 or IPv6.
union SocketAddress {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
};

struct KernelAddress {
    SocketAddress address{};
    socklen_t size = 0;  ///< Zero for an endpoint without address.
};

KernelAddress kernel_address(const Endpoint& endpoint);
/// An IPv4 address inside IPv6 (RFC 4291 2.5.5.2) comes out as IPv4; other families as none.
Endpoint endpoint_of(const SocketAddress& address);

}  // namespace holdfast::host
