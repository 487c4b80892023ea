// host/control/operators.hpp: who may command the daemon.
#pragma once
#include "host/io/unix_socket.hpp"

namespace holdfast::host {

/// Root, the daemon's own user, and members of the daemon's group: those whom the mode of the
/// socket, 0660, lets in too. Asked again because a path can be opened up by its folder's owner.
bool may_command(const UnixPeer& peer, uid_t our_user, gid_t our_group);

}  // namespace holdfast::host
