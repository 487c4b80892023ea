// host/net/stream_flow.hpp: one TCP or TLS connection of the SIP side.
#pragma once
#include "base/ids.hpp"
#include "host/net/byte_stream.hpp"
#include "host/net/flow_room.hpp"
#include "host/net/tls_session.hpp"

#include <asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace holdfast::host {

struct StreamFlow {
    enum class Phase : std::uint8_t {
        connecting,
        handshaking,
        open,
        closing,  ///< The engine has closed it; what is unsent may still go.
        gone
    };

    FlowId id;
    Endpoint remote;
    FlowRoom::Guest guest;
    Phase phase{};
    ByteStream stream;
    asio::steady_timer timer;  ///< For everything but an open flow.

    std::shared_ptr<TlsSession> tls;  ///< None on TCP.
    bool at_worker = false;           ///< `tls` is in use by another thread.
    std::string from_peer;            ///< Came meanwhile.

    StreamFlow(asio::io_context& io, Fd socket, UnsentBytes& unsent)
        : stream{io, std::move(socket), unsent}, timer{io} {}

    /// Whether the engine has heard of it, and must hear that it ends.
    bool known() const { return guest.ours || phase == Phase::open; }
};

}  // namespace holdfast::host
