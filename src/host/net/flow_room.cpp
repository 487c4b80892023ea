#include "host/net/flow_room.hpp"

#include <fmt/format.h>

namespace holdfast::host {

std::optional<std::string> FlowRoom::enter(const Guest& guest) {
    if (flows_ >= limits_.flows)
        return fmt::format("there are {} connections, and no more may be", limits_.flows);
    if (!guest.ours) {
        if (by_listener_[guest.listener] >= limits_.flows_of_listener)
            return fmt::format("listener {} has {} connections, and no more may be",
                               guest.listener.value,
                               limits_.flows_of_listener);
        if (const auto at = by_address_.find(guest.address);
            at != by_address_.end() && at->second.flows >= limits_.flows_of_address)
            return fmt::format("{} has {} connections, and no more may be from one address",
                               text_of(guest.address).view(),
                               limits_.flows_of_address);
        ++by_listener_[guest.listener];
        ++by_address_[guest.address].flows;
    }
    ++flows_;
    return std::nullopt;
}

void FlowRoom::leave(const Guest& guest) {
    --flows_;
    if (guest.ours) return;
    --by_listener_[guest.listener];
    --by_address_[guest.address].flows;
    forget_unused(guest.address);
}

std::optional<std::string> FlowRoom::begin_handshake(const Guest& guest) {
    if (!guest.ours) {
        auto& used = by_address_[guest.address].handshakes;
        if (handshakes_ >= limits_.handshakes)
            return fmt::format("{} TLS handshakes go on, and no more may", limits_.handshakes);
        if (used >= limits_.handshakes_of_address)
            return fmt::format("{} TLS handshakes go on with {}, and no more may with one address",
                               limits_.handshakes_of_address,
                               text_of(guest.address).view());
        ++used;
    }
    ++handshakes_;
    return std::nullopt;
}

void FlowRoom::end_handshake(const Guest& guest) {
    --handshakes_;
    if (guest.ours) return;
    --by_address_[guest.address].handshakes;
    forget_unused(guest.address);
}

void FlowRoom::forget_unused(const IpAddress& address) {
    const auto at = by_address_.find(address);
    if (at->second.flows == 0 && at->second.handshakes == 0) by_address_.erase(at);
}

}  // namespace holdfast::host
