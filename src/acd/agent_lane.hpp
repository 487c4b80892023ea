// acd/agent_lane.hpp: what one agent does, from login to logout, whether or not there are calls.
// The name of a state is the kind of the segment it leaves in the ledger.
#pragma once
#include "acd/lanes.hpp"

namespace holdfast::acd::agent {

// clang-format off
enum class State  { logged_out, not_ready, ready, reserved, ringing, talking, held,
                    consult,       // holds the caller and has a call beside
                    conference,    // talks with the caller and somebody else
                    transferring,  // has passed the caller on, and nobody has answered yet
                    wrapping, dialing, called, internal, unreachable };
enum class Guard  { always, pause_wished,  // the agent, or a missed offer, asked for a pause
                    consults, confers,     // has a call beside; and hears it
                    holds };               // the phone holds
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

    { talking,      agent_held,        consults,     consult },
    { talking,      agent_held,        always,       held },
    { talking,      conference_began,  always,       conference },
    { talking,      transfer_began,    always,       transferring },
    { talking,      agent_left,        always,       wrapping,    {}, {wrap_limit} },
    { talking,      caller_left,       always,       wrapping,    {}, {wrap_limit} },
    { talking,      agent_took_over,   always,       wrapping,    {}, {wrap_limit} },
    { talking,      sent_to_queue,     always,       wrapping,    {}, {wrap_limit} },
    { talking,      sent_outside,      always,       wrapping,    {}, {wrap_limit} },
    { talking,      caller_parked,     always,       wrapping,    {}, {wrap_limit} },
    { talking,      agent_lost,        always,       unreachable, {mark_lost}, {absence_limit} },

    { held,         agent_resumed,     confers,      conference },
    { held,         agent_resumed,     always,       talking },
    { held,         consult_began,     always,       consult },
    { held,         transfer_began,    always,       transferring },
    { held,         agent_left,        always,       wrapping,    {}, {wrap_limit} },
    { held,         caller_left,       always,       wrapping,    {}, {wrap_limit} },
    { held,         agent_took_over,   always,       wrapping,    {}, {wrap_limit} },
    { held,         sent_to_queue,     always,       wrapping,    {}, {wrap_limit} },
    { held,         sent_outside,      always,       wrapping,    {}, {wrap_limit} },
    { held,         caller_parked,     always,       wrapping,    {}, {wrap_limit} },
    { held,         agent_lost,        always,       unreachable, {mark_lost}, {absence_limit} },

    { consult,      agent_resumed,     confers,      conference },
    { consult,      agent_resumed,     always,       talking },
    { consult,      consult_ended,     always,       held },
    { consult,      transfer_began,    always,       transferring },
    { consult,      agent_left,        always,       wrapping,    {}, {wrap_limit} },
    { consult,      caller_left,       always,       wrapping,    {}, {wrap_limit} },
    { consult,      agent_took_over,   always,       wrapping,    {}, {wrap_limit} },
    { consult,      sent_to_queue,     always,       wrapping,    {}, {wrap_limit} },
    { consult,      sent_outside,      always,       wrapping,    {}, {wrap_limit} },
    { consult,      caller_parked,     always,       wrapping,    {}, {wrap_limit} },
    { consult,      agent_lost,        always,       unreachable, {mark_lost}, {absence_limit} },

    { conference,   agent_held,        consults,     consult },
    { conference,   agent_held,        always,       held },
    { conference,   conference_ended,  always,       talking },
    { conference,   transfer_began,    always,       transferring },
    { conference,   agent_left,        always,       wrapping,    {}, {wrap_limit} },
    { conference,   caller_left,       always,       wrapping,    {}, {wrap_limit} },
    { conference,   agent_took_over,   always,       wrapping,    {}, {wrap_limit} },
    { conference,   sent_to_queue,     always,       wrapping,    {}, {wrap_limit} },
    { conference,   sent_outside,      always,       wrapping,    {}, {wrap_limit} },
    { conference,   caller_parked,     always,       wrapping,    {}, {wrap_limit} },
    { conference,   agent_lost,        always,       unreachable, {mark_lost}, {absence_limit} },

    { transferring, transfer_failed,   holds,        held },
    { transferring, transfer_failed,   always,       talking },
    { transferring, agent_left,        always,       wrapping,    {}, {wrap_limit} },
    { transferring, caller_left,       always,       wrapping,    {}, {wrap_limit} },
    { transferring, agent_took_over,   always,       wrapping,    {}, {wrap_limit} },
    { transferring, sent_to_queue,     always,       wrapping,    {}, {wrap_limit} },
    { transferring, sent_outside,      always,       wrapping,    {}, {wrap_limit} },
    { transferring, caller_parked,     always,       wrapping,    {}, {wrap_limit} },
    { transferring, agent_lost,        always,       unreachable, {mark_lost}, {absence_limit} },

    { wrapping,    wrap_limit,        pause_wished, not_ready },
    { wrapping,    wrap_limit,        always,       ready,       {mark_idle} },
    { wrapping,    agent_readied,     always,       ready,       {mark_idle} },
    { wrapping,    agent_paused,      always,       not_ready },
    { wrapping,    agent_logged_out,  always,       logged_out },
    { wrapping,    agent_lost,        always,       unreachable, {}, {absence_limit} },
    { wrapping,    agent_dialled,     always,       dialing },
    { wrapping,    agent_called,      always,       called },

    // A caller comes from a colleague, or out of the park.
    { not_ready,   agent_took_over,   always,       talking },
    { ready,       agent_took_over,   always,       talking },
    { wrapping,    agent_took_over,   always,       talking },
    { dialing,     agent_took_over,   always,       talking },
    { called,      agent_took_over,   always,       talking },
    { internal,    agent_took_over,   always,       talking },

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
inline constexpr Set connected{talking, held, consult, conference, transferring};
inline constexpr Set in_queue_call = offered | connected;
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
      hold_news | consult_news | (passing_on - Set{agent_took_over}) |
          Set{transfer_failed, agent_left, caller_left},             "has no caller" },
    { {logged_out, unreachable}, {agent_took_over},                  "has no phone to talk at" },
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
    { offered, hold_news | consult_news | passing_on | Set{transfer_failed, agent_left},
                                                                     "nobody talks yet" },
    { connected, offer_result | Set{phone_rang},                     "connected" },
    { connected - Set{transferring}, {transfer_failed},              "passed nobody on" },
    { {talking}, {agent_resumed, consult_began, consult_ended, conference_ended},
                                                                     "talks with the caller" },
    { {held}, {agent_held, consult_ended, conference_began, conference_ended},
                                                                     "holds already" },
    { {consult}, {agent_held, consult_began, conference_began, conference_ended},
                                                                     "holds already" },
    { {conference}, {agent_resumed, consult_began, consult_ended, conference_began},
                                                  "one more, or one less, is no change" },
    { {transferring}, hold_news | consult_news | Set{transfer_began}, "passes on already" },
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
