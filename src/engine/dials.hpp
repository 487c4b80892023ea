// engine/dials.hpp: calls that our phones dial: to a colleague, to the outside over a trunk, to an
// emergency number. Every external leg passes the class of service; emergency calls pass always.
#pragma once
#include "engine/context.hpp"
#include "engine/dial_plan.hpp"
#include "engine/legs.hpp"
#include "engine/passing.hpp"
#include "engine/queue_calls.hpp"
#include "engine/sounds.hpp"

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace holdfast::engine {

/// One dialled call, written to the journal whole. It ends with the answer where a customer is
// called: from then on the two legs are a call like any other (queue_calls.hpp).
struct Dial {
    DialId id;
    LegId from;             ///< The phone that dialled, or a caller who is passed on.
    std::vector<LegId> to;  ///< Ringing, or the one that answered.
    CallId call;            ///< Of the floor, for a call to the outside.
    AgentId caller, colleague;
    std::string number;
    std::vector<TrunkId> trunks;  ///< Not tried yet.
    bool emergency = false;
    bool answered = false;
    bool from_active = false, to_active = false;  ///< Answered, and that phone does not hold.
    std::uint32_t passes = 0;  ///< How often one of two colleagues was passed on.
    Passing passing;
    std::string forward;  ///< Where a phone that rang sends the call, until all have answered.
    std::vector<AgentId> forwarded_by;  ///< Whose phones have done so, in order.
    CallId conference;  ///< The colleague's place in the conference of that caller's call.
};

/// Whom a phone that is called shows, and who sent the call.
struct Shown {
    std::string display, number, referred_by;
};

/// How many calls to the outside an agent has made today.
struct OutsideUse {
    std::uint32_t today = 0;
};

/// Where a trunk takes calls now; nothing while it is down or full.
struct TrunkTarget {
    std::string request_uri;
    std::vector<sip::Hop> hops;
    std::vector<std::string> tls_names;
};

class Dials {
public:
    struct Needs {
        QueueCalls::Contacts contacts;
        std::function<std::optional<TrunkTarget>(
            TrunkId, const std::string& number, bool emergency)>
            target;
        std::function<void(std::string id, std::string text)> alarm;
        /// What becomes of a call that is made for a caller who is passed on.
        std::function<void(DialId, passing::Event, int status)> passing;
    };
    Dials(Context& context, Legs& legs, QueueCalls& queue_calls, Sounds& sounds, Needs needs);

    /// The phone of `leg` dialled; refuses the leg where it cannot be.
    void to_colleague(Leg& leg, AgentId caller, AgentId colleague);
    void to_outside(Leg& leg, AgentId caller, const ToTrunk& to);

    void dialler_event(const LegEvent& event, Leg& leg);
    void callee_event(const LegEvent& event, Leg& leg);
    void rang(const Dial& dial, Leg& leg);
    void refused(Dial& dial, Leg& leg, const LegEvent& event);
    void ended(Leg& leg, sip::EndCause cause);
    void hold_changed(Leg& leg);

    // ---- For transfers.hpp ---------------------------------------------------------------------
    Dial* find(DialId id);
    /// A call that will be made for `caller`, whom `sender` passes on.
    Dial& begin_passing(const Leg& caller, AgentId sender, const Passing& passing);
    /// The place of a call to the outside, `leg`, in the conference of `conference`.
    Dial& begin_place(Leg& leg, AgentId agent, CallId conference);
    /// Why that agent cannot be called now; 0: the phone can be.
    int obstacle(AgentId colleague, AgentId caller) const;
    void ring_colleague(Dial& dial, AgentId colleague, const Shown& shown);
    /// What the class of service has against it; 0: nothing. Counts the call.
    int admit(AgentId caller, const ToTrunk& to);
    void ring_outside(Dial& dial, const ToTrunk& to);
    /// While somebody is called for that party.
    void hear_music(Leg& leg);
    /// The two talk from now on; who holds, holds.
    void reunite(Dial& dial, Leg& from, Leg& to);
    /// That leg has answered it; who else rings is not wanted any more.
    void answered(Dial& dial, Leg& winner);
    /// Whoever rings is not wanted any more.
    void stop_targets(Dial& dial);
    void forget(Dial& dial);
    void touch(const Dial& dial) { changed_.push_back(dial.id); }

    void new_day();
    const Dial* find(DialId id) const;
    std::vector<DialId> take_changed() { return std::exchange(changed_, {}); }
    std::uint32_t use_today(AgentId agent) const;
    std::vector<DialId> ids() const;
    std::size_t size() const { return dials_.size(); }
    void restore(const Dial& dial);
    /// After a restart: whom nobody has called yet will not be called; the phone hears 503.
    void refuse_never_called();
    void restore_use(AgentId agent, std::uint32_t today) { use_[agent] = today; }

private:
    Dial& new_dial(AgentId caller);
    Dial& begin(Leg& leg, AgentId caller);
    void call_trunk(Dial& dial);
    void refuse(Dial& dial, int status);
    void adopt(Dial& dial, Leg& from, Leg& customer);
    void hear_each_other(Leg& a, Leg& b);
    void note_hold(AgentId agent, bool& active, const Leg& leg);
    void ended_in_passing(Dial& dial, LegId leg);
    // forwards.cpp
    int follow(Dial& dial);
    int forward_to_agent(Dial& dial, AgentId agent);
    int forward_to_queue(Dial& dial, QueueId queue, std::string dialled);
    int forward_outside(Dial& dial, const ToTrunk& to);
    void tell_history(sip::InviteOrder& order,
                      const Dial& dial,
                      const std::string& host,
                      const std::string& target) const;
    sip::InviteOrder trunk_invitation(const Dial& dial,
                                      TrunkId trunk,
                                      const TrunkTarget& target) const;
    bool agent_is_free(AgentId agent) const;

    Context& context_;
    Legs& legs_;
    QueueCalls& queue_calls_;
    Sounds& sounds_;
    Needs needs_;
    std::unordered_map<DialId, Dial> dials_;
    std::unordered_map<AgentId, std::uint32_t> use_;
    std::vector<DialId> changed_;
    std::uint32_t next_ = 1;
};

}  // namespace holdfast::engine
