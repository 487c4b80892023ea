#include "base/limits.hpp"
#include "host/io/clocks.hpp"
#include "host/net/stream_flows.hpp"

#include <fmt/format.h>

#include <utility>

namespace holdfast::host {
namespace {

// A peer that sends more than this in one flight shakes no hands. The longest chains are 20 kB.
constexpr std::size_t most_flight_bytes = 65'536;

}  // namespace

std::vector<std::string> StreamFlows::reload_certificates() {
    std::vector<std::string> faults;
    for (const auto& [id, listener] : listeners_) {
        if (!listener->tls) continue;
        auto fresh = TlsContext::load(listener->settings.certificate, listener->settings.key);
        if (fresh)
            listener->tls = *std::move(fresh);
        else
            faults.push_back(fmt::format(
                "listener {} (TLS) keeps its old certificate: {}", id.value, fresh.error()));
    }
    return faults;
}

void StreamFlows::begin_handshake(const FlowPointer& flow) {
    flow->phase = Flow::Phase::handshaking;
    expect(flow, limits_.shakes_hands_within, "the TLS handshake took too long");
    if (flow->guest.ours) go_on_with_handshake(*flow);  // the client speaks first
}

void StreamFlows::go_on_with_handshake(Flow& flow) {
    if (flow.from_peer.size() > most_flight_bytes)
        return drop(flow,
                    fmt::format("its TLS handshake is longer than {} bytes", most_flight_bytes));
    if (flow.at_worker) return;
    flow.at_worker = true;
    auto progress = std::make_shared<TlsSession::Progress>();
    worker_->run(
        [tls = flow.tls, bytes = std::exchange(flow.from_peer, {}), progress] {
            *progress = tls->shake_hands(bytes);
        },
        with(flows_.at(flow.id), [this, progress](Flow& f) { take_progress(f, *progress); }));
}

void StreamFlows::take_progress(Flow& flow, const TlsSession::Progress& progress) {
    flow.at_worker = false;
    if (!progress.to_peer.empty() && !write(flow, progress.to_peer)) return;
    if (progress.step == TlsSession::Step::wants_more) {
        if (!flow.from_peer.empty()) go_on_with_handshake(flow);
        return;
    }
    if (progress.step == TlsSession::Step::failed) {
        note_handshake(flow, progress.why);
        room_.end_handshake(flow.guest);
        if (flow.guest.ours) {
            ++counters_.flows_not_opened;
            intake_.later(engine::FlowClosed{flow.id, "TLS: " + progress.why});
        }
        flow.phase = Flow::Phase::closing;
        return linger(flows_.at(flow.id));  // so that the peer hears why
    }
    flow.timer.cancel();
    ++counters_.handshakes_done;
    room_.end_handshake(flow.guest);
    established(flow);
    // What came right behind the handshake.
    if (flow.phase == Flow::Phase::open)
        tls_bytes(flow, std::exchange(flow.from_peer, {}), sample_clocks().now);
}

void StreamFlows::note_handshake(const Flow& flow, std::string_view why) {
    ++counters_.handshakes_failed;
    note(Fault::handshake_failed,
         LogLevel::warning,
         fmt::format("TLS handshake with {} failed: {}", text_of(flow.remote.address).view(), why));
}

void StreamFlows::tls_bytes(Flow& flow, std::string_view bytes, Instant received_at) {
    auto received = flow.tls->receive(bytes);
    if (!received.to_peer.empty() && !write(flow, received.to_peer)) return;
    if (!received.plain.empty())
        intake_.now(engine::FlowBytes{flow.id, std::move(received.plain)}, received_at);
    if (received.closed && flow.phase == Flow::Phase::open) drop(flow, std::move(received.why));
}

}  // namespace holdfast::host
