// sip/hop.hpp: where a message came from, or goes to next.
#pragma once
#include "base/address.hpp"
#include "base/ids.hpp"
#include "sip/values.hpp"

#include <string>

namespace holdfast::sip {

/// One of our listening sockets, as peers see it.
struct Listener {
    ListenerId id;
    Transport transport{};
    Endpoint bound;
    std::string advertised_host;  ///< Address or name for Via and Contact.
    std::uint16_t advertised_port = 0;
};

/// The next hop. On UDP: from listener's socket to `remote`. On TCP and TLS: over `flow`; a zero
/// flow asks whoever transmits to use an open connection to `remote` or to open one.
struct Hop {
    Transport transport{};
    ListenerId listener;
    FlowId flow;
    Endpoint remote;
    friend bool operator==(const Hop&, const Hop&) = default;
};

/// Bytes for the wire, in the order they must leave.
struct Transmit {
    Hop hop;
    std::string bytes;
    std::string tls_name;  ///< The name a new TLS connection's certificate must bear.
};

}  // namespace holdfast::sip
