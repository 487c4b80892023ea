// host/net/flow_room.hpp: how many connections there are, by listener and by address, and whether
// there is room for one more.
#pragma once
#include "base/address.hpp"
#include "base/ids.hpp"
#include "host/net/socket_limits.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace holdfast::host {

class FlowRoom {
public:
    explicit FlowRoom(const SocketLimits& limits) : limits_{limits} {}

    /// Who came to us counts for its listener and address; those we made count in all only.
    struct Guest {
        ListenerId listener;
        IpAddress address;
        bool ours = false;
    };
    /// Takes a place, or says which limit is in the way.
    std::optional<std::string> enter(const Guest& guest);
    void leave(const Guest& guest);
    std::optional<std::string> begin_handshake(const Guest& guest);
    void end_handshake(const Guest& guest);

    std::size_t flows() const { return flows_; }

private:
    struct Used {
        std::size_t flows = 0, handshakes = 0;
    };
    void forget_unused(const IpAddress& address);

    SocketLimits limits_;
    std::size_t flows_ = 0, handshakes_ = 0;
    std::map<ListenerId, std::size_t> by_listener_;
    std::map<IpAddress, Used> by_address_;  // those with connections alone
};

}  // namespace holdfast::host
