#include "host/io/seqpacket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace holdfast::host {
namespace {

constexpr int backlog = 8;
constexpr std::size_t control_bytes = CMSG_SPACE(sizeof(int) * most_descriptors);

struct Control {
    alignas(cmsghdr) std::array<std::byte, control_bytes> bytes{};
};

std::optional<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) return std::nullopt;
    std::copy(path.begin(), path.end(), std::begin(address.sun_path));
    return address;
}

std::unexpected<std::string> trouble(std::string_view what, const std::string& path) {
    std::string text{what};
    text += ' ';
    text += path;
    text += ": ";
    text += std::strerror(errno);  // NOLINT(concurrency-mt-unsafe): glibc's is thread-safe
    return std::unexpected{std::move(text)};
}

Fd make_socket() {
    return Fd{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
}

bool connects(int socket, const sockaddr_un& address) {
    const auto* const any = reinterpret_cast<const sockaddr*>(&address);
    return ::connect(socket, any, sizeof address) == 0;
}

std::unexpected<std::string> too_long(const std::string& path) {
    return std::unexpected{"the socket path " + path + " is empty or longer than " +
                           std::to_string(sizeof(sockaddr_un::sun_path) - 1) +
                           " characters: choose a shorter one"};
}

}  // namespace

std::expected<Fd, std::string> listen_seqpacket(const std::string& path) {
    const auto address = address_of(path);
    if (!address) return too_long(path);
    const Fd probe = make_socket();
    if (!probe) return trouble("cannot make a socket for", path);
    if (connects(probe.get(), *address) || errno == EAGAIN)
        return std::unexpected{"another process serves " + path + " already: stop it first"};
    // Only a socket is removed: a wrong path must not cost anybody a file.
    struct stat found{};
    if (::lstat(path.c_str(), &found) == 0) {
        if (!S_ISSOCK(found.st_mode))
            return std::unexpected{path +
                                   " is there already and is no socket: choose another path"};
        if (::unlink(path.c_str()) != 0) return trouble("cannot replace", path);
    }
    Fd socket = make_socket();
    if (!socket) return trouble("cannot make a socket for", path);
    const auto* const any = reinterpret_cast<const sockaddr*>(&*address);
    if (::bind(socket.get(), any, sizeof *address) != 0) return trouble("cannot bind", path);
    if (::chmod(path.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0)
        return trouble("cannot set the mode of", path);
    if (::listen(socket.get(), backlog) != 0) return trouble("cannot listen at", path);
    return socket;
}

std::expected<Fd, std::string> connect_seqpacket(const std::string& path) {
    const auto address = address_of(path);
    if (!address) return too_long(path);
    Fd socket = make_socket();
    if (!socket) return trouble("cannot make a socket for", path);
    if (!connects(socket.get(), *address)) return trouble("cannot connect to", path);
    return socket;
}

Fd accept_seqpacket(int listener) {
    return Fd{::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
}

bool peer_is_trusted(int connection) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    return peer.uid == 0 || peer.uid == ::geteuid();
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
