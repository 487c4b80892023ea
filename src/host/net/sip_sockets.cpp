#include "host/net/sip_sockets.hpp"

#include "host/io/log.hpp"
#include "host/net/stream_flows.hpp"
#include "host/net/udp_listeners.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace holdfast::host {
namespace {

// Less than this holds a second of the rated load, 500 requests of 1 kB with the kernel's own
// needs.
constexpr int least_receive_buffer = 1024 * 1024;

std::string_view advice(SocketFault fault) {
    switch (fault) {
        case SocketFault::port_in_use:
            return "stop the program that has it (ss -lnptu shows which), or choose another port";
        case SocketFault::not_our_address:
            return "choose an address of this machine (ip address shows them), or wait for the "
                   "network to be up";
        case SocketFault::no_descriptor_left:
            return "raise the limit of open files (LimitNOFILE)";
        case SocketFault::not_permitted:
            return "ports below 1024 need CAP_NET_BIND_SERVICE: choose a higher one, or grant it";
        case SocketFault::wrong_kind:
        case SocketFault::other:
            break;
    }
    return "check the listener's address and port in the settings";
}

std::string sentence(std::size_t number,
                     const engine::ListenerSettings& listener,
                     const SocketTrouble& trouble) {
    return fmt::format("listener {} ({}): {}; {}",
                       number,
                       sip::text_of(listener.transport),
                       trouble.text,
                       advice(trouble.fault));
}

/// None where the listener is not TLS, or with a fault more.
std::unique_ptr<TlsContext> tls_context(std::size_t number,
                                        const engine::ListenerSettings& listener,
                                        std::vector<std::string>& faults) {
    if (listener.transport != sip::Transport::tls) return nullptr;
    auto context = TlsContext::load(listener.certificate, listener.key);
    if (!context) {
        faults.push_back(fmt::format("listener {} (TLS): {}", number, context.error()));
        return nullptr;
    }
    if (const auto trouble = (*context)->trouble_with_dates(); !trouble.empty())
        log(LogLevel::warning, fmt::format("listener {} (TLS): {}", number, trouble));
    return *std::move(context);
}

void tell_of_small_buffer(std::size_t number, int bytes) {
    if (bytes >= least_receive_buffer) return;
    log(LogLevel::warning,
        fmt::format("listener {} can hold back only {} kB of datagrams: raise net.core.rmem_max to "
                    "4194304, or grant CAP_NET_ADMIN",
                    number,
                    bytes / 1024));
}

}  // namespace

SipSockets::SipSockets(asio::io_context& io, TakeInput take, const SocketLimits& limits)
    : intake_{io, std::move(take)},
      udp_{std::make_unique<UdpListeners>(io, intake_, counters_)},
      streams_{std::make_unique<StreamFlows>(io, intake_, counters_, limits)} {}

SipSockets::~SipSockets() = default;

std::expected<std::unique_ptr<SipSockets>, std::vector<std::string>> SipSockets::open(
    asio::io_context& io,
    const std::vector<engine::ListenerSettings>& listeners,
    TakeInput take,
    const SocketLimits& limits) {
    std::unique_ptr<SipSockets> sockets{new SipSockets{io, std::move(take), limits}};
    auto faults = sockets->bind(listeners);
    if (!faults.empty()) return std::unexpected{std::move(faults)};
    return sockets;
}

std::vector<std::string> SipSockets::bind(const std::vector<engine::ListenerSettings>& listeners) {
    std::vector<std::string> faults;
    for (std::size_t i = 0; i < listeners.size(); ++i) {
        const auto& listener = listeners[i];
        const ListenerId id{static_cast<std::uint32_t>(i + 1)};
        const bool udp = listener.transport == sip::Transport::udp;
        auto tls = tls_context(i + 1, listener, faults);
        const auto bound =
            udp ? udp_->bind(id, listener.bind) : streams_->listen(id, listener, std::move(tls));
        if (!bound)
            faults.push_back(sentence(i + 1, listener, bound.error()));
        else if (udp)
            tell_of_small_buffer(i + 1, udp_->receive_buffer(id));
    }
    return faults;
}

std::vector<std::string> SipSockets::reload_certificates() {
    return streams_->reload_certificates();
}

Endpoint SipSockets::bound(ListenerId listener) const {
    const Endpoint udp = udp_->bound(listener);
    return udp.address ? udp : streams_->bound(listener);
}

void SipSockets::send(const engine::SendDatagram& datagram) {
    udp_->send(datagram);
}

void SipSockets::send(const engine::SendBytes& bytes) {
    streams_->send(bytes);
}

void SipSockets::open(const engine::OpenFlow& order) {
    streams_->open(order);
}

void SipSockets::close(const engine::CloseFlow& order) {
    streams_->close(order);
}

SocketCounters SipSockets::counters() {
    udp_->count();
    counters_.flows = streams_->flows();
    return counters_;
}

}  // namespace holdfast::host
