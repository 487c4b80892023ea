// sip/next_hop.hpp: where requests within a dialog go when no name has to be looked up.
#pragma once
#include "sip/hop.hpp"
#include "sip/message.hpp"

#include <span>
#include <string_view>

namespace holdfast::sip {

/// The hop towards `uri`, the next route or remote target of a dialog that so far speaks by
/// `learned` (RFC 3261 12.2.1.1, 8.1.2). A name as host, and an address for which we have no
/// listener, leave it at `learned`. A connection to the same address is used again.
Hop next_hop(std::string_view uri, const Hop& learned, std::span<const Listener> listeners);

/// Whether the sender is behind a NAT, so that its Contact leads nowhere: Via or Contact name
/// another address than it came from.
bool behind_nat(const Message& request, const Hop& from);

/// The listener of that id, else one of the same transport, else none.
const Listener* listener_for(const Hop& hop, std::span<const Listener> listeners);

}  // namespace holdfast::sip
