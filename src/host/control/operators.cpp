#include "host/control/operators.hpp"

#include <algorithm>

namespace holdfast::host {

bool may_command(const UnixPeer& peer, uid_t our_user, gid_t our_group) {
    if (peer.uid == 0 || peer.uid == our_user || peer.gid == our_group) return true;
    return std::ranges::find(peer.groups, our_group) != peer.groups.end();
}

}  // namespace holdfast::host
