#include "host/io/seqpacket.hpp"

#include "host/io/unix_socket.hpp"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace holdfast::host {
namespace {

constexpr std::size_t descriptor_bytes = CMSG_SPACE(sizeof(int) * most_descriptors);

struct Control {
    alignas(cmsghdr) std::array<std::byte, descriptor_bytes> bytes{};
};

}  // namespace

std::expected<Fd, std::string> listen_seqpacket(const std::string& path) {
    return listen_unix(path, SOCK_SEQPACKET, "process");
}

std::expected<Fd, std::string> connect_seqpacket(const std::string& path) {
    return connect_unix(path, SOCK_SEQPACKET);
}

Fd accept_seqpacket(int listener) {
    return Fd{::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
}

bool peer_is_trusted(int connection) {
    const auto peer = peer_of(connection);
    return peer && (peer->uid == 0 || peer->uid == ::geteuid());
}

SendOutcome send_message(int connection, std::string_view bytes, std::span<const int> descriptors) {
    iovec part{const_cast<char*>(bytes.data()), bytes.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    Control control;
    if (!descriptors.empty() && descriptors.size() <= most_descriptors) {
        header.msg_control = control.bytes.data();
        header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
        cmsghdr* const c = CMSG_FIRSTHDR(&header);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(c), descriptors.data(), descriptors.size_bytes());
    }
    if (::sendmsg(connection, &header, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return SendOutcome::sent;
    return errno == EAGAIN || errno == EWOULDBLOCK ? SendOutcome::full : SendOutcome::broken;
}

std::expected<ReceivedMessage, ReceiveFault> MessageReceiver::receive(int connection) {
    iovec part{bytes_.data(), bytes_.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    Control control;
    header.msg_control = control.bytes.data();
    header.msg_controllen = control.bytes.size();
    const auto size = ::recvmsg(connection, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return std::unexpected{ReceiveFault::nothing_waits};
    if (size <= 0) return std::unexpected{ReceiveFault::closed};

    ReceivedMessage message;
    message.bytes = {bytes_.data(), static_cast<std::size_t>(size)};
    message.truncated = (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0;
    for (auto* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        std::array<int, most_descriptors> descriptors{};
        std::memcpy(descriptors.data(), CMSG_DATA(c), count * sizeof(int));
        for (std::size_t i = 0; i < count; ++i)
            message.descriptors.emplace_back(descriptors[i]);
    }
    return message;
}

}  // namespace holdfast::host
