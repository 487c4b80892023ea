// sip/transaction_machines.hpp: the four transactions of RFC 3261 17 as tables, with the Accepted
// states of RFC 6026. On reliable transports the layer gives timers D, I, J and K no time and does
// not start A, E and G.
#pragma once
#include "base/proof.hpp"

namespace holdfast::sip {

// clang-format off

/// RFC 3261 17.1.1: our INVITE.
namespace invite_client {

enum class State  { calling, proceeding, accepted, completed, terminated };
enum class Event  { provisional, success, failure, transport_failed, abandoned };
enum class Guard  { always };
enum class Action { send_request, send_ack, tell_response, tell_timeout, tell_transport_failed };
enum class Timer  { timer_a, timer_b, timer_d, timer_m };

using enum State; using enum Event; using enum Guard; using enum Action; using enum Timer;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
    static const Deadlines deadlines[];
    static constexpr Set at_start{timer_a, timer_b};
};

inline constexpr Machine::Row Machine::rows[] = {
    // from      on                when    to          do, starts
    { calling,    timer_a,          always, calling,    {send_request}, {timer_a} },  // 17.1.1.2
    { calling,    timer_b,          always, terminated, {tell_timeout} },
    { calling,    transport_failed, always, terminated, {tell_transport_failed} },    // 17.1.4
    { calling,    provisional,      always, proceeding, {tell_response} },
    { calling,    success,          always, accepted,   {tell_response}, {timer_m} }, // 6026 7.2
    { calling,    failure,          always, completed,  {send_ack, tell_response}, {timer_d} },
    { calling,    abandoned,        always, terminated },

    { proceeding, provisional,      always, proceeding, {tell_response} },
    { proceeding, success,          always, accepted,   {tell_response}, {timer_m} },
    { proceeding, failure,          always, completed,  {send_ack, tell_response}, {timer_d} },
    { proceeding, abandoned,        always, terminated },

    { accepted,   success,          always, accepted,   {tell_response} },
    { accepted,   timer_m,          always, terminated },
    { accepted,   abandoned,        always, terminated },

    { completed,  failure,          always, completed,  {send_ack} },                 // 17.1.1.2
    { completed,  timer_d,          always, terminated },
    { completed,  transport_failed, always, terminated },
    { completed,  abandoned,        always, terminated },
};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {proceeding},            {transport_failed}, "it arrived; the answer may come another way" },
    { {accepted},              {provisional, failure, transport_failed}, "a 2xx is final" },
    { {completed},             {provisional, success},                   "it was refused" },
    { {terminated},            Set<Event>::all(),                        "it is over" },
};

inline constexpr Machine::Deadlines Machine::deadlines[] = {
    { {calling},   {timer_a, timer_b} },
    { {accepted},  {timer_m} },
    { {completed}, {timer_d} },
};

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace invite_client

/// RFC 3261 17.1.2: any other request of ours.
namespace other_client {

enum class State  { trying, proceeding, completed, terminated };
enum class Event  { provisional, final_response, transport_failed, abandoned };
enum class Guard  { always };
enum class Action { send_request, tell_response, tell_timeout, tell_transport_failed };
enum class Timer  { timer_e, timer_f, timer_k };

using enum State; using enum Event; using enum Guard; using enum Action; using enum Timer;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
    static const Deadlines deadlines[];
    static constexpr Set at_start{timer_e, timer_f};
};

inline constexpr Machine::Row Machine::rows[] = {
    // from      on                when    to          do, starts
    { trying,     timer_e,          always, trying,     {send_request}, {timer_e} },  // 17.1.2.2
    { trying,     timer_f,          always, terminated, {tell_timeout} },
    { trying,     transport_failed, always, terminated, {tell_transport_failed} },
    { trying,     provisional,      always, proceeding, {tell_response} },
    { trying,     final_response,   always, completed,  {tell_response}, {timer_k} },
    { trying,     abandoned,        always, terminated },

    { proceeding, timer_e,          always, proceeding, {send_request}, {timer_e} },  // every T2
    { proceeding, timer_f,          always, terminated, {tell_timeout} },
    { proceeding, transport_failed, always, terminated, {tell_transport_failed} },
    { proceeding, provisional,      always, proceeding, {tell_response} },
    { proceeding, final_response,   always, completed,  {tell_response}, {timer_k} },
    { proceeding, abandoned,        always, terminated },

    { completed,  timer_k,          always, terminated },
    { completed,  abandoned,        always, terminated },
};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {completed},  {provisional, final_response, transport_failed}, "it was answered" },
    { {terminated}, Set<Event>::all(),                               "it is over" },
};

