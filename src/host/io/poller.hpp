// host/io/poller.hpp: readiness of many sockets at one descriptor. Measured against a wait of
// Asio's for each socket, it saves a system call a packet; its own descriptor is what Asio waits
// for.
#pragma once
#include "host/io/fd.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace holdfast::host {

class Poller {
public:
    Poller();

    int descriptor() const { return epoll_.get(); }
    /// `token` is what wait() will say. False where the kernel refuses, errno says why.
    bool add(int socket, std::uint64_t token);
    /// Needed before a socket is closed: another process may hold it open.
    void remove(int socket);

    /// The tokens of sockets that are readable now, 256 at most. Valid until the next wait.
    std::span<const std::uint64_t> wait();

private:
    Fd epoll_;
    std::vector<std::uint64_t> tokens_;
};

}  // namespace holdfast::host
