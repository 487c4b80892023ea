// wallboard/watch_machine.hpp: when a figure out of bounds is an alarm, and when it no longer is.
#pragma once
#include "base/proof.hpp"

namespace holdfast::wallboard::watch {

// clang-format off
enum class State  { quiet, rising, raised, falling };
enum class Event  { exceeded, receded };
enum class Guard  { always };
enum class Action { raise_alarm, clear_alarm };
enum class Timer  { patience, calm };

using enum State; using enum Event; using enum Guard; using enum Action; using enum Timer;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
    static const Deadlines deadlines[];
};

inline constexpr Machine::Row Machine::rows[] = {
    // from    on        when    to       do, starts
    { quiet,   exceeded, always, rising,  {}, {patience} },
    { rising,  receded,  always, quiet },
    { rising,  patience, always, raised,  {raise_alarm} },
    { raised,  receded,  always, falling, {}, {calm} },
    { falling, exceeded, always, raised },
    { falling, calm,     always, quiet,   {clear_alarm} },
};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {quiet, falling}, {receded},  "within bounds already" },
    { {rising, raised}, {exceeded}, "out of bounds already" },
};

inline constexpr Machine::Deadlines Machine::deadlines[] = {
    { {rising}, {patience} }, { {falling}, {calm} },
};
// clang-format on

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace holdfast::wallboard::watch
