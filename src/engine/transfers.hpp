// engine/transfers.hpp: callers are passed on: REFER (RFC 3515) of an agent's phone, blind or with
// Replaces (RFC 3891), INVITE with Replaces, and the park. We own the legs of all parties, so no
// REFER ever leaves here: legs are joined anew, and the phones' own calls are ended.
#pragma once
#include "engine/context.hpp"
#include "engine/dials.hpp"
#include "engine/legs.hpp"
#include "engine/passing.hpp"
#include "engine/queue_calls.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

namespace holdfast::engine {

class Transfers {
public:
    Transfers(Context& context, Legs& legs, QueueCalls& queue_calls, Dials& dials);

    /// A REFER in the dialog of `leg`; it is answered here.
    void refer(const sip::RequestArrived& event, Leg& leg);
    /// A REFER of that phone in no dialog of ours; it is answered here.
    void refer_outside(const sip::RequestArrived& event, DeviceId device);
    /// An INVITE of a phone that takes the place of another dialog; it is answered here.
    void replace(Leg& leg, AgentId agent, const sip::Message& invite);
    /// A caller dialled that agent's own number.
    void call_in(Leg& leg, const acd::Arrival& arrival, AgentId agent);
    /// A phone dials the park: who is there is that agent's.
    void fetch(Leg& leg, AgentId agent, const std::string& orbit);

    /// What conferences.hpp does for a REFER that asks for one, and in a call that is in one.
    struct Conferring {
        std::function<int(const Leg&)> obstacle;
        std::function<void(const Leg&)> merge;
        std::function<bool(const Leg&)> has;
        std::function<void(CallId)> moved;
        std::function<void(CallId)> part;
    };
    void confer_by(Conferring conferring) { conferring_ = std::move(conferring); }
    /// The caller is that agent's, at that leg.
    void give(CallId call, AgentId agent, Leg& leg);
    /// The agent of that call goes on with the caller at another leg; the one before is ended.
    void resume_at(CallId call, Leg& leg);

    /// The callers of these two calls talk with each other, and no agent with either.
    void join_outside(CallId call, CallId other);

    // ---- What happens meanwhile ----------------------------------------------------------------
    void step(DialId dial, passing::Machine::Cause cause, int status = 0);
    /// An agent's leg is gone; the floor knows.
    void leg_gone(CallId call, LegId leg);
    void call_over(CallId call);
    void deadline(DialId dial);
    /// After a restart: timers go on, and what has no caller any more is forgotten.
    void resume();

private:
    struct Room;
    /// What a REFER asks for, and who asked.
    struct Wish {
        sip::TransactionId transaction;
        LegId leg;
        AgentId agent;
        std::string event;  ///< Value of Event; empty: no NOTIFY is wanted (RFC 4488).
        std::string target, replaces;
        std::optional<sip::RequestOrder> notification;  ///< Where it came outside of a call.
    };

    // referring.cpp
    sip::RequestOrder notification(const sip::RequestArrived& event) const;
    void accept_outside(const Wish& wish, int status);
    std::optional<Wish> wish_of(const sip::RequestArrived& event, Leg& leg);
    void answer(const Wish& wish, int status);
    void accept(const Wish& wish);
    void finish(const Wish& wish, int status);
    void notify(LegId leg, const std::string& event, int status, bool last);
    void to_conference(const Wish& wish, const Leg& leg);

    // transfers.cpp
    void end_leg(LegId leg);
    CallId connected_call(const Leg& leg) const;
    void blind(const Wish& wish);
    void to_queue(const Wish& wish, CallId call, QueueId queue);
    void to_park(const Wish& wish, CallId call, const std::string& orbit);
    Dial* parked_at(const std::string& orbit);

    // transfers_colleagues.cpp
    void colleague(const Wish& wish, Dial& dial);
    void colleague_to_agent(const Wish& wish, Dial& dial, AgentId agent);
    void colleague_to_queue(const Wish& wish, Dial& dial, QueueId queue);
    void colleague_to_outside(const Wish& wish, Dial& dial, const ToTrunk& to);
    void hand_colleague_outside(Dial& dial);
    void colleague_to_park(const Wish& wish, Dial& dial, const std::string& orbit);
    void fetch_colleague(Leg& leg, AgentId agent, Dial& dial);
    void send_away(const Wish& wish, Dial& dial);
    void give_back(Dial& dial);
    void hand_over_colleague(Dial& dial);
    void part_with_colleague(Dial& dial);
    void give_up_colleague(Dial& dial);
    void attended_early_colleague(const Wish& wish, Dial& talk, Dial& consult);
    void attended_queue(const Wish& wish, CallId call, Leg& consulting, Leg& holding);
    bool asks_queue(const Leg& leg) const;

    // transfers_attended.cpp
    Leg* replaced(std::string_view text, bool& early_only);
    void attended(const Wish& wish, Leg& other);
    void attended_consult(
        const Wish& wish, CallId call, Leg& holding, Dial* consult, LegId consulting);
    void attended_colleague(const Wish& wish, Dial& dial, CallId call, Leg& holding);
    int obstacle(CallId call) const;
    int obstacle(CallId call, CallId second) const;
    void leave_consult(AgentId agent, CallId call, bool active);
    void attended_early(const Wish& wish, Dial& dial, CallId call, Leg& holding);
    void join_customers(const Wish& wish, CallId call, CallId second, Leg& other);
    void join_colleagues(const Wish& wish, Dial& first, Dial& second, Leg& other);
    void move(CallId call, Leg& leg);

    // replacing.cpp
    bool serves(AgentId agent, QueueId queue) const;
    bool colleagues(AgentId one, AgentId other) const;
    bool is_free(AgentId agent) const;
    int replace_connected(Leg& leg, Leg& old, CallId call);
    int replace_offered(Leg& leg, Leg& old);
    int replace_dialled(Leg& leg, Leg& old, Dial& dial);
    int pick_up_colleague(Leg& leg, Dial& dial);

    // transfers_passing.cpp
    Dial* passing_of(CallId call);
    void arm(const Dial& dial);
    Shown shown_of(CallId call, AgentId sender) const;
    Shown shown_of(AgentId agent, AgentId sender) const;
    void show_caller(Leg& leg, CallId call);
    void show(Leg& leg, const Shown& shown);
    Dial& begin(const Wish& wish, CallId call);
    void to_agent(const Wish& wish, CallId call, AgentId agent);
    void to_outside(const Wish& wish, CallId call, const ToTrunk& to);
    void tell_caller(const Dial& dial);
    QueueId no_answer_queue(CallId call) const;
    void refuse_caller(const Dial& dial, int status);
    void answer_caller(Leg& caller, const Leg& target);
    bool ring_sender(Dial& dial);
    void hand_over(Dial& dial);
    void seat(CallId call, AgentId agent, Leg& leg);

    Context& context_;
    Legs& legs_;
    QueueCalls& queue_calls_;
    Dials& dials_;
    std::unordered_map<DialId, Timer> timers_;
    Conferring conferring_;
    std::set<LegId> referrers_;  // have sent a REFER before
};

}  // namespace holdfast::engine
