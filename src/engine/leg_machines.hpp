// engine/leg_machines.hpp: how one SIP dialog and one RTP endpoint come up together and go down
// together: for a peer that calls us, and for a peer we call.
#pragma once
#include "base/proof.hpp"

namespace holdfast::engine {

namespace inbound {

// clang-format off
enum class State  { opening, waiting, early, answered, over };
enum class Event  { media_opened, media_failed, early_ordered, answer_ordered, ended };
enum class Guard  { always, answer_wanted, early_wanted };
enum class Action { note_early, note_answer, send_early, send_answer, refuse_no_media,
                    close_media };
enum class Timer  {};

using enum State; using enum Event; using enum Guard; using enum Action;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
};

inline constexpr Machine::Row Machine::rows[] = {
    // from     on              when           to        do
    { opening,  media_opened,   answer_wanted, answered, {send_answer} },
    { opening,  media_opened,   early_wanted,  early,    {send_early} },
    { opening,  media_opened,   always,        waiting },
    { opening,  media_failed,   always,        over,     {refuse_no_media} },
    { opening,  early_ordered,  always,        opening,  {note_early} },
    { opening,  answer_ordered, always,        opening,  {note_answer} },
    { opening,  ended,          always,        over,     {close_media} },

    { waiting,  early_ordered,  always,        early,    {send_early} },
    { waiting,  answer_ordered, always,        answered, {send_answer} },
    { waiting,  ended,          always,        over,     {close_media} },

    { early,    answer_ordered, always,        answered, {send_answer} },
    { early,    ended,          always,        over,     {close_media} },

    { answered, ended,          always,        over,     {close_media} },
};

inline constexpr Set media_news{media_opened, media_failed};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {waiting, early, answered}, media_news,         "made anew after the media process died" },
    { {early, answered},          {early_ordered},    "heard already" },
    { {answered},                 {answer_ordered},   "answered already" },
    { {over},                     Set<Event>::all(),  "the leg is gone" },
};
// clang-format on

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace inbound

namespace outbound {

// clang-format off
enum class State  { opening, calling, ringing, answered, over };
enum class Event  { media_opened, media_failed, rang, accepted, refused, ended };
enum class Guard  { always };
enum class Action { send_invite, tell_rang, tell_answered, tell_refused, tell_no_media,
                    close_media };
enum class Timer  {};

using enum State; using enum Event; using enum Guard; using enum Action;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
};

inline constexpr Machine::Row Machine::rows[] = {
    // from     on            when    to        do
    { opening,  media_opened, always, calling,  {send_invite} },
    { opening,  media_failed, always, over,     {tell_no_media} },
    { opening,  ended,        always, over,     {close_media} },

    { calling,  rang,         always, ringing,  {tell_rang} },
    { calling,  accepted,     always, answered, {tell_answered} },
    { calling,  refused,      always, over,     {close_media, tell_refused} },
    { calling,  ended,        always, over,     {close_media} },

    { ringing,  rang,         always, ringing,  {tell_rang} },
    { ringing,  accepted,     always, answered, {tell_answered} },
    { ringing,  refused,      always, over,     {close_media, tell_refused} },
    { ringing,  ended,        always, over,     {close_media} },

    { answered, ended,        always, over,     {close_media} },
};

inline constexpr Set media_news{media_opened, media_failed};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {opening}, {rang, accepted, refused},         "nobody was called yet" },
    { {calling, ringing, answered}, media_news,     "made anew after the media process died" },
    { {answered}, {rang, accepted, refused},        "answered already" },
    { {over}, Set<Event>::all(),                    "the leg is gone" },
};
// clang-format on

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace outbound

}  // namespace holdfast::engine
