// host/net/sip_sockets.hpp: every socket of the SIP side, as the engine wants them: its effects in,
// its inputs out. All of it runs in one loop.
#pragma once
#include "base/address.hpp"
#include "base/ids.hpp"
#include "engine/effects.hpp"
#include "engine/settings.hpp"
#include "host/net/intake.hpp"
#include "host/net/socket_counters.hpp"
#include "host/net/socket_limits.hpp"

#include <asio/io_context.hpp>

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace holdfast::host {

class UdpListeners;
class StreamFlows;

class SipSockets {
public:
    /// Binds every listener, which are numbered from 1 in their order. Where one cannot be bound,
    /// none is, and every fault comes as a sentence.
    static std::expected<std::unique_ptr<SipSockets>, std::vector<std::string>> open(
        asio::io_context& io,
        const std::vector<engine::ListenerSettings>& listeners,
        TakeInput take,
        const SocketLimits& limits = {});
    SipSockets(const SipSockets&) = delete;
    SipSockets& operator=(const SipSockets&) = delete;
    /// Closes everything; no input comes any more.
    ~SipSockets();

    /// With the real port where the settings say 0.
    Endpoint bound(ListenerId listener) const;

    void send(const engine::SendDatagram& datagram);
    void send(const engine::SendBytes& bytes);
    void open(const engine::OpenFlow& order);
    void close(const engine::CloseFlow& order);

    /// Reads certificates and keys again, for connections from now on. Where they cannot serve, the
    /// old ones stay and a sentence says why.
    std::vector<std::string> reload_certificates();

    SocketCounters counters();

private:
    SipSockets(asio::io_context& io, TakeInput take, const SocketLimits& limits);
    std::vector<std::string> bind(const std::vector<engine::ListenerSettings>& listeners);

    SocketCounters counters_;
    Intake intake_;
    std::unique_ptr<UdpListeners> udp_;
    std::unique_ptr<StreamFlows> streams_;
};

}  // namespace holdfast::host
