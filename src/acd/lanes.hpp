// acd/lanes.hpp: what happens to a caller and to an agent, in the words of both lanes. One event
// stamps every lane it touches with one instant; each change of state cuts a segment there and
// opens the next, so lanes tile by construction and agree with each other.
#pragma once
#include "base/proof.hpp"

namespace holdfast::acd {

// clang-format off
enum class LaneEvent {
    // the caller's way in
    announcement_began, queue_entered, queue_changed, call_refused, call_diverted,
    // the offer to an agent
    offer_made, phone_rang, offer_missed, offer_refused, offer_withdrawn, agent_answered,
    // a connected call
    customer_answered, agent_held, agent_resumed, agent_left, caller_left, agent_lost,
    // a call beside it: a colleague is asked, or joins
    consult_began, consult_ended, conference_began, conference_ended,
    // the caller is passed on
    transfer_began, transfer_failed, agent_took_over, sent_to_queue, sent_outside, caller_parked,
    // the agent's day
    agent_logged_in, agent_readied, agent_paused, agent_logged_out, agent_returned,
    // the agent's other calls
    agent_dialled, agent_called, colleague_answered, side_call_ended,
};
// clang-format on

/// Events that only the agent's lane knows.
inline constexpr Set agent_day{LaneEvent::agent_logged_in,
                               LaneEvent::agent_readied,
                               LaneEvent::agent_paused,
                               LaneEvent::agent_logged_out,
                               LaneEvent::agent_returned,
                               LaneEvent::agent_dialled,
                               LaneEvent::agent_called,
                               LaneEvent::colleague_answered,
                               LaneEvent::side_call_ended};

/// Events that only the caller's lane knows.
inline constexpr Set caller_way{LaneEvent::announcement_began,
                                LaneEvent::queue_entered,
                                LaneEvent::queue_changed,
                                LaneEvent::call_refused,
                                LaneEvent::call_diverted};

/// Events between a caller and the agent who has the caller, and who may get the caller next.
inline constexpr Set hold_news{LaneEvent::agent_held, LaneEvent::agent_resumed};
inline constexpr Set consult_news{LaneEvent::consult_began,
                                  LaneEvent::consult_ended,
                                  LaneEvent::conference_began,
                                  LaneEvent::conference_ended};
inline constexpr Set passing_on{LaneEvent::transfer_began,
                                LaneEvent::agent_took_over,
                                LaneEvent::sent_to_queue,
                                LaneEvent::sent_outside,
                                LaneEvent::caller_parked};

inline constexpr Set offer_result{LaneEvent::offer_missed,
                                  LaneEvent::offer_refused,
                                  LaneEvent::offer_withdrawn,
                                  LaneEvent::agent_answered};

}  // namespace holdfast::acd
