// engine/queue_calls.hpp: performs what the floor orders about callers and offers, on legs. Calls
// that a phone dials to the outside have a caller's leg too (the trunk's): see dials.hpp.
#pragma once
#include "engine/context.hpp"
#include "engine/legs.hpp"
#include "engine/sounds.hpp"
#include "sip/hop.hpp"

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace holdfast::engine {

/// A registered contact of a phone, as an INVITE needs it.
struct PhoneContact {
    std::string request_uri;
    sip::Hop hop;
    std::vector<std::string> route;
    bool fixed_hop = false;  ///< Behind a NAT, or on a connection: the dialog stays on this hop.
};

class QueueCalls {
public:
    using Contacts = std::function<std::vector<PhoneContact>(DeviceId)>;
    QueueCalls(Context& context, Legs& legs, Sounds& sounds, Contacts contacts);

    /// A caller for a queue: the leg is made, the floor is told.
    void arrived(Leg& leg, const acd::Arrival& arrival);
    void perform(const acd::Effect& effect);
    void agent_leg_event(const LegEvent& event, Leg& leg);
    void caller_leg_event(const LegEvent& event, Leg& leg);
    void agent_left(Leg& leg, sip::EndCause cause);
    void caller_left(Leg& leg, sip::EndCause cause);
    void hold_changed(Leg& leg);
    void play_ended(const media::PlayEnded& ended);
    /// A leg that was not called for its offer answers it.
    void picked_up(const Leg& leg);

    /// Which legs a call of the floor has; dials.hpp adds those of calls to the outside.
    void bind(CallId call, LegId caller, LegId agent) {
        auto& pair = calls_[call];
        pair.caller = caller;
        pair.agent = agent;
    }
    /// Its two are heard in a conference (conferences.hpp), not by each other.
    void set_mixed(CallId call, bool mixed);
    bool is_mixed(CallId call) const;
    Leg* caller_leg(CallId call);
    Leg* agent_leg(CallId call);
    /// What a phone is offered that is to talk with that caller, in order.
    std::vector<AudioCodec> codecs_for_agent(const Leg& caller) const;
    /// Rebuilds the maps from the legs, after a restart.
    void rebuild();

private:
    struct Pair {
        LegId caller, agent;
        bool mixed = false;
    };
    void ring(const acd::RingPhone& ring);
    void ring_again(const std::vector<LegId>& never_called);
    sip::InviteOrder invitation(const acd::RingPhone& ring, const PhoneContact& contact) const;
    void cancel(const acd::CancelPhone& cancel);
    void connect(const acd::ConnectCall& connect);
    const Leg* plays_itself(const acd::PlayToCaller& play);
    void play(const acd::PlayToCaller& play);
    void refuse(const acd::RefuseCaller& refuse);
    void tell_promise(const acd::TellPromise& order);
    void end_others(const Leg& winner);
    bool others_ring(const Leg& leg) const;

    Context& context_;
    Legs& legs_;
    Sounds& sounds_;
    Contacts contacts_;
    std::unordered_map<CallId, Pair> calls_;
    std::unordered_map<acd::OfferId, std::vector<LegId>> offers_;
};

}  // namespace holdfast::engine
