// engine/leg.hpp: one party of a call as the engine sees it: a SIP session and an RTP endpoint. The
// only place where ids of sip and acd stand side by side. Plain fields: written to the journal
// whole.
#pragma once
#include "acd/state.hpp"
#include "base/ids.hpp"
#include "engine/leg_machines.hpp"
#include "engine/settings.hpp"
#include "media/orders.hpp"
#include "sip/negotiation.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace holdfast::engine {

/// What the party is to us.
enum class Role : std::uint8_t {
    caller,   ///< Called in for a queue.
    agent,    ///< The phone of an agent who is offered a caller.
    dialler,  ///< A phone that called a number.
    callee,   ///< Whom it reaches: a colleague's phone or a trunk.
    feature,  ///< A phone that dialled a feature code.
    recall    ///< An agent's phone that is reminded of a caller who is held.
};

/// One call that a phone of ours dialled, queues aside.
using DialId = Id<struct DialTag>;

/// Our end of the SDP, kept apart so that a new offer can be made at any time.
struct LocalSdp {
    std::uint64_t session_id = 0, version = 0;
    std::vector<AudioCodec> codecs;  ///< What may be offered or answered here, in order.
    bool sent = false;               ///< In an offer or answer.
    bool keeps_digits = false;       ///< The media process leaves them to us: codes may be in them.
    bool masks_digits = false;       ///< Its digits are nobody's.
    bool secure = false;             ///< Keys may be said: it is signalled over TLS.
    std::array<std::string, 2> keys;  ///< Of SRTP that we send, by suite, as in SDP.
};

struct Leg {
    LegId id;
    Role role{};
    bool outbound = false;   ///< We sent the INVITE.
    std::uint8_t state = 0;  ///< inbound::State or outbound::State.
    bool answer_wanted = false, early_wanted = false;
    SessionId session;
    CallId call;
    acd::OfferId offer;
    DialId dial;
    AgentId agent;
    DeviceId device;
    TrunkId trunk;
    LegId peer;  ///< Whom this party talks with.
    std::uint16_t port = 0;
    bool media_open = false;
    std::uint8_t port_trials = 0;
    LocalSdp local;
    std::string remote_offer;  ///< SDP of the INVITE that has no answer yet.
    bool negotiated = false;
    sip::Agreed agreed;
    IpAddress signalling_source;  ///< Where media may come from instead, behind NAT.
    decltype(media::Hear::what) hears;
    Instant silent_since = never;  ///< The media process hears nothing from it.
};

/// The media endpoint of a leg bears the leg's number.
constexpr MediaId media_of(LegId leg) {
    return MediaId{leg.value};
}

}  // namespace holdfast::engine
