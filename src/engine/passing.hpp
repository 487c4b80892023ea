// engine/passing.hpp: somebody is passed on, a caller or a colleague: somebody else is called who
// shall get them, or a caller is parked. Who sent them gets them back where nobody answers; nobody
// is lost, whoever hangs up. A caller who dialled an agent's number comes the same way.
#pragma once
#include "base/ids.hpp"
#include "base/proof.hpp"
#include "base/time.hpp"

#include <string>

namespace holdfast::engine {

namespace passing {

// clang-format off
enum class State  { idle, trying,  // the sender waits, and hears of it by NOTIFY
                    alone,         // the sender has hung up
                    recalling,     // nobody answered: the sender's phone rings
                    direct,        // nobody sent it: the caller asked for this agent
                    parked, over };
enum class Event  { target_called, caller_parked, caller_arrived, target_rang, target_answered,
                    target_failed, sender_left, caller_left, fetched };
enum class Guard  { always };
enum class Action { tell_trying, tell_rang, tell_done, tell_failed, release_sender, stop_target,
                    give_back, ring_sender, hand_over, take_up, give_up, tell_caller,
                    refuse_caller };
enum class Timer  { ring_limit, park_limit };

using enum State; using enum Event; using enum Guard; using enum Action; using enum Timer;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
    static const Deadlines deadlines[];
};

inline constexpr Machine::Row Machine::rows[] = {
    // from      on               when    to         do, starts
    { idle,      target_called,   always, trying,    {tell_trying}, {ring_limit} },
    { idle,      caller_parked,   always, parked,    {tell_done, release_sender}, {park_limit} },
    { idle,      caller_arrived,  always, direct,    {}, {ring_limit} },

    { trying,    target_rang,     always, trying,    {tell_rang} },
    { trying,    target_answered, always, over,      {tell_done, release_sender, hand_over} },
    { trying,    target_failed,   always, over,      {tell_failed, give_back} },
    { trying,    ring_limit,      always, over,      {stop_target, tell_failed, give_back} },
    { trying,    sender_left,     always, alone },
    { trying,    caller_left,     always, over,      {stop_target, tell_failed} },

    { alone,     target_answered, always, over,      {hand_over} },
    { alone,     target_failed,   always, recalling, {ring_sender}, {ring_limit} },
    { alone,     ring_limit,      always, recalling, {stop_target, ring_sender}, {ring_limit} },
    { alone,     caller_left,     always, over,      {stop_target} },

    { recalling, target_answered, always, over,      {hand_over} },
    { recalling, target_failed,   always, over,      {give_up} },
    { recalling, ring_limit,      always, over,      {stop_target, give_up} },
    { recalling, caller_left,     always, over,      {stop_target} },

    { direct,    target_rang,     always, direct,    {tell_caller} },
    { direct,    target_answered, always, over,      {hand_over} },
    { direct,    target_failed,   always, over,      {refuse_caller} },
    { direct,    ring_limit,      always, over,      {stop_target, refuse_caller} },
    { direct,    caller_left,     always, over,      {stop_target} },

    { parked,    fetched,         always, over,      {take_up} },
    { parked,    park_limit,      always, recalling, {ring_sender}, {ring_limit} },
    { parked,    caller_left,     always, over },
};

inline constexpr Set with_target{trying, alone, recalling, direct};
inline constexpr Set of_target{target_rang, target_answered, target_failed};
inline constexpr Set beginnings{target_called, caller_parked, caller_arrived};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {idle}, Set<Event>::all() - beginnings,      "it has not begun" },
    { with_target, beginnings,                     "it has begun" },
    { with_target, {fetched},                      "it is not parked" },
    { {alone, recalling}, {target_rang},           "nobody wants to hear of it" },
    { {alone, recalling, direct}, {sender_left},   "there is no sender" },
    { {parked}, beginnings | of_target | Set{sender_left}, "nobody is called" },
    { {over}, Set<Event>::all(),                   "decided before" },
};

inline constexpr Machine::Deadlines Machine::deadlines[] = {
    { with_target, {ring_limit} },
    { {parked},    {park_limit} },
};
// clang-format on

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace passing

/// What a dialled call knows where it is made for somebody who is passed on.
struct Passing {
    passing::State state{};
    CallId call;     ///< Who is passed on; none: the colleague whose leg the dialled call is from.
    AgentId sender;  ///< None: a caller who dialled an agent's number.
    LegId sender_leg;
    std::string event;    ///< Value of Event in NOTIFYs (RFC 3515 2.4.6); empty: none are wanted.
    std::string orbit;    ///< Where it is parked.
    Instant due = never;  ///< Of the timer that runs.
    bool sender_active = false;  ///< Answered, and the sender does not hold; of a colleague alone.

    /// Not an ordinary call.
    explicit operator bool() const { return call || sender; }
    bool of_colleague() const { return sender && !call; }
};

}  // namespace holdfast::engine
