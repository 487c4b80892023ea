// base/deadlines.hpp: the engine's one heap of deadlines, and what each entry means.
#pragma once
#include "base/deadline_heap.hpp"
#include "base/limits.hpp"

#include <cstdint>

namespace holdfast {

/// Whose deadline it is. The name is the reason shown beside the engine's next deadline.
enum class DeadlineOwner : std::uint8_t {
    transaction,   // sip: timers A to K of RFC 3261, and RFC 6026's
    session,       // sip: 2xx retransmission, session refresh, glare, cancel of an unheard INVITE
    binding,       // sip: a registration that ends
    registration,  // sip: our own at a trunk
    lookup,        // sip: a DNS question nobody answered
    flow,          // engine: a TCP or TLS connection being opened, or idle
    trunk,         // engine: OPTIONS supervision
    device,        // engine: OPTIONS to a phone
    dial,          // engine: a caller is passed on: the target rings, or the caller is parked
    leg,           // engine: media that did not come up, ghost calls
    call,          // acd: queue clocks, comfort messages, holds
    agent,         // acd: wrap-up, absence
    offer,         // acd: ring time
    engine         // engine: counters at midnight, hours, heartbeat, drain
};

struct DeadlineKey {
    DeadlineOwner owner{};
    std::uint8_t what = 0;  ///< The owner's own enum of timers.
    std::uint32_t id = 0;   ///< Of the transaction, session, call...
    friend bool operator==(const DeadlineKey&, const DeadlineKey&) = default;
};

using Deadlines = DeadlineHeap<DeadlineKey, limits::deadlines>;

}  // namespace holdfast
