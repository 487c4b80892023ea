// host/media/endpoint_sockets.hpp: the two sockets of every endpoint, and which of them is
// readable.
#pragma once
#include "host/io/fd.hpp"
#include "host/io/poller.hpp"
#include "host/io/udp_socket.hpp"
#include "media/wire.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <span>
#include <vector>

namespace holdfast::host {

/// RTP first, RTCP second, as in every message that carries them.
struct SocketPair {
    Fd rtp;
    Fd rtcp;
};

/// Binds the even port and the one after it.
std::expected<SocketPair, SocketTrouble> bind_pair(const IpAddress& address, std::uint16_t port);
/// Takes over what another process had bound; `descriptors` are emptied.
std::expected<SocketPair, SocketTrouble> adopt_pair(std::vector<Fd>& descriptors,
                                                    std::uint16_t port);

class EndpointSockets {
public:
    /// What is readable: a socket of an endpoint, or the one other descriptor.
    struct Ready {
        media::Slot slot = 0;
        media::Channel channel{};
        bool other = false;
    };

    /// `other` is a descriptor that is waited for beside the sockets.
    explicit EndpointSockets(int other);

    int descriptor() const { return poller_.descriptor(); }
    /// False where the kernel cannot watch any more.
    bool put(media::Slot slot, SocketPair pair);
    void close(media::Slot slot);
    int socket(media::Slot slot, media::Channel channel) const;
    std::array<int, 2> both(media::Slot slot) const;

    /// Calls `visit(Ready)` for what is readable now; false where nothing was.
    template <class Visit>
    bool each_ready(Visit&& visit) {
        const auto tokens = poller_.wait();
        for (const std::uint64_t token : tokens)
            visit(ready_of(token));
        return !tokens.empty();
    }

private:
    static Ready ready_of(std::uint64_t token);

    Poller poller_;
    std::vector<SocketPair> pairs_;
};

}  // namespace holdfast::host
