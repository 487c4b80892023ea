#include "sip/next_hop.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace holdfast::sip {
namespace {

/// RFC 3263 4.1 for a numeric host: what the URI says, else UDP, or TLS for sips.
Transport transport_of(const Uri& uri) {
    if (uri.scheme == Uri::Scheme::sips) return Transport::tls;
    const auto named = uri.parameter("transport");
    if (named && equal_nocase(*named, "tcp")) return Transport::tcp;
    if (named && equal_nocase(*named, "tls")) return Transport::tls;
    return Transport::udp;
}

}  // namespace

Hop next_hop(std::string_view uri, const Hop& learned, std::span<const Listener> listeners) {
    const auto parsed = parse_uri(uri);
    if (!parsed) return learned;
    const auto address = parsed->host_address();
    if (!address) return learned;
    const bool same_address = *address == learned.remote.address;
    if (same_address && learned.transport != Transport::udp) return learned;

    Hop hop{transport_of(*parsed), learned.listener, {}, {*address, parsed->port}};
    if (hop.remote.port == 0) hop.remote.port = hop.transport == Transport::tls ? 5061 : 5060;
    if (hop.transport == learned.transport) return hop;
    const auto other = std::ranges::find_if(listeners, [&](const Listener& listener) {
        return listener.transport == hop.transport &&
               listener.bound.address.family == address->family;
    });
    if (other == listeners.end()) return learned;
    hop.listener = other->id;
    return hop;
}

bool behind_nat(const Message& request, const Hop& from) {
    const auto sent_by = parse_address(request.via().host);
    const bool single_via = std::ranges::distance(request.values(Header::via)) == 1;
    if (single_via && sent_by && *sent_by != from.remote.address) return true;
    for (const std::string_view value : request.values(Header::contact)) {
        const auto contact = parse_name_addr(value);
        const auto address = contact ? contact->uri.host_address() : std::nullopt;
        if (address && *address != from.remote.address && address->is_private() &&
            !from.remote.address.is_private() && !from.remote.address.is_loopback())
            return true;
    }
    return false;
}

const Listener* listener_for(const Hop& hop, std::span<const Listener> listeners) {
    for (const Listener& listener : listeners)
        if (listener.id == hop.listener) return &listener;
    for (const Listener& listener : listeners)
        if (listener.transport == hop.transport) return &listener;
    return nullptr;
}

}  // namespace holdfast::sip
