#include "host/io/unix_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace holdfast::host {
namespace {

/// Programs that may wait to be taken while the loop does something else; more are refused.
constexpr int backlog = 64;

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

Fd make_socket(int type) {
    return Fd{::socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
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

std::expected<Fd, std::string> listen_unix(const std::string& path,
                                           int type,
                                           std::string_view server) {
    const auto address = address_of(path);
    if (!address) return too_long(path);
    const Fd probe = make_socket(type);
    if (!probe) return trouble("cannot make a socket for", path);
    if (connects(probe.get(), *address) || errno == EAGAIN)
        return std::unexpected{"another " + std::string{server} + " serves " + path +
                               " already: stop it first"};
    // Only a socket is removed: a wrong path must not cost anybody a file.
    struct stat found{};
    if (::lstat(path.c_str(), &found) == 0) {
        if (!S_ISSOCK(found.st_mode))
            return std::unexpected{path +
                                   " is there already and is no socket: choose another path"};
        if (::unlink(path.c_str()) != 0) return trouble("cannot replace", path);
    }
    Fd socket = make_socket(type);
    if (!socket) return trouble("cannot make a socket for", path);
    const auto* const any = reinterpret_cast<const sockaddr*>(&*address);
    if (::bind(socket.get(), any, sizeof *address) != 0) return trouble("cannot bind", path);
    if (::chmod(path.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0)
        return trouble("cannot set the mode of", path);
    if (::listen(socket.get(), backlog) != 0) return trouble("cannot listen at", path);
    return socket;
}

std::expected<Fd, std::string> connect_unix(const std::string& path, int type) {
    const auto address = address_of(path);
    if (!address) return too_long(path);
    Fd socket = make_socket(type);
    if (!socket) return trouble("cannot make a socket for", path);
    if (!connects(socket.get(), *address)) return trouble("cannot connect to", path);
    return socket;
}

std::optional<UnixPeer> peer_of(int connection) {
    ucred known{};
    socklen_t size = sizeof known;
    if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &known, &size) != 0) return std::nullopt;
    UnixPeer peer{.pid = known.pid, .uid = known.uid, .gid = known.gid, .groups = {}};
    gid_t no_room = 0;
    size = 0;  // asked without room, the kernel says how much it needs
    static_cast<void>(getsockopt(connection, SOL_SOCKET, SO_PEERGROUPS, &no_room, &size));
    peer.groups.resize(size / sizeof(gid_t));
    if (size > 0 &&
        getsockopt(connection, SOL_SOCKET, SO_PEERGROUPS, peer.groups.data(), &size) != 0)
        peer.groups.clear();
    return peer;
}

}  // namespace holdfast::host
