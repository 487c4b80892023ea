#include "loadgen/wires.hpp"

#include "host/io/udp_socket.hpp"

#include <algorithm>
#include <ctime>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>

namespace holdfast::loadgen {
namespace {

constexpr std::uint64_t rtp_tokens = std::uint64_t{1} << 32;
constexpr int receive_buffer = 4 * 1024 * 1024;

std::string_view text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
std::span<const std::uint8_t> bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

std::optional<BoundSocket> bind_at(const IpAddress& address, std::uint16_t port) {
    auto socket = host::bind_udp({address, port}, host::ServiceClass::best_effort);
    if (!socket) return std::nullopt;
    ::setsockopt(socket->get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const Endpoint at = host::bound_to(socket->get());
    return BoundSocket{*std::move(socket), at};
}

bool Wires::connect(peers::Peer& peer, host::Fd socket) {
    poller_.add(socket.get(), wires_.size());
    wires_.push_back({&peer, std::move(socket), never});
    if (!with_sound_) return true;
    auto rtp = bind_at(peer.at().address);
    if (!rtp) return false;
    peer.listen_at(rtp->at);
    const auto index = sound_.add(std::move(rtp->socket));
    poller_.add(sound_.socket(index), rtp_tokens + index);
    return true;
}

void Wires::flush(peers::Peer& peer) {
    for (auto& wire : wires_)
        if (wire.peer == &peer) return flush(wire);
}

void Wires::flush(Wire& wire) {
    for (const auto& sent : wire.peer->take_sent())
        host::send_datagram(wire.socket.get(), sent.hop.remote, bytes(sent.bytes));
    wire.due = wire.peer->next_deadline().value_or(never);
}

void Wires::receive(std::uint64_t token, const host::ClockSample& clocks) {
    if (token >= rtp_tokens) {
        const auto index = static_cast<std::size_t>(token - rtp_tokens);
        for (const auto& packet : reader_.read(sound_.socket(index), clocks))
            sound_.heard(index, packet, clocks.now);
        return;
    }
    auto& wire = wires_[token];
    for (const auto& datagram : reader_.read(wire.socket.get(), clocks))
        wire.peer->take(text(datagram.bytes), datagram.from, datagram.received_at);
    flush(wire);
}

void Wires::run_due(Instant now) {
    for (auto& wire : wires_) {
        if (wire.due > now) continue;
        wire.peer->run(now);
        flush(wire);
    }
    sound_.run(now);
}

Instant Wires::next_due() const {
    Instant next = sound_.next();
    for (const auto& wire : wires_)
        next = std::min(next, wire.due);
    return next;
}

void Wires::run_until(Instant until) {
    for (;;) {
        const auto clocks = host::sample_clocks();
        if (clocks.now >= until) return;
        run_due(clocks.now);
        const Micros wait = std::max(Micros{}, std::min(until, next_due()) - clocks.now);
        timespec timeout{static_cast<time_t>(wait / 1s), (wait % 1s).count() * 1000};
        pollfd ready{poller_.descriptor(), POLLIN, 0};
        if (::ppoll(&ready, 1, &timeout, nullptr) < 0) return;  // a signal
        const auto after = host::sample_clocks();
        for (const auto token : poller_.wait())
            receive(token, after);
    }
}

}  // namespace holdfast::loadgen
