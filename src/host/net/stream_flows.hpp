// host/net/stream_flows.hpp: SIP over TCP: the listeners, and the connections by their ids.
#pragma once
#include "base/ids.hpp"
#include "engine/effects.hpp"
#include "engine/settings.hpp"
#include "host/io/log.hpp"
#include "host/net/flow_room.hpp"
#include "host/net/intake.hpp"
#include "host/net/socket_counters.hpp"
#include "host/net/stream_flow.hpp"
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

    /// Listens from now on.
    std::expected<void, SocketTrouble> listen(ListenerId listener,
                                              const engine::ListenerSettings& settings);
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
    struct Listener;
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
    void connected(Flow& flow);
    void established(Flow& flow);
    void read(Flow& flow);
    void write(Flow& flow, std::string_view bytes);
    void linger(const FlowPointer& flow);
    /// The flow is no more, and whoever knows it will be told.
    void drop(Flow& flow, std::string why);
    void refuse(std::string_view why);

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
};

}  // namespace holdfast::host
