// acd/agent_lane.hpp: what one agent does, from login to logout, whether or not there are calls.
// The name of a state is the kind of the segment it leaves in the ledger.
#pragma once
#include "acd/lanes.hpp"

namespace holdfast::acd::agent {

// clang-format off
enum class State  { logged_out, not_ready, ready, reserved, ringing, talking, held, wrapping,
                    dialing, called, internal, unreachable };
enum class Guard  { always, pause_wished };  // the agent, or a missed offer, asked for a pause
enum class Action { mark_missed, mark_refused, mark_lost, mark_idle };
enum class Timer  { wrap_limit, absence_limit };

using enum State; using enum Guard; using enum Action; using enum Timer; using enum LaneEvent;

struct Machine : Alphabet<State, LaneEvent, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
    static const Deadlines deadlines[];
};

inline constexpr Machine::Row Machine::rows[] = {
    // from        on                 when          to           do, starts
    { logged_out,  agent_logged_in,   pause_wished, not_ready },
    { logged_out,  agent_logged_in,   always,       ready,       {mark_idle} },

    { not_ready,   agent_readied,     always,       ready,       {mark_idle} },
    { not_ready,   agent_logged_out,  always,       logged_out },
    { not_ready,   agent_lost,        always,       unreachable, {}, {absence_limit} },
    { not_ready,   agent_dialled,     always,       dialing },
    { not_ready,   agent_called,      always,       called },

    { ready,       offer_made,        always,       reserved },
    { ready,       agent_paused,      always,       not_ready },
    { ready,       agent_logged_out,  always,       logged_out },
    { ready,       agent_lost,        always,       unreachable, {}, {absence_limit} },
    { ready,       agent_dialled,     always,       dialing },
    { ready,       agent_called,      always,       called },

    { reserved,    phone_rang,        always,       ringing },
    { reserved,    agent_answered,    always,       talking },
    { reserved,    offer_missed,      always,       not_ready,   {mark_missed} },
    { reserved,    offer_refused,     always,       not_ready,   {mark_refused} },
    { reserved,    offer_withdrawn,   pause_wished, not_ready },
    { reserved,    offer_withdrawn,   always,       ready },
    { reserved,    caller_left,       pause_wished, not_ready },
    { reserved,    caller_left,       always,       ready },
    { reserved,    agent_lost,        always,       unreachable, {}, {absence_limit} },

    { ringing,     agent_answered,    always,       talking },
    { ringing,     offer_missed,      always,       not_ready,   {mark_missed} },
    { ringing,     offer_refused,     always,       not_ready,   {mark_refused} },
    { ringing,     offer_withdrawn,   pause_wished, not_ready },
    { ringing,     offer_withdrawn,   always,       ready },
    { ringing,     caller_left,       pause_wished, not_ready },
    { ringing,     caller_left,       always,       ready },
    { ringing,     agent_lost,        always,       unreachable, {}, {absence_limit} },

    { talking,     agent_held,        always,       held },
    { talking,     agent_left,        always,       wrapping,    {}, {wrap_limit} },
    { talking,     caller_left,       always,       wrapping,    {}, {wrap_limit} },
    { talking,     agent_lost,        always,       unreachable, {mark_lost}, {absence_limit} },

    { held,        agent_resumed,     always,       talking },
    { held,        agent_left,        always,       wrapping,    {}, {wrap_limit} },
    { held,        caller_left,       always,       wrapping,    {}, {wrap_limit} },
    { held,        agent_lost,        always,       unreachable, {mark_lost}, {absence_limit} },

    { wrapping,    wrap_limit,        pause_wished, not_ready },
    { wrapping,    wrap_limit,        always,       ready,       {mark_idle} },
    { wrapping,    agent_readied,     always,       ready,       {mark_idle} },
    { wrapping,    agent_paused,      always,       not_ready },
    { wrapping,    agent_logged_out,  always,       logged_out },
    { wrapping,    agent_lost,        always,       unreachable, {}, {absence_limit} },
    { wrapping,    agent_dialled,     always,       dialing },
    { wrapping,    agent_called,      always,       called },

    // A call outside the queues: busy for the router, whatever becomes of it.
    { dialing,     customer_answered, always,       talking },
    { dialing,     colleague_answered, always,      internal },
    { dialing,     side_call_ended,   pause_wished, not_ready },
    { dialing,     side_call_ended,   always,       ready,       {mark_idle} },
    { dialing,     agent_lost,        always,       unreachable, {}, {absence_limit} },

    { called,      colleague_answered, always,      internal },
    { called,      side_call_ended,   pause_wished, not_ready },
    { called,      side_call_ended,   always,       ready },
    { called,      agent_lost,        always,       unreachable, {}, {absence_limit} },

    { internal,    side_call_ended,   pause_wished, not_ready },
    { internal,    side_call_ended,   always,       ready,       {mark_idle} },
    { internal,    agent_lost,        always,       unreachable, {}, {absence_limit} },

    // A phone that was away for a moment must not silence the whole queue: the wish is restored.
    { unreachable, agent_returned,    pause_wished, not_ready },
    { unreachable, agent_returned,    always,       ready,       {mark_idle} },
    { unreachable, agent_logged_in,   pause_wished, not_ready },
    { unreachable, agent_logged_in,   always,       ready,       {mark_idle} },
    { unreachable, agent_dialled,     always,       dialing },  // not registered, yet it lives
    { unreachable, agent_logged_out,  always,       logged_out },
    { unreachable, absence_limit,     always,       logged_out },
};

