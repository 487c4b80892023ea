// engine/flows.hpp: TCP and TLS connections as the engine sees them: opened, bytes, blocked,
// closed. Finds the messages in their bytes and the connection for a message that needs one.
#pragma once
#include "engine/context.hpp"
#include "sip/stream.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace holdfast::engine {

class Flows {
public:
    explicit Flows(Context& context) : context_{context} {}

    void accepted(FlowId flow, ListenerId listener, const Endpoint& from);
    void opened(FlowId flow);
    /// The whole messages that these bytes complete. A stream that cannot be understood is closed.
    /// Keep-alives are answered here (RFC 5626 4.4.1).
    void bytes(FlowId flow, std::string_view bytes);
    /// The next complete message; valid until the next call.
    std::optional<std::string_view> next_message(FlowId flow);
    /// What was waiting for it could not be sent; the hop it was for.
    std::optional<sip::Hop> closed(FlowId flow, std::string_view why);
    void deadline(FlowId flow);

    /// Sends over the hop's flow, or over one to the same peer, or over a new one.
    void transmit(sip::Transmit&& transmit);
    sip::Hop hop_of(FlowId flow) const;
    bool open(FlowId flow) const { return flows_.contains(flow); }

private:
    struct Flow {
        ListenerId listener;
        sip::Transport transport{};
        Endpoint remote;
        bool ours = false;
        bool open = false;
        bool framed = false;  // a message or keep-alive has come whole
        std::string waiting;  // bytes to send once it is open
        sip::StreamFramer framer;
        Timer timer;
    };
    using PeerKey = std::pair<ListenerId, Endpoint>;

    void drop(FlowId flow);
    void watch(FlowId flow, Flow& f);

    Context& context_;
    std::unordered_map<FlowId, Flow> flows_;
    std::map<PeerKey, FlowId> by_peer_;
    std::uint32_t next_ = 1'000'000;  // above what the host gives to accepted ones
};

}  // namespace holdfast::engine
