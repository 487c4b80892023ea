#include "host/net/stream_flows.hpp"

#include "base/enum_text.hpp"
#include "host/io/clocks.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <optional>

namespace holdfast::host {
namespace {

// The engine numbers the connections it asks for from 1,000,000 up.
constexpr std::uint32_t most_accepted_id = 999'999;
constexpr int most_accepts_at_once = 16;
// Without a descriptor left, connections wait in the kernel until some are closed.
constexpr Micros pause_of_accepts = 200ms;
constexpr std::size_t read_bytes = 65'536;

Instant now() {
    return sample_clocks().now;
}

std::string closed_by_peer(int error) {
    return error == 0 ? "the peer closed it" : error_text(error);
}

}  // namespace

StreamFlows::StreamFlows(asio::io_context& io,
                         Intake& intake,
                         SocketCounters& counters,
                         const SocketLimits& limits)
    : io_{io},
      intake_{intake},
      counters_{counters},
      limits_{limits},
      room_{limits},
      unsent_{limits.unsent_bytes, limits.all_unsent_bytes, 0},
      buffer_(read_bytes),
      faults_{enum_count<Fault>} {}

StreamFlows::~StreamFlows() = default;

std::expected<void, SocketTrouble> StreamFlows::listen(ListenerId id,
                                                       const engine::ListenerSettings& settings,
                                                       std::unique_ptr<TlsContext> tls) {
    auto socket = listen_tcp(settings.bind);
    if (!socket) return std::unexpected{std::move(socket.error())};
    if (tls && !worker_) worker_ = std::make_unique<HandshakeWorker>(io_);
    auto& listener = listeners_[id];
    listener = std::make_unique<Listener>(io_, id, settings);
    listener->tls = std::move(tls);
    listener->socket = *std::move(socket);
    listen_again(*listener);
    return {};
}

Endpoint StreamFlows::bound(ListenerId listener) const {
    const auto at = listeners_.find(listener);
    return at == listeners_.end() ? Endpoint{} : bound_to(at->second->socket.get());
}

void StreamFlows::listen_again(Listener& listener) {
    listener.readiness.emplace(io_, listener.socket.get());
    listener.readiness->on_readable([this, &listener] { accept(listener); });
}

void StreamFlows::accept(Listener& listener) {
    for (int i = 0; i < most_accepts_at_once; ++i) {
        auto accepted = accept_tcp(listener.socket.get());
        if (accepted) {
            admit(listener, *std::move(accepted));
            continue;
        }
        const int error = accepted.error();
        if (error == EAGAIN) return;
        // Errors of a connection that has failed meanwhile are the peer's (accept(2)).
        if (error != EMFILE && error != ENFILE && error != ENOBUFS && error != ENOMEM) continue;
        ++counters_.accepts_failed;
        note(Fault::accept_failed,
             LogLevel::error,
             fmt::format("cannot take connections on listener {}: {}; raise the limit of open "
                         "files (LimitNOFILE)",
                         listener.id.value,
                         error_text(error)));
        listener.readiness.reset();
        listener.pause.expires_after(pause_of_accepts);
        listener.pause.async_wait(
            [this, &listener, alive = std::weak_ptr{alive_}](const std::error_code& stopped) {
                if (!stopped && !alive.expired()) listen_again(listener);
            });
        return;
    }
}

FlowId StreamFlows::next_id() {
    do
        last_id_ = last_id_ == most_accepted_id ? 1 : last_id_ + 1;
    while (flows_.contains(FlowId{last_id_}));
    return FlowId{last_id_};
}

void StreamFlows::admit(Listener& listener, AcceptedTcp accepted) {
    const FlowRoom::Guest guest{listener.id, accepted.from.address, false};
    if (const auto why = room_.enter(guest)) return refuse(*why);
    if (listener.tls) {
        if (const auto why = room_.begin_handshake(guest)) {
            room_.leave(guest);
            ++counters_.handshakes_refused;
            return refuse(*why);
        }
    }
    const auto flow = std::make_shared<Flow>(io_, std::move(accepted.socket), unsent_);
    flow->id = next_id();
    flow->remote = accepted.from;
    flow->guest = guest;
    flows_[flow->id] = flow;
    watch(flow);
    if (!listener.tls) return established(*flow);
    flow->tls = listener.tls->accept();
    begin_handshake(flow);
}

void StreamFlows::refuse(std::string_view why) {
    ++counters_.flows_refused;
    note(Fault::refused, LogLevel::warning, fmt::format("refused a connection: {}", why));
}

void StreamFlows::note(Fault fault, LogLevel level, const std::string& line) {
    faults_.note(static_cast<std::size_t>(fault), level, line, now());
}

std::function<void()> StreamFlows::with(const FlowPointer& flow,
                                        std::function<void(Flow&)> handler) {
    return [weak = std::weak_ptr{flow}, handler = std::move(handler)] {
        const auto there = weak.lock();
        if (there && there->phase != Flow::Phase::gone) handler(*there);
    };
}

void StreamFlows::expect(const FlowPointer& flow, Micros within, std::string why) {
    flow->timer.expires_after(within);
    auto late = with(flow, [this, why = std::move(why)](Flow& f) {
        // One that was due already is not stopped by being armed anew.
        const bool due = f.timer.expiry() <= asio::steady_timer::clock_type::now();
        if (due && f.phase != Flow::Phase::open) drop(f, why);
    });
    flow->timer.async_wait([late = std::move(late)](const std::error_code& stopped) {
        if (!stopped) late();
    });
}

void StreamFlows::watch(const FlowPointer& flow) {
    flow->stream.on_readable(with(flow, [this](Flow& f) { read(f); }));
}

void StreamFlows::open(const engine::OpenFlow& order) {
    const auto fail = [&](std::string why) {
        ++counters_.flows_not_opened;
        intake_.later(engine::FlowClosed{order.flow, std::move(why)});
    };
    const auto listener = listeners_.find(order.listener);
    if (listener == listeners_.end())
        return fail(fmt::format("listener {} is not TCP or TLS", order.listener.value));
    const FlowRoom::Guest guest{order.listener, order.to.address, true};
    std::shared_ptr<TlsSession> tls;
    if (const auto& context = listener->second->tls) {
        tls = context->connect(order.tls_name, order.to.address);
        if (!tls) return fail(fmt::format("no certificate can bear the name {}", order.tls_name));
    }
    auto socket = connect_tcp(listener->second->settings.bind.address, order.to);
    if (!socket) return fail(std::move(socket.error()));
    if (const auto why = room_.enter(guest)) {
        refuse(*why);
        return fail(*why);
    }
    const auto flow = std::make_shared<Flow>(io_, *std::move(socket), unsent_);
    flow->id = order.flow;
    flow->remote = order.to;
    flow->guest = guest;
    flow->tls = std::move(tls);
    flow->phase = Flow::Phase::connecting;
    flows_[flow->id] = flow;
    flow->stream.once_writable(with(flow, [this](Flow& f) { connected(f); }));
    expect(flow, limits_.connects_within, "it did not answer in time");
}

void StreamFlows::connected(Flow& flow) {
    if (const int error = connect_outcome(flow.stream.socket()); error != 0)
        return drop(flow, error_text(error));
    const FlowPointer kept = flows_.at(flow.id);
    flow.timer.cancel();
    watch(kept);
    if (!flow.tls) return established(flow);
    room_.begin_handshake(flow.guest);  // never refused: they are ours
    begin_handshake(kept);
}

void StreamFlows::established(Flow& flow) {
    flow.phase = Flow::Phase::open;
    if (flow.guest.ours) {
        ++counters_.flows_opened;
        intake_.now(engine::FlowOpened{flow.id}, now());
    } else {
        ++counters_.flows_accepted;
        intake_.now(engine::FlowAccepted{flow.id, flow.guest.listener, flow.remote}, now());
    }
}

void StreamFlows::read(Flow& flow) {
    const Instant received_at = now();
    const auto read = flow.stream.read(buffer_);
    counters_.bytes_in += read.bytes.size();
    if (read.closed) return drop(flow, closed_by_peer(read.error));
    if (read.bytes.empty() || flow.phase == Flow::Phase::closing) return;
    if (flow.phase == Flow::Phase::handshaking) {
        flow.from_peer += read.bytes;
        go_on_with_handshake(flow);
    } else if (flow.tls) {
        tls_bytes(flow, read.bytes, received_at);
    } else {
        intake_.now(engine::FlowBytes{flow.id, std::string{read.bytes}}, received_at);
    }
}

void StreamFlows::send(const engine::SendBytes& order) {
    const auto at = flows_.find(order.flow);
    if (at == flows_.end() || at->second->phase != Flow::Phase::open) {
        ++counters_.sends_without_flow;
        return;
    }
    const FlowPointer flow = at->second;
    write(*flow, flow->tls ? flow->tls->send(order.bytes) : order.bytes);
}

bool StreamFlows::write(Flow& flow, std::string_view bytes) {
    const auto outcome = flow.stream.write(bytes);
    if (outcome == ByteStream::Write::taken) {
        counters_.bytes_out += bytes.size();
        return true;
    }
    if (outcome == ByteStream::Write::full) {
        ++counters_.flows_not_reading;
        drop(flow,
             fmt::format("it does not read what it is sent: {} bytes wait for it",
                         flow.stream.unsent()));
    } else {
        drop(flow, error_text(flow.stream.error()));
    }
    return false;
}

void StreamFlows::close(const engine::CloseFlow& order) {
    const auto at = flows_.find(order.flow);
    if (at == flows_.end()) return;  // FlowClosed is on its way
    const FlowPointer flow = at->second;
    if (flow->phase == Flow::Phase::closing) return;
    if (flow->phase != Flow::Phase::open) return drop(*flow, "we gave it up");
    if (flow->tls && !write(*flow, flow->tls->close())) return;
    intake_.later(engine::FlowClosed{flow->id, "we closed it"});
    flow->phase = Flow::Phase::closing;
    linger(flow);
}

void StreamFlows::linger(const FlowPointer& flow) {
    // Closing with bytes of the peer unread would take back what we have sent: so its end is
    // waited for.
    if (flow->stream.unsent() == 0)
        flow->stream.finish();
    else
        flow->stream.on_drained(with(flow, [this](Flow& f) {
            if (f.stream.unsent() > 0) return drop(f, "");  // they cannot go any more
            f.stream.finish();
        }));
    expect(flow, limits_.closes_within, "");
}

void StreamFlows::drop(Flow& flow, std::string why) {
    if (flow.phase == Flow::Phase::gone) return;
    const bool never_opened = flow.guest.ours && flow.phase < Flow::Phase::open;
    if (never_opened) ++counters_.flows_not_opened;
    if (flow.phase == Flow::Phase::handshaking) {
        note_handshake(flow, why);
        room_.end_handshake(flow.guest);
    }
    if (flow.known() && flow.phase != Flow::Phase::closing)
        intake_.later(engine::FlowClosed{flow.id, std::move(why)});
    flow.phase = Flow::Phase::gone;
    flow.timer.cancel();
    room_.leave(flow.guest);
    flows_.erase(flow.id);  // whoever called holds the flow itself
}

}  // namespace holdfast::host