inline constexpr Set offered{reserved, ringing};
inline constexpr Set in_queue_call{reserved, ringing, talking, held};
inline constexpr Set in_side_call{dialing, called, internal};
inline constexpr Set in_call = in_queue_call | in_side_call;
inline constexpr Set logged_in = Set<State>::all() - Set{logged_out};
inline constexpr Set wishes{agent_readied, agent_paused, agent_logged_out};
inline constexpr Set side_calls{agent_dialled, agent_called};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { Set<State>::all(), caller_way,                                 "the caller's own affair" },
    { Set<State>::all() - Set{ready}, {offer_made},                  "only the ready are offered" },
    { Set<State>::all() - in_queue_call, offer_result | Set{phone_rang}, "was not offered a call" },
    { Set<State>::all() - in_queue_call,
      {agent_held, agent_resumed, agent_left, caller_left},          "has no caller" },
    { in_call, wishes,             "the floor notes the wish; the end of the call obeys it" },
    { in_queue_call, side_calls | Set{colleague_answered, side_call_ended},
                                                "a second call beside a caller's is part of it" },
    { Set<State>::all() - Set{dialing}, {customer_answered},         "dialled nobody" },
    { {logged_out, not_ready, ready, wrapping, unreachable},
      {colleague_answered, side_call_ended},                         "has no other call" },
    { {internal}, {colleague_answered},                              "talks to the colleague" },
    { in_side_call, side_calls,                                      "has such a call already" },
    { logged_in - Set{unreachable}, {agent_logged_in},
                                                "moves to another phone; the lane goes on" },
    { Set<State>::all() - Set{unreachable}, {agent_returned},        "was not lost" },
    { {ready}, {agent_readied},                                      "ready already" },
    { {not_ready}, {agent_paused},                                   "the floor notes the reason" },
    { {ringing}, {phone_rang},                                       "rings already" },
    { offered, {agent_held, agent_resumed, agent_left},              "nobody talks yet" },
    { {talking, held}, offer_result | Set{phone_rang},               "connected" },
    { {talking}, {agent_resumed},                                    "does not hold" },
    { {held}, {agent_held},                                          "holds already" },
    { {unreachable}, {agent_readied, agent_paused, agent_lost},      "the floor notes the wish" },
    { {unreachable, logged_out}, {agent_called},                     "nobody can be called there" },
    { {logged_out}, {agent_dialled},                                 "an emergency, nobody's" },
    { {logged_out}, wishes | Set{agent_lost},                        "logged out" },
};

inline constexpr Machine::Deadlines Machine::deadlines[] = {
    { {wrapping}, {wrap_limit} }, { {unreachable}, {absence_limit} },
};
// clang-format on

static_assert(complete<Machine>() && reachable<Machine>());

/// States the router may not count on, although the agent is logged in.
inline constexpr Set away{not_ready, unreachable};

}  // namespace holdfast::acd::agent
