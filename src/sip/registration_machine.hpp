// sip/registration_machine.hpp: our registration at a trunk as a table (RFC 3261 10.2, RFC 5626
// 4.5).
#pragma once
#include "base/proof.hpp"

namespace holdfast::sip::registration {

// clang-format off
enum class State  { idle, trying, registered, refreshing, waiting,
                    stopping, leaving,      // an answer is awaited: before, and to the removal
                    returning };            // started again while leaving
enum class Event  { started, accepted, interval_too_brief, target_failed, refused, stopped };
enum class Guard  { always, more_targets };
enum class Action { first_target, next_target, send_register, send_removal,
                    tell_registered, tell_failed, tell_gone };
enum class Timer  { refresh_due, retry_due };

using enum State; using enum Event; using enum Guard; using enum Action; using enum Timer;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
    static const Deadlines deadlines[];
};

inline constexpr Machine::Row Machine::rows[] = {
    // from      on                  when          to          do, starts
    { idle,       started,            always,       trying,     {first_target, send_register} },

    { trying,     accepted,           always,       registered, {tell_registered}, {refresh_due} },
    { trying,     interval_too_brief, always,       trying,     {send_register} },       // 10.2.8
    { trying,     target_failed,      more_targets, trying,     {next_target, send_register} },
    { trying,     target_failed,      always,       waiting,    {tell_failed}, {retry_due} },
    { trying,     refused,            always,       waiting,    {tell_failed}, {retry_due} },
    { trying,     stopped,            always,       stopping },           // 10.2: one at a time

    { registered, refresh_due,        always,       refreshing, {send_register} },
    { registered, started,            always,       refreshing, {first_target, send_register} },
    { registered, stopped,            always,       leaving,    {send_removal} },

    { refreshing, accepted,           always,       registered, {tell_registered}, {refresh_due} },
    { refreshing, interval_too_brief, always,       refreshing, {send_register} },
    { refreshing, target_failed,      more_targets, refreshing, {next_target, send_register} },
    { refreshing, target_failed,      always,       waiting,    {tell_failed}, {retry_due} },
    { refreshing, refused,            always,       waiting,    {tell_failed}, {retry_due} },
    { refreshing, stopped,            always,       stopping },

    { waiting,    retry_due,          always,       trying,     {first_target, send_register} },
    { waiting,    started,            always,       trying,     {first_target, send_register} },
    { waiting,    stopped,            always,       idle,       {tell_gone} },

    { stopping,   accepted,           always,       leaving,    {send_removal} },
    { stopping,   interval_too_brief, always,       idle,       {tell_gone} },
    { stopping,   target_failed,      always,       idle,       {tell_gone} },
    { stopping,   refused,            always,       idle,       {tell_gone} },
    { stopping,   started,            always,       trying },

    { leaving,    accepted,           always,       idle,       {tell_gone} },
    { leaving,    interval_too_brief, always,       idle,       {tell_gone} },
    { leaving,    target_failed,      always,       idle,       {tell_gone} },
    { leaving,    refused,            always,       idle,       {tell_gone} },
    { leaving,    started,            always,       returning },

    { returning,  accepted,           always,       trying,     {first_target, send_register} },
    { returning,  interval_too_brief, always,       trying,     {first_target, send_register} },
    { returning,  target_failed,      always,       trying,     {first_target, send_register} },
    { returning,  refused,            always,       trying,     {first_target, send_register} },
    { returning,  stopped,            always,       leaving },
};

inline constexpr Set answers{accepted, interval_too_brief, target_failed, refused};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {idle, registered, waiting},     answers,   "no request is under way" },
    { {trying, refreshing, returning}, {started}, "it is under way" },
    { {idle, stopping, leaving},       {stopped}, "it is stopped" },
};

inline constexpr Machine::Deadlines Machine::deadlines[] = {
    { {registered}, {refresh_due} },
    { {waiting},    {retry_due} },
};
// clang-format on

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace holdfast::sip::registration
