// acd/caller_lane.hpp: where one external party is, from the first INVITE to its last BYE. The name
// of a state is the kind of the segment it leaves in the ledger.
#pragma once
#include "acd/lanes.hpp"

namespace holdfast::acd::caller {

// clang-format off
enum class State  { setup, announced, queued, ringing, talking, held, closed };
enum class Guard  { always, short_wait };
enum class Action { cut_here, count_answered, end_completed, end_abandoned, end_short_abandoned,
                    end_abandoned_on_hold, end_refused, end_diverted };
enum class Timer  {};

using enum State; using enum Guard; using enum Action; using enum LaneEvent;

struct Machine : Alphabet<State, LaneEvent, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
};

inline constexpr Machine::Row Machine::rows[] = {
    // from      on                  when        to         do
    { setup,     announcement_began, always,     announced },
    { setup,     queue_entered,      always,     queued },
    { setup,     customer_answered,  always,     talking,   {count_answered} },  // a call of ours
    { setup,     call_refused,       always,     closed,    {end_refused} },
    { setup,     agent_left,         always,     closed,    {end_abandoned} },
    { setup,     agent_lost,         always,     closed,    {end_abandoned} },
    { setup,     caller_left,        always,     closed,    {end_abandoned} },

    { announced, queue_entered,      always,     queued },
    { announced, call_refused,       always,     closed,    {end_refused} },
    { announced, caller_left,        always,     closed,    {end_abandoned} },

    { queued,    queue_changed,      always,     queued,    {cut_here} },
    { queued,    announcement_began, always,     announced },                    // closed meanwhile
    { queued,    offer_made,         always,     ringing },
    { queued,    call_refused,       always,     closed,    {end_refused} },
    { queued,    call_diverted,      always,     closed,    {end_diverted} },
    { queued,    caller_left,        short_wait, closed,    {end_short_abandoned} },
    { queued,    caller_left,        always,     closed,    {end_abandoned} },

    { ringing,   agent_answered,     always,     talking,   {count_answered} },
    { ringing,   offer_missed,       always,     queued },
    { ringing,   offer_refused,      always,     queued },
    { ringing,   offer_withdrawn,    always,     queued },
    { ringing,   agent_lost,         always,     queued },
    { ringing,   caller_left,        short_wait, closed,    {end_short_abandoned} },
    { ringing,   caller_left,        always,     closed,    {end_abandoned} },

    { talking,   agent_held,         always,     held },
    { talking,   agent_left,         always,     closed,    {end_completed} },
    { talking,   caller_left,        always,     closed,    {end_completed} },
    { talking,   agent_lost,         always,     queued },

    { held,      agent_resumed,      always,     talking },
    { held,      agent_left,         always,     closed,    {end_completed} },
    { held,      caller_left,        always,     closed,    {end_abandoned_on_hold} },
    { held,      agent_lost,         always,     queued },
};

inline constexpr Set all_states = Set<State>::all();
inline constexpr Set connected{talking, held};
inline constexpr Set hold_news{agent_held, agent_resumed};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { all_states - Set{closed}, agent_day,               "the agent's own affair" },
    { all_states - Set{closed}, {phone_rang},            "the caller hears no difference" },
    { {setup, announced, queued}, offer_result | hold_news, "no agent has the call" },
    { {announced, queued}, {agent_left, agent_lost},     "no agent has the call" },
    { {setup, announced}, {queue_changed, offer_made, call_diverted}, "not in a queue yet" },
    { all_states - Set{setup, closed}, {customer_answered}, "not a call of ours, or answered" },
    { {announced}, {announcement_began},                 "an announcement runs" },
    { {queued}, {queue_entered},                         "in the queue already" },
    { {ringing}, caller_way | Set{offer_made},           "offered: its result comes first" },
    { {ringing}, hold_news | Set{agent_left},            "nobody talks yet" },
    { {talking, held}, caller_way | offer_result | Set{offer_made}, "connected" },
    { {talking}, {agent_resumed},                        "the agent does not hold" },
    { {held}, {agent_held},                              "the agent holds already" },
    { {closed}, Set<LaneEvent>::all(),                   "the lane ended with the caller" },
};
// clang-format on

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace holdfast::acd::caller
