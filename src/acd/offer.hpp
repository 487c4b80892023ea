// acd/offer.hpp: one attempt to give one caller to one agent. Exactly one offer of a call can be
// `won`; the others are withdrawn in the same step, so a late answer finds its offer over.
#pragma once
#include "base/proof.hpp"

namespace holdfast::acd::offer {

// clang-format off
enum class State  { made, ringing, won, over };
enum class Event  { phone_rang, phone_answered, phone_refused, phone_failed, withdrawn, call_over };
enum class Guard  { always };
enum class Action { tell_rang, tell_answered, tell_refused, tell_missed, tell_unreachable,
                    cancel_phone };
enum class Timer  { ring_limit };

using enum State; using enum Event; using enum Guard; using enum Action; using enum Timer;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
    static const Deadlines deadlines[];
    static constexpr Set at_start{ring_limit};
};

inline constexpr Machine::Row Machine::rows[] = {
    // from    on              when    to       do
    { made,    phone_rang,     always, ringing, {tell_rang} },
    { made,    phone_answered, always, won,     {tell_answered} },
    { made,    phone_refused,  always, over,    {tell_refused} },
    { made,    phone_failed,   always, over,    {tell_unreachable} },
    { made,    ring_limit,     always, over,    {cancel_phone, tell_missed} },
    { made,    withdrawn,      always, over,    {cancel_phone} },
    { made,    call_over,      always, over,    {cancel_phone} },

    { ringing, phone_answered, always, won,     {tell_answered} },
    { ringing, phone_refused,  always, over,    {tell_refused} },
    { ringing, phone_failed,   always, over,    {tell_unreachable} },
    { ringing, ring_limit,     always, over,    {cancel_phone, tell_missed} },
    { ringing, withdrawn,      always, over,    {cancel_phone} },
    { ringing, call_over,      always, over,    {cancel_phone} },

    { won,     call_over,      always, over },
};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {ringing}, {phone_rang},                                         "rings already" },
    { {won},  Set<Event>::all() - Set{call_over},                      "the call is the agent's" },
    { {over}, Set<Event>::all(),                                       "decided before" },
};

inline constexpr Machine::Deadlines Machine::deadlines[] = {
    { {made, ringing}, {ring_limit} },
};
// clang-format on

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace holdfast::acd::offer
