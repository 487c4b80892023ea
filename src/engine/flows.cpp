#include "engine/flows.hpp"

#include "base/limits.hpp"

namespace holdfast::engine {

// A connection that has not shown one whole message by then is a slow sender, or nobody.
constexpr Micros first_message_within = 10s;
constexpr Micros opens_within = 10s;
// What may wait for a connection that is being opened: some messages, not a flood.
constexpr std::size_t most_waiting_bytes = 256 * 1024;

void Flows::accepted(FlowId flow, ListenerId listener, const Endpoint& from) {
    if (flows_.size() >= limits::flows) {
        context_.out.push_back(CloseFlow{flow});
        context_.log(LogLevel::warning, "too many connections: {} is the limit", limits::flows);
        return;
    }
    auto& f = flows_[flow];
    f.listener = listener;
    f.transport = context_.settings.listeners[listener.value - 1].transport;
    f.remote = from;
    f.open = true;
    by_peer_[{listener, from}] = flow;
    watch(flow, f);
}

void Flows::watch(FlowId flow, Flow& f) {
    context_.deadlines.arm(f.timer,
                           context_.now + (f.open ? first_message_within : opens_within),
                           {DeadlineOwner::flow, 0, flow.value});
}

void Flows::opened(FlowId flow) {
    const auto it = flows_.find(flow);
    if (it == flows_.end()) return;
    auto& f = it->second;
    f.open = true;
    context_.deadlines.stop(f.timer);
    if (!f.waiting.empty()) context_.out.push_back(SendBytes{flow, std::exchange(f.waiting, {})});
}

void Flows::bytes(FlowId flow, std::string_view bytes) {
    const auto it = flows_.find(flow);
    if (it != flows_.end()) it->second.framer.add(bytes);
}

std::optional<std::string_view> Flows::next_message(FlowId flow) {
    using Kind = sip::StreamFramer::Kind;
    const auto it = flows_.find(flow);
    if (it == flows_.end()) return std::nullopt;
    auto& f = it->second;
    for (;;) {
        const auto item = f.framer.next();
        if (!item) {
            context_.log(LogLevel::warning,
                         "closed a connection from {}: its stream is no SIP ({})",
                         text_of(f.remote.address).view(),
                         sip::name_of(item.error()));
            context_.out.push_back(CloseFlow{flow});
            drop(flow);
            return std::nullopt;
        }
        if (!*item) {
            // Half a message may not sit here for ever.
            if (f.framer.pending() > 0 && f.framed && !context_.deadlines.running(f.timer))
                watch(flow, f);
            return std::nullopt;
        }
        f.framed = true;
        context_.deadlines.stop(f.timer);
        if ((*item)->kind == Kind::message) return (*item)->bytes;
        if ((*item)->kind == Kind::ping) context_.out.push_back(SendBytes{flow, "\r\n"});
    }
}

void Flows::deadline(FlowId flow) {
    const auto it = flows_.find(flow);
    if (it == flows_.end()) return;
    context_.out.push_back(CloseFlow{flow});  // the host answers with FlowClosed
}

std::optional<sip::Hop> Flows::closed(FlowId flow, std::string_view why) {
    const auto it = flows_.find(flow);
    if (it == flows_.end()) return std::nullopt;
    const sip::Hop hop = hop_of(flow);
    if (it->second.ours && !it->second.open)
        context_.log(LogLevel::warning,
                     "no connection to {}: {}",
                     text_of(it->second.remote.address).view(),
                     why);
    drop(flow);
    return hop;
}

void Flows::drop(FlowId flow) {
    auto node = flows_.extract(flow);
    context_.deadlines.stop(node.mapped().timer);
    const auto at = by_peer_.find({node.mapped().listener, node.mapped().remote});
    if (at != by_peer_.end() && at->second == flow) by_peer_.erase(at);
}

sip::Hop Flows::hop_of(FlowId flow) const {
    const auto& f = flows_.at(flow);
    return {f.transport, f.listener, flow, f.remote};
}

void Flows::transmit(sip::Transmit&& t) {
    FlowId flow = t.hop.flow;
    if (!flows_.contains(flow)) {
        const auto at = by_peer_.find({t.hop.listener, t.hop.remote});
        flow = at == by_peer_.end() ? FlowId{} : at->second;
    }
    if (!flow) {
        if (flows_.size() >= limits::flows || t.hop.remote.port == 0) return;
        flow = FlowId{next_++};
        auto& f = flows_[flow];
        f.listener = t.hop.listener;
        f.transport = t.hop.transport;
        f.remote = t.hop.remote;
        f.ours = true;
        by_peer_[{f.listener, f.remote}] = flow;
        context_.out.push_back(OpenFlow{flow, f.listener, f.remote, t.tls_name});
        watch(flow, f);
    }
    auto& f = flows_[flow];
    if (f.open)
        context_.out.push_back(SendBytes{flow, std::move(t.bytes)});
    else if (f.waiting.size() + t.bytes.size() <= most_waiting_bytes)
        f.waiting += t.bytes;
}

}  // namespace holdfast::engine
