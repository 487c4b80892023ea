// engine/conferences.hpp: a caller, the agent, colleagues and people outside in one call, mixed by
// the media process. Who is in is written nowhere twice: the two legs of the caller's call, and the
// legs of every dialled call that names that call as its conference.
#pragma once
#include "engine/context.hpp"
#include "engine/dials.hpp"
#include "engine/legs.hpp"
#include "engine/queue_calls.hpp"
#include "engine/sounds.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace holdfast::engine {

/// Pressed within a call, or where a REFER sends one of the two calls.
inline constexpr std::string_view conference_code = "*4";

class Conferences {
public:
    struct Needs {
        /// The agent of that call goes on with the caller at another leg.
        std::function<void(CallId, Leg&)> resume_at;
        /// The caller is that agent's from now on, at that leg.
        std::function<void(CallId, AgentId, Leg&)> give;
        /// The two callers talk with each other from now on.
        std::function<void(CallId, CallId)> join_outside;
        /// Who is in it, or has stepped out, has changed.
        std::function<void(CallId)> changed;
    };
    Conferences(Context& context,
                Legs& legs,
                QueueCalls& queue_calls,
                Dials& dials,
                Sounds& sounds,
                Needs needs);

    /// Why the agent at `leg` cannot have everybody in one call, as a status; 0: nothing is in the
    /// way. Wanted are a caller, held or not, and colleagues or people outside who have answered.
    int obstacle(const Leg& leg) const;
    /// Puts them into one call. The agent stays with `keep`, one of its legs, and its others end.
    void merge(Leg& keep);
    /// The leg of that agent with the other of the two that a REFER is about.
    Leg* other_leg(const Leg& leg);

    bool has(const Leg& leg) const { return bool{of(leg)}; }
    /// Whose conference that party is in.
    CallId of(const Leg& leg) const;
    /// Who is in it beside caller and agent.
    std::vector<const Leg*> others(CallId conference) const;
    /// That party holds, or resumes: the others go on without it meanwhile.
    void hold_changed(Leg& leg);
    /// The leg's dialog is over; the others stay together.
    void left(Leg& leg, sip::EndCause cause);
    /// The caller's call is over, however that came.
    void call_over(CallId call);
    /// The agent of such a call goes on at another leg.
    void moved(CallId call) { arrange(call); }
    /// The agent passes the caller on: the others are let go of. Nothing where that is in none.
    void part(CallId call);
    /// After a restart.
    void resume();

private:
    std::vector<DialId> dials_of(CallId conference) const;
    std::vector<DialId> consults_of(AgentId agent) const;
    std::vector<CallId> outsiders_of(AgentId agent) const;
    std::vector<LegId> members(CallId conference);
    void bring_in(Dial& dial, AgentId agent, CallId call);
    void bring_in(CallId outsider, AgentId agent, CallId call);
    void arrange(CallId conference);
    void place(Leg& leg, CallId conference);

    // conferences_parting.cpp
    void dissolve(CallId conference);
    void two_remain(Dial& dial);
    void place_left(Dial& dial, CallId conference);
    void caller_left(CallId call);
    void agent_left(CallId call, sip::EndCause cause);
    void outsiders_remain(CallId call, sip::EndCause cause);
    void let_go(CallId call);
    bool may_stay(AgentId agent, const std::vector<CallId>& outsiders) const;
    void hand_on(CallId conference, AgentId from);
    void outsiders_remain(AgentId agent, const std::vector<DialId>& places);
    void pass_place(Dial& dial, AgentId to, bool has_place);
    void end_place(Dial& dial);

    Context& context_;
    Legs& legs_;
    QueueCalls& queue_calls_;
    Dials& dials_;
    Sounds& sounds_;
    Needs needs_;
};

}  // namespace holdfast::engine
