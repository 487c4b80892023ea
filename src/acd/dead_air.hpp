// acd/dead_air.hpp: silence while caller and agent are connected, alone or in a conference, and
// nobody holds. Who looks
// something up should hold the caller; who does not is seen here. Voices come from the media
// process, told 2 s after they have ended; marks begin when they had.
#pragma once
#include "base/proof.hpp"

namespace holdfast::acd::dead_air {

// clang-format off
enum class State  { apart,    // no talk of these two
                    unseen,   // they talk, and what they say cannot be heard here
                    voiced, quiet,
                    dead,     // quiet for longer than the queue's limit
                    warned,   // and the agent has heard a tone
                    working }; // and the agent has said that the customer is at work
enum class Event  { talk_began, talk_ended, voice_heard, silence_fell, sight_lost, work_said };
enum class Guard  { always, work_known };  // it was said before the limit
enum class Action { begin_measuring, end_measuring, begin_silence, mark_dead_air, mark_working,
                    warn_agent };
enum class Timer  { mark_limit, warn_limit };

using enum State; using enum Event; using enum Guard; using enum Action; using enum Timer;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
    static const Deadlines deadlines[];
};

inline constexpr Machine::Row Machine::rows[] = {
    // from    on             when        to       do, starts
    { apart,   talk_began,    always,     unseen },

    { unseen,  voice_heard,   always,     voiced,  {begin_measuring} },
    { unseen,  silence_fell,  always,     quiet,   {begin_measuring, begin_silence}, {mark_limit} },
    { unseen,  talk_ended,    always,     apart },

    { voiced,  silence_fell,  always,     quiet,   {begin_silence}, {mark_limit} },
    { voiced,  sight_lost,    always,     unseen,  {end_measuring} },
    { voiced,  talk_ended,    always,     apart,   {end_measuring} },

    { quiet,   voice_heard,   always,     voiced },
    { quiet,   mark_limit,    work_known, working },
    { quiet,   mark_limit,    always,     dead,    {}, {warn_limit} },
    { quiet,   sight_lost,    always,     unseen,  {end_measuring} },
    { quiet,   talk_ended,    always,     apart,   {end_measuring} },

    { dead,    voice_heard,   always,     voiced,  {mark_dead_air} },
    { dead,    work_said,     always,     working },
    { dead,    warn_limit,    always,     warned,  {warn_agent} },
    { dead,    sight_lost,    always,     unseen,  {mark_dead_air, end_measuring} },
    { dead,    talk_ended,    always,     apart,   {mark_dead_air, end_measuring} },

    { warned,  voice_heard,   always,     voiced,  {mark_dead_air} },
    { warned,  work_said,     always,     working },
    { warned,  sight_lost,    always,     unseen,  {mark_dead_air, end_measuring} },
    { warned,  talk_ended,    always,     apart,   {mark_dead_air, end_measuring} },

    { working, voice_heard,   always,     voiced,  {mark_working} },
    { working, sight_lost,    always,     unseen,  {mark_working, end_measuring} },
    { working, talk_ended,    always,     apart,   {mark_working, end_measuring} },
};

inline constexpr Set silent{quiet, dead, warned, working};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {apart}, Set<Event>::all() - Set{talk_began},       "they do not talk" },
    { Set<State>::all() - Set{apart}, {talk_began},       "they talk already" },
    { {unseen}, {sight_lost},                             "nothing was seen" },
    { {voiced}, {voice_heard},                            "one more speaks" },
    { silent, {silence_fell},                             "it is silent already" },
    { {unseen, voiced, quiet}, {work_said},               "the floor notes it for what comes" },
    { {working}, {work_said},                             "said already" },
};

inline constexpr Machine::Deadlines Machine::deadlines[] = {
    { {quiet}, {mark_limit} }, { {dead}, {warn_limit} },
};
// clang-format on

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace holdfast::acd::dead_air
