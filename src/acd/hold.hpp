// acd/hold.hpp: who holds whom on one agent's leg. Media is anchored: the caller's trunk hears
// another source and is never asked to hold. sip reads the phone's offers (sendonly, inactive,
// 0.0.0.0) and reports a change of mind only, so a session refresh never arrives here.
#pragma once
#include "base/proof.hpp"

namespace holdfast::acd::hold {

// clang-format off
enum class State  { talking, held, away, apart, over };  // away: the caller holds; apart: both do
enum class Event  { agent_held, agent_resumed, caller_held, caller_resumed, agent_changed,
                    leg_ended };
enum class Guard  { always };
enum class Action { begin_hold, end_hold, mark_caller_hold, unmark_caller_hold,
                    music_to_caller, caller_to_agent };
enum class Timer  {};

using enum State; using enum Event; using enum Guard; using enum Action;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
};

inline constexpr Machine::Row Machine::rows[] = {
    // from    on              when    to       do
    { talking, agent_held,     always, held,    {begin_hold, music_to_caller} },
    { talking, caller_held,    always, away,    {mark_caller_hold} },
    { talking, leg_ended,      always, over },

    // Another agent, or none yet: a hold was the phone's that is gone.
    { held,    agent_changed,  always, talking },
    { apart,   agent_changed,  always, away },

    { held,    agent_resumed,  always, talking, {end_hold, caller_to_agent} },
    { held,    caller_held,    always, apart,   {mark_caller_hold} },
    { held,    leg_ended,      always, over },

    { away,    caller_resumed, always, talking, {unmark_caller_hold} },
    { away,    agent_held,     always, apart,   {begin_hold, music_to_caller} },
    { away,    leg_ended,      always, over,    {unmark_caller_hold} },

    { apart,   agent_resumed,  always, away,    {end_hold, caller_to_agent} },
    { apart,   caller_resumed, always, held,    {unmark_caller_hold} },
    { apart,   leg_ended,      always, over,    {unmark_caller_hold} },
};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {talking, away}, {agent_resumed},  "the agent does not hold" },
    { {held, apart},   {agent_held},     "the agent holds already" },
    { {talking, held}, {caller_resumed}, "the caller does not hold" },
    { {away, apart},   {caller_held},    "the caller holds already" },
    { {talking, away}, {agent_changed},  "the agent did not hold" },
    { {over}, Set<Event>::all(),         "the leg is gone" },
};
// clang-format on

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace holdfast::acd::hold
