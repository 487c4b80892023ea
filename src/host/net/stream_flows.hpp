// host/net/stream_flows.hpp: SIP over TCP and TLS: the listeners, and the connections by their ids.
#pragma once
#include "base/ids.hpp"
#include "engine/effects.hpp"
#include "engine/settings.hpp"
#include "host/io/log.hpp"
#include "host/net/flow_room.hpp"
#include "host/net/handshake_worker.hpp"
#include "host/net/intake.hpp"
#include "host/net/socket_counters.hpp"
#include "host/net/stream_flow.hpp"
#include "host/net/stream_listener.hpp"
#include "host/net/tcp_socket.hpp"

#include <asio/io_context.hpp>

#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace holdfast::host {

class StreamFlows {
public:
    StreamFlows(asio::io_context& io,
                Intake& intake,
                SocketCounters& counters,
                const SocketLimits& limits);
    ~StreamFlows();

    /// Listens from now on; by TLS where there is a context.
    std::expected<void, SocketTrouble> listen(ListenerId listener,
                                              const engine::ListenerSettings& settings,
                                              std::unique_ptr<TlsContext> tls);
    /// Reads certificates and keys again, for connections from now on. Where they cannot serve, the
    /// old ones stay and a sentence says why.
    std::vector<std::string> reload_certificates();
    /// Nobody's where it is not one of ours.
    Endpoint bound(ListenerId listener) const;

    /// Bytes for a flow that has gone are lost; FlowClosed is on its way.
    void send(const engine::SendBytes& bytes);
    /// FlowOpened or FlowClosed follows.
    void open(const engine::OpenFlow& order);
    /// FlowClosed follows. What has been sent before still goes out, if the peer takes it soon.
    void close(const engine::CloseFlow& order);
    std::size_t flows() const { return room_.flows(); }

private:
    using Listener = StreamListener;
    using Flow = StreamFlow;
    using FlowPointer = std::shared_ptr<Flow>;

    void listen_again(Listener& listener);
    void accept(Listener& listener);
    void admit(Listener& listener, AcceptedTcp accepted);
    /// An id below those the engine gives; the longest unused.
    FlowId next_id();

    /// Runs `handler` if `flow` is still there then.
    static std::function<void()> with(const FlowPointer& flow, std::function<void(Flow&)> handler);
    void expect(const FlowPointer& flow, Micros within, std::string why);
    void watch(const FlowPointer& flow);
    void connected(Flow& flow);
    /// Greets the peer by TLS; from then on read() goes on with it.
    void begin_handshake(const FlowPointer& flow);
    void go_on_with_handshake(Flow& flow);
    void take_progress(Flow& flow, const TlsSession::Progress& progress);
    void tls_bytes(Flow& flow, std::string_view bytes, Instant received_at);
    void established(Flow& flow);
    void read(Flow& flow);
    /// As they are; false where the flow is gone by it.
    bool write(Flow& flow, std::string_view bytes);
    void linger(const FlowPointer& flow);
    /// The flow is no more, and whoever knows it will be told.
    void drop(Flow& flow, std::string why);
    void refuse(std::string_view why);
    void note_handshake(const Flow& flow, std::string_view why);
    enum class Fault : std::uint8_t { refused, accept_failed, handshake_failed };
    void note(Fault fault, LogLevel level, const std::string& line);

    asio::io_context& io_;
    Intake& intake_;
    SocketCounters& counters_;
    SocketLimits limits_;
    FlowRoom room_;
    UnsentBytes unsent_;
    std::vector<char> buffer_;  // for one read
    FaultLog faults_;
    std::map<ListenerId, std::unique_ptr<Listener>> listeners_;
    std::unordered_map<FlowId, FlowPointer> flows_;
    std::uint32_t last_id_ = 0;
    std::unique_ptr<HandshakeWorker> worker_;  // where a listener is TLS
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace holdfast::host