inline constexpr Machine::Deadlines Machine::deadlines[] = {
    { {trying, proceeding}, {timer_e, timer_f} },
    { {completed},          {timer_k} },
};

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace other_client

/// RFC 3261 17.2.1: an INVITE of a peer.
namespace invite_server {

enum class State  { proceeding, accepted, completed, confirmed, terminated };
enum class Event  { request, ack, provisional_sent, success_sent, failure_sent };
enum class Guard  { always };
enum class Action { send_response, tell_ack };
enum class Timer  { timer_g, timer_h, timer_i, timer_l };

using enum State; using enum Event; using enum Guard; using enum Action; using enum Timer;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
    static const Deadlines deadlines[];
};

inline constexpr Machine::Row Machine::rows[] = {
    // from      on                when    to          do, starts
    { proceeding, request,          always, proceeding, {send_response} },            // 17.2.1
    { proceeding, provisional_sent, always, proceeding, {send_response} },
    { proceeding, success_sent,     always, accepted,   {send_response}, {timer_l} }, // 6026 7.1
    { proceeding, failure_sent,     always, completed,  {send_response}, {timer_g, timer_h} },

    { accepted,   success_sent,     always, accepted,   {send_response} },            // 13.3.1.4
    { accepted,   ack,              always, accepted,   {tell_ack} },
    { accepted,   timer_l,          always, terminated },

    { completed,  request,          always, completed,  {send_response} },
    { completed,  timer_g,          always, completed,  {send_response}, {timer_g} },
    { completed,  timer_h,          always, terminated },
    { completed,  ack,              always, confirmed,  {}, {timer_i} },

    { confirmed,  timer_i,          always, terminated },
};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {proceeding},            {ack},                             "nothing final was sent" },
    { {accepted},              {request},                         "2xx repeats by its own clock" },
    { {accepted},              {provisional_sent, failure_sent},  "a 2xx is final" },
    { {completed},  {provisional_sent, success_sent, failure_sent}, "it was refused" },
    { {confirmed},             Set<Event>::all(),                 "late repetitions" },
    { {terminated},            Set<Event>::all(),                 "it is over" },
};

inline constexpr Machine::Deadlines Machine::deadlines[] = {
    { {accepted},  {timer_l} },
    { {completed}, {timer_g, timer_h} },
    { {confirmed}, {timer_i} },
};

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace invite_server

/// RFC 3261 17.2.2: any other request of a peer. `unanswered` is ours: an answer after timer F of
/// the client is useless (RFC 4320 4.2), so what nobody answered ends then.
namespace other_server {

enum class State  { trying, proceeding, completed, terminated };
enum class Event  { request, provisional_sent, final_sent };
enum class Guard  { always };
enum class Action { send_response };
enum class Timer  { timer_j, unanswered };

using enum State; using enum Event; using enum Guard; using enum Action; using enum Timer;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
    static const Deadlines deadlines[];
    static constexpr Set at_start{unanswered};
};

inline constexpr Machine::Row Machine::rows[] = {
    // from      on                when    to          do, starts
    { trying,     provisional_sent, always, proceeding, {send_response} },
    { trying,     final_sent,       always, completed,  {send_response}, {timer_j} },
    { trying,     unanswered,       always, terminated },

    { proceeding, request,          always, proceeding, {send_response} },            // 17.2.2
    { proceeding, provisional_sent, always, proceeding, {send_response} },
    { proceeding, final_sent,       always, completed,  {send_response}, {timer_j} },
    { proceeding, unanswered,       always, terminated },

    { completed,  request,          always, completed,  {send_response} },
    { completed,  timer_j,          always, terminated },
};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {trying},     {request},                      "nothing was sent yet" },
    { {completed},  {provisional_sent, final_sent}, "it was answered" },
    { {terminated}, Set<Event>::all(),              "it is over" },
};

inline constexpr Machine::Deadlines Machine::deadlines[] = {
    { {trying, proceeding}, {unanswered} },
    { {completed},          {timer_j} },
};

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace other_server

// clang-format on

}  // namespace holdfast::sip
