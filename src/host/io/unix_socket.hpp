// host/io/unix_socket.hpp: Unix sockets by their path: who listens there, and who comes.
#pragma once
#include "host/io/fd.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace holdfast::host {

/// Listens at `path` with a socket of `type` (SOCK_STREAM, SOCK_SEQPACKET), taking the place of one
/// that nobody serves any more. Owner and group may connect. A sentence where that cannot be;
/// `server` is what it calls the program that serves the path already.
std::expected<Fd, std::string> listen_unix(const std::string& path,
                                           int type,
                                           std::string_view server);

/// Connects to `path`, non-blocking from then on. A sentence where nobody serves it.
std::expected<Fd, std::string> connect_unix(const std::string& path, int type);

/// Who is at the other end, as the kernel knew it when the connection was made.
struct UnixPeer {
    pid_t pid = 0;
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;  ///< The others it is a member of.
};
std::optional<UnixPeer> peer_of(int connection);

}  // namespace holdfast::host
