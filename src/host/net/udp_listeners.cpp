#include "host/net/udp_listeners.hpp"

#include "base/limits.hpp"
#include "host/io/socket_address.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <linux/errqueue.h>
#include <linux/sock_diag.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <optional>
#include <string>
#include <sys/socket.h>

namespace holdfast::host {
namespace {

// Read from one socket at a wake-up; then the others have their turn. 16 of 64 KiB are 1 MiB.
constexpr std::size_t most_at_once = 16;
// At 500 requests a second of 1 kB, eight seconds: longer than any pause of ours.
constexpr int receive_buffer_bytes = 4 * 1024 * 1024;
// Each is one ICMP message. More wait for the next wake-up.
constexpr int most_errors_at_once = 64;

/// RFC 3261 18.4: unreachable and parameter problem are errors of the transport; other ICMP is not.
/// A router that wants smaller packets is none either: the kernel will cut the next ones.
bool undeliverable(const sock_extended_err& error) {
    if (error.ee_origin == SO_EE_ORIGIN_ICMP)
        return (error.ee_type == ICMP_DEST_UNREACH && error.ee_code != ICMP_FRAG_NEEDED) ||
               error.ee_type == ICMP_PARAMETERPROB;
    if (error.ee_origin == SO_EE_ORIGIN_ICMP6)
        return error.ee_type == ICMP6_DST_UNREACH || error.ee_type == ICMP6_PARAM_PROB;
    return false;
}

std::optional<sock_extended_err> error_in(msghdr& header) {
    for (auto* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
        const bool v4 = c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR;
        const bool v6 = c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR;
        if (!v4 && !v6) continue;
        sock_extended_err error{};
        std::memcpy(&error, CMSG_DATA(c), sizeof error);
        return error;
    }
    return std::nullopt;
}

/// Neither is needed for calls to work, so a kernel that refuses is not asked twice.
void tune(int socket, bool v6) {
    const int on = 1;
    if (v6)
        setsockopt(socket, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
    else
        setsockopt(socket, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
    const int bytes = receive_buffer_bytes;
    // The first goes beyond net.core.rmem_max, and needs CAP_NET_ADMIN.
    if (setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

}  // namespace

UdpListeners::UdpListeners(asio::io_context& io, Intake& intake, SocketCounters& counters)
    : intake_{intake},
      counters_{counters},
      reader_{most_at_once, limits::message_bytes},
      readiness_{io, poller_.descriptor()} {
    readiness_.on_readable([this] { wake(); });
}

std::expected<void, SocketTrouble> UdpListeners::bind(ListenerId listener, const Endpoint& local) {
    auto socket = bind_udp(local, ServiceClass::signalling);
    if (!socket) return std::unexpected{std::move(socket.error())};
    tune(socket->get(), local.address.family == IpAddress::Family::v6);
    if (!poller_.add(socket->get(), listener.value))
        return std::unexpected{SocketTrouble{socket_fault_of(errno), "cannot wait for datagrams"}};
    sockets_[listener] = *std::move(socket);
    return {};
}

Endpoint UdpListeners::bound(ListenerId listener) const {
    const auto at = sockets_.find(listener);
    return at == sockets_.end() ? Endpoint{} : bound_to(at->second.get());
}

int UdpListeners::receive_buffer(ListenerId listener) const {
    const auto at = sockets_.find(listener);
    int bytes = 0;
    socklen_t size = sizeof bytes;
    if (at == sockets_.end() ||
        getsockopt(at->second.get(), SOL_SOCKET, SO_RCVBUF, &bytes, &size) != 0)
        return 0;
    return bytes / 2;  // the kernel doubles what is asked for, for its own needs
}

void UdpListeners::wake() {
    const ClockSample clocks = sample_clocks();
    for (const std::uint64_t token : poller_.wait()) {
        const ListenerId listener{static_cast<std::uint32_t>(token)};
        const int socket = sockets_.at(listener).get();
        // First the errors: a pending one would be returned instead of a datagram.
        read_errors(listener, socket);
        read(listener, socket, clocks);
    }
}

void UdpListeners::read(ListenerId listener, int socket, const ClockSample& clocks) {
    for (const Datagram& datagram : reader_.read(socket, clocks)) {
        ++counters_.datagrams_in;
        const auto* const bytes = reinterpret_cast<const char*>(datagram.bytes.data());
        intake_.now(
            engine::DatagramReceived{listener, datagram.from, {bytes, datagram.bytes.size()}},
            datagram.received_at);
    }
}

void UdpListeners::read_errors(ListenerId listener, int socket) {
    for (int i = 0; i < most_errors_at_once; ++i) {
        SocketAddress to{};
        // The error, the address of who sent it, and the datagram's own timestamp.
        alignas(cmsghdr) std::array<std::byte, 256> control{};
        msghdr header{};
        header.msg_name = &to;
        header.msg_namelen = sizeof to;
        header.msg_control = control.data();
        header.msg_controllen = control.size();
        if (recvmsg(socket, &header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return;
        const auto error = error_in(header);
        if (error && undeliverable(*error)) fail(listener, endpoint_of(to));
    }
}

void UdpListeners::fail(ListenerId listener, const Endpoint& to) {
    ++counters_.datagrams_failed;
    intake_.later(engine::DatagramFailed{listener, to});
}

void UdpListeners::send(const engine::SendDatagram& datagram) {
    const auto at = sockets_.find(datagram.listener);
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(datagram.bytes.data());
    bool sent = false;
    // What ICMP said of an earlier datagram, to anybody, may come back instead of ours being sent;
    // it is said once, so that asking again tells.
    for (int attempt = 0; attempt < 3 && !sent && at != sockets_.end(); ++attempt)
        sent = send_datagram(at->second.get(), datagram.to, {bytes, datagram.bytes.size()});
    if (sent) {
        ++counters_.datagrams_out;
        return;
    }
    ++counters_.datagrams_not_sent;
    const bool no_room = at != sockets_.end() && (errno == EAGAIN || errno == ENOBUFS);
    if (!no_room) fail(datagram.listener, datagram.to);
}

void UdpListeners::count() {
    counters_.stamps_implausible = reader_.implausible_stamps();
    counters_.datagrams_dropped = 0;
    for (const auto& [listener, socket] : sockets_) {
        std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
        socklen_t size = sizeof memory;
        if (getsockopt(socket.get(), SOL_SOCKET, SO_MEMINFO, memory.data(), &size) == 0)
            counters_.datagrams_dropped += memory[SK_MEMINFO_DROPS];
    }
}

}  // namespace holdfast::host
