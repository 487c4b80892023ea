// acd/caller_lane.hpp: where one external party is, from the first INVITE to its last BYE. The name
// of a state is the kind of the segment it leaves in the ledger.
#pragma once
#include "acd/lanes.hpp"

namespace holdfast::acd::caller {

// clang-format off
enum class State  { setup, announced, queued, ringing, talking, held,
                    consult,       // held, while the agent asks somebody else
                    conference,    // talks with the agent and somebody else
                    transferring,  // on the way to somebody else, and hears music
                    parked,        // waits for somebody to fetch the caller
                    outside,       // talks with somebody outside, to whom an agent has passed it
                    closed };
enum class Guard  { always, short_wait,
                    consults, confers,  // the agent has a call beside; and hears it
                    holds };            // the agent's phone holds
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
    { setup,     agent_took_over,    always,     talking,   {count_answered} },  // no queue's
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

    { talking,      agent_held,          consults,    consult },
    { talking,      agent_held,          always,      held },
    { talking,      conference_began,    always,      conference },
    { talking,      transfer_began,      always,      transferring },
    { talking,      agent_left,          always,      closed,       {end_completed} },
    { talking,      agent_lost,          always,      queued },
    { talking,      caller_left,         always,      closed,       {end_completed} },
    { talking,      agent_took_over,     always,      talking,      {cut_here} },
    { talking,      sent_to_queue,       always,      queued },
    { talking,      sent_outside,        always,      outside },
    { talking,      caller_parked,       always,      parked },

    { held,         agent_resumed,       confers,     conference },
    { held,         agent_resumed,       always,      talking },
    { held,         consult_began,       always,      consult },
    { held,         transfer_began,      always,      transferring },
    { held,         agent_left,          always,      closed,       {end_completed} },
    { held,         agent_lost,          always,      queued },
    { held,         caller_left,         always,      closed,       {end_abandoned_on_hold} },
    { held,         agent_took_over,     always,      talking },
    { held,         sent_to_queue,       always,      queued },
    { held,         sent_outside,        always,      outside },
    { held,         caller_parked,       always,      parked },

    { consult,      agent_resumed,       confers,     conference },
    { consult,      agent_resumed,       always,      talking },
    { consult,      consult_ended,       always,      held },
    { consult,      transfer_began,      always,      transferring },
    { consult,      agent_left,          always,      closed,       {end_completed} },
    { consult,      agent_lost,          always,      queued },
    { consult,      caller_left,         always,      closed,       {end_abandoned_on_hold} },
    { consult,      agent_took_over,     always,      talking },
    { consult,      sent_to_queue,       always,      queued },
    { consult,      sent_outside,        always,      outside },
    { consult,      caller_parked,       always,      parked },

    { conference,   agent_held,          consults,    consult },
    { conference,   agent_held,          always,      held },
    { conference,   conference_ended,    always,      talking },
    { conference,   transfer_began,      always,      transferring },
    { conference,   agent_left,          always,      closed,       {end_completed} },
    { conference,   agent_lost,          always,      queued },
    { conference,   caller_left,         always,      closed,       {end_completed} },
    { conference,   agent_took_over,     always,      talking },
    { conference,   sent_to_queue,       always,      queued },
    { conference,   sent_outside,        always,      outside },
    { conference,   caller_parked,       always,      parked },

    { transferring, transfer_failed,     holds,       held },
    { transferring, transfer_failed,     always,      talking },
    { transferring, agent_left,          always,      transferring, {cut_here} },
    { transferring, agent_lost,          always,      transferring, {cut_here} },
    { transferring, call_refused,        always,      closed,       {end_refused} },
    { transferring, caller_left,         always,      closed,       {end_abandoned_on_hold} },
    { transferring, agent_took_over,     always,      talking },
    { transferring, sent_to_queue,       always,      queued },
    { transferring, sent_outside,        always,      outside },
    { transferring, caller_parked,       always,      parked },

    { parked,       transfer_began,      always,      transferring },
    { parked,       caller_left,         always,      closed,       {end_abandoned_on_hold} },
    { parked,       agent_took_over,     always,      talking },
    { parked,       sent_to_queue,       always,      queued },

    { outside,      agent_left,          always,      closed,       {end_completed} },
    { outside,      caller_left,         always,      closed,       {end_completed} },
};

inline constexpr Set all_states = Set<State>::all();
inline constexpr Set connected{talking, held, consult, conference, transferring};
inline constexpr Set served = connected | Set{parked, outside};
inline constexpr Set unserved{setup, announced, queued, ringing};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { all_states - Set{closed}, agent_day,               "the agent's own affair" },
    { all_states - Set{closed}, {phone_rang},            "the caller hears no difference" },
    { unserved, hold_news | consult_news | (passing_on - Set{agent_took_over}) |
          Set{transfer_failed},
                                                         "no agent has the call" },
    { unserved - Set{setup}, {agent_took_over},          "offers decide who has it" },
    { {setup, announced, queued}, offer_result,          "no agent has the call" },
    { {announced, queued}, {agent_left, agent_lost},     "no agent has the call" },
    { {setup, announced}, {queue_changed, offer_made, call_diverted}, "not in a queue yet" },
    { all_states - Set{setup, closed}, {customer_answered}, "not a call of ours, or answered" },
    { {announced}, {announcement_began},                 "an announcement runs" },
    { {queued}, {queue_entered},                         "in the queue already" },
    { {ringing}, caller_way | Set{offer_made},           "offered: its result comes first" },
    { {ringing}, {agent_left},                           "nobody talks yet" },
    { served, (caller_way - Set{call_refused}) | offer_result | Set{offer_made}, "connected" },
    { served - Set{transferring}, {call_refused, transfer_failed}, "connected" },
    { {talking}, {agent_resumed, consult_began, consult_ended, conference_ended},
                                                         "the caller hears no difference" },
    { {held}, {agent_held, consult_ended, conference_began, conference_ended}, "held already" },
    { {consult}, {agent_held, consult_began, conference_began, conference_ended},
                                                         "held already" },
    { {conference}, {agent_resumed, consult_began, consult_ended, conference_began},
                                                         "one more, or one less, is no change" },
    { {transferring}, hold_news | consult_news | Set{transfer_began}, "on the way already" },
    { {parked}, hold_news | consult_news |
          Set{agent_left, agent_lost, sent_outside, caller_parked}, "no agent has the call" },
    { {outside}, hold_news | consult_news | passing_on | Set{agent_lost},
                                                         "no agent has the call" },
    { {closed}, Set<LaneEvent>::all(),                   "the lane ended with the caller" },
};
// clang-format on

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace holdfast::acd::caller
