#include "host/io/socket_address.hpp"

#include <algorithm>
#include <cstring>

namespace holdfast::host {

KernelAddress kernel_address(const Endpoint& endpoint) {
    KernelAddress out;
    switch (endpoint.address.family) {
        case IpAddress::Family::none:
            break;
        case IpAddress::Family::v4:
            out.address.v4 = {};
            out.address.v4.sin_family = AF_INET;
            out.address.v4.sin_port = htons(endpoint.port);
            std::memcpy(&out.address.v4.sin_addr, endpoint.address.bytes.data(), 4);
            out.size = sizeof out.address.v4;
            break;
        case IpAddress::Family::v6:
            out.address.v6 = {};
            out.address.v6.sin6_family = AF_INET6;
            out.address.v6.sin6_port = htons(endpoint.port);
            std::memcpy(&out.address.v6.sin6_addr, endpoint.address.bytes.data(), 16);
            out.size = sizeof out.address.v6;
            break;
    }
    return out;
}

Endpoint endpoint_of(const SocketAddress& address) {
    Endpoint out;
    if (address.any.sa_family == AF_INET) {
        out.address.family = IpAddress::Family::v4;
        std::memcpy(out.address.bytes.data(), &address.v4.sin_addr, 4);
        out.port = ntohs(address.v4.sin_port);
    } else if (address.any.sa_family == AF_INET6) {
        const bool mapped = IN6_IS_ADDR_V4MAPPED(&address.v6.sin6_addr);
        const auto* const bytes = address.v6.sin6_addr.s6_addr;
        out.address.family = mapped ? IpAddress::Family::v4 : IpAddress::Family::v6;
        std::copy(mapped ? bytes + 12 : bytes, bytes + 16, out.address.bytes.begin());
        out.port = ntohs(address.v6.sin6_port);
    }
    return out;
}

}  // namespace holdfast::host
