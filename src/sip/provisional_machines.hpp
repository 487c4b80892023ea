// sip/provisional_machines.hpp: provisional responses that must arrive (RFC 3262), as two tables.
// `assured` are ours to an INVITE of the peer, which runs beside `life` and `exchange`; `heard` is
// one fork of an INVITE of ours.
#pragma once
#include "base/proof.hpp"

#include <array>

namespace holdfast::sip {

// clang-format off

namespace assured {

enum class State  { off,                // responses go once, as RFC 3261 has it
                    open, awaiting,     // one at a time awaits its PRACK
                    holding,            // and our 200 waits for that
                    late };             // 200 was sent; a PRACK may still come
enum class Event  { wished, progress_asked, answer_asked, acknowledged, stopped };
enum class Guard  { always, has_sdp, more_waits };
enum class Action { send_plain, send_assured, keep_progress, send_kept, keep_answer, send_answer,
                    repeat, give_up };
enum class Timer  { limit, again };

using enum State; using enum Event; using enum Guard; using enum Action; using enum Timer;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
    static const Deadlines deadlines[];
};

inline constexpr Set unheard{again, limit};

inline constexpr Machine::Row Machine::rows[] = {
    // from     on              when        to        do, starts
    { off,      wished,         always,     open },
    { off,      progress_asked, always,     off,      {send_plain} },
    { off,      answer_asked,   always,     off,      {send_answer} },

    { open,     progress_asked, always,     awaiting, {send_assured}, unheard },
    { open,     answer_asked,   always,     off,      {send_answer} },
    { open,     stopped,        always,     off },

    // 3: no second one before the first was acknowledged; no 2xx while SDP is under way.
    { awaiting, progress_asked, always,     awaiting, {keep_progress} },
    { awaiting, answer_asked,   has_sdp,    holding,  {keep_answer} },
    { awaiting, answer_asked,   always,     late,     {send_answer} },
    { awaiting, acknowledged,   more_waits, awaiting, {send_kept}, unheard },
    { awaiting, acknowledged,   always,     open },
    { awaiting, again,          always,     awaiting, {repeat}, {again} },
    { awaiting, limit,          always,     off,      {give_up} },
    { awaiting, stopped,        always,     off },

    { holding,  acknowledged,   always,     off,      {send_kept} },
    { holding,  again,          always,     holding,  {repeat}, {again} },
    { holding,  limit,          always,     off,      {give_up} },
    { holding,  stopped,        always,     off },

    { late,     acknowledged,   always,     off },
    { late,     stopped,        always,     off },
};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {off, open},                      {acknowledged},                 "481: nothing awaits it" },
    { {off},                            {stopped},                      "nothing to stop" },
    { Set<State>::all() - Set{off},     {wished},                       "it was wished" },
    { {holding, late},                  {progress_asked, answer_asked}, "it is answered" },
};

inline constexpr Machine::Deadlines Machine::deadlines[] = {
    { {awaiting, holding}, unheard },
};

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace assured

namespace heard {

enum class State  { nothing, some };
enum class Event  { assured_arrived };
enum class Guard  { always, is_next };
enum class Action { acknowledge };
enum class Timer  {};

using enum State; using enum Event; using enum Guard; using enum Action;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const std::array<Ignored, 0> ignored;
};

inline constexpr Machine::Row Machine::rows[] = {
    // from    on               when     to    do
    { nothing, assured_arrived, always,  some, {acknowledge} },   // 3: it may begin anywhere
    { some,    assured_arrived, is_next, some, {acknowledge} },
    { some,    assured_arrived, always,  some },                  // 4: repeated, or one is missing
};

inline constexpr std::array<Machine::Ignored, 0> Machine::ignored{};

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace heard

// clang-format on

}  // namespace holdfast::sip
