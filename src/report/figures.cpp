#include "report/figures.hpp"

#include "report/staffing.hpp"

#include <fmt/format.h>

namespace holdfast::report {
namespace {

using enum Sum;
using S = Section;

using T = const Totals&;

Value of(std::int64_t num, std::int64_t den = 1) {
    return {num, den, true};
}
/// Visits that are worth a promise: short abandonments are nobody's wait.
std::int64_t without_short(T t) {
    return t[offered] - t[abandoned_short];
}
std::int64_t handled(T t) {
    return t[answered] + t[returned_answered] + t[taken_over];
}
std::int64_t passed_on(T t) {
    return t[passed_blind] + t[passed_attended] + t[passed_to_queue] + t[passed_outside];
}
std::int64_t handling(T t) {
    return t[talk] + t[hold] + t[wrap];
}
std::int64_t working(T t) {
    return handling(t) + t[side_talk] + t[side_hold] + t[side_wrap];
}
template <std::size_t I>
Value resolved_in(T t) {
    return of(t.resolved[I], t.eligible[I]);
}

/// Of talks whose voices could be heard; without one, nothing is known.
Value if_heard(T t, Value value) {
    return t[talks_heard] > 0 ? value : unmeasured;
}

/// Talk in which a mute would have been seen.
std::int64_t seen_talk(T t) {
    return t[heard_talk] - t[mute_unseen];
}
Value if_seen(T t, Value value) {
    return seen_talk(t) > 0 ? value : unmeasured;
}

Value needed(T t, const Question& asked, Micros length) {
    if (t[offered] == 0 || handled(t) == 0 || handling(t) == 0) return of(0, 0);
    const auto us = [](auto time) { return static_cast<double>(time); };
    const Demand demand{us(t[offered]) / us(length.count()), us(handled(t)) / us(handling(t))};
    return of(agents_needed(demand, us(asked.target.count()), asked.goal_percent / 100.0));
}

constexpr Scope everyone{};
constexpr Scope queues_and_all{true, true, false};
constexpr Scope agents_and_all{true, false, true};

// clang-format off
constexpr Figure table[] = {
    { S::service_level, "offered", "Offered",
      "visits of a queue that have ended; ringing is part of a visit",
      Unit::count, queues_and_all, "OFFERED", [](T t) { return of(t[offered]); } },
    { S::service_level, "answered", "Answered",
      "visits that ended with an agent's answer",
      Unit::count, queues_and_all, "ANSWERED", [](T t) { return of(t[answered]); } },
    { S::service_level, "answered_in_target", "Answered within T",
      "answered with a wait of T or less",
      Unit::count, queues_and_all, "", [](T t) { return of(t[answered_in_target]); } },
    { S::service_level, "sl1", "Service level 1, abandonments ignored",
      "answered within T / (offered - abandoned within T)",
      Unit::share, queues_and_all, "",
      [](T t) { return of(t[answered_in_target], t[offered] - t[abandoned_in_target]); } },
    { S::service_level, "sl2", "Service level 2, abandonments negative",
      "answered within T / offered",
      Unit::share, queues_and_all, "SL2",
      [](T t) { return of(t[answered_in_target], t[offered]); } },
    { S::service_level, "sl3", "Service level 3, abandonments positive",
      "(answered within T + abandoned within T) / offered",
      Unit::share, queues_and_all, "",
      [](T t) { return of(t[answered_in_target] + t[abandoned_in_target], t[offered]); } },
    { S::service_level, "sl4", "Service level 4, answered only",
      "answered within T / answered; blind to who gave up",
      Unit::share, queues_and_all, "", [](T t) { return of(t[answered_in_target], t[answered]); } },
    { S::service_level, "sl5", "Service level 5, short abandonments left out",
      "answered within T / (offered - abandoned within s)",
      Unit::share, queues_and_all, "",
      [](T t) { return of(t[answered_in_target], without_short(t)); } },
    { S::service_level, "sl_worst", "Worst quarter of an hour",
      "the smallest service level 2 of a quarter with visits",
      Unit::share, queues_and_all, "", [](T t) { return of(t.worst_answered, t.worst_offered); } },
    { S::service_level, "sl_met", "Quarters that met the goal",
      "quarters with a service level 2 of the goal or more / quarters with visits",
      Unit::share, queues_and_all, "", [](T t) { return of(t[quarters_met], t[quarters]); } },

    { S::waits, "asa", "Average speed of answer",
      "wait of answered visits, ringing included / answered",
      Unit::time, everyone, "ASA", [](T t) { return of(t[wait_answered], t[answered]); } },
    { S::waits, "asa_queued", "Average speed of answer without ringing",
      "wait of answered visits while no phone rang / answered",
      Unit::time, everyone, "", [](T t) { return of(t[wait_answered_queued], t[answered]); } },
    { S::waits, "wait_all", "Average wait of all",
      "wait of all visits / offered",
      Unit::time, queues_and_all, "", [](T t) { return of(t[wait], t[offered]); } },
    { S::waits, "wait_abandoned", "Average time to abandonment",
      "wait of abandoned visits / abandoned",
      Unit::time, queues_and_all, "", [](T t) { return of(t[wait_abandoned], t[abandoned]); } },
    { S::waits, "longest_wait", "Longest wait",
      "of one answered or abandoned visit",
      Unit::time, everyone, "LONGEST",
      [](T t) { return of(t[Most::wait], t[answered] + t[abandoned] > 0 ? 1 : 0); } },
    { S::waits, "still_waiting", "Still waiting",
      "visits without an end in the ledger; in no other figure",
      Unit::count, queues_and_all, "", [](T t) { return of(t[still_waiting]); } },

    { S::abandonments, "abandoned", "Abandoned",
      "visits that ended because the caller left",
      Unit::count, queues_and_all, "ABANDONED", [](T t) { return of(t[abandoned]); } },
    { S::abandonments, "ab1", "Abandonment 1, of offered",
      "abandoned / offered",
      Unit::share, queues_and_all, "AB1", [](T t) { return of(t[abandoned], t[offered]); } },
    { S::abandonments, "ab2", "Abandonment 2, short ones left out",
      "(abandoned - abandoned within s) / (offered - abandoned within s)",
      Unit::share, queues_and_all, "",
      [](T t) { return of(t[abandoned] - t[abandoned_short], without_short(t)); } },
    { S::abandonments, "ab3", "Abandonment 3, of answered and abandoned",
      "abandoned / (answered + abandoned)",
      Unit::share, queues_and_all, "",
      [](T t) { return of(t[abandoned], t[answered] + t[abandoned]); } },
    { S::abandonments, "abandoned_short", "Abandoned within s",
      "abandoned with a wait of s or less",
      Unit::count, queues_and_all, "", [](T t) { return of(t[abandoned_short]); } },
    { S::abandonments, "abandoned_before", "Left before the queue",
      "callers who left during setup or the greeting; not offered",
      Unit::count, queues_and_all, "", [](T t) { return of(t[abandoned_before]); } },
    { S::abandonments, "abandoned_queued", "Left in the queue",
      "abandoned while no phone rang",
      Unit::count, queues_and_all, "", [](T t) { return of(t[abandoned_queued]); } },
    { S::abandonments, "abandoned_ringing", "Left while it rang",
      "abandoned while an agent's phone rang",
      Unit::count, queues_and_all, "", [](T t) { return of(t[abandoned_ringing]); } },
    { S::abandonments, "abandoned_on_hold", "Left on hold",
      "answered calls whose caller left while held",
      Unit::count, everyone, "", [](T t) { return of(t[abandoned_on_hold]); } },
    { S::abandonments, "returned", "Back after an agent was lost",
      "waits after the phone of an agent in the call was lost; not offered again",
      Unit::count, queues_and_all, "", [](T t) { return of(t[returned]); } },
    { S::abandonments, "returned_abandoned", "Left after an agent was lost",
      "of those, the caller left before another answer",
      Unit::count, queues_and_all, "", [](T t) { return of(t[returned_abandoned]); } },
    { S::abandonments, "abandoned_escalated", "Left in an escalation",
      "no escalation queue is told apart in the ledger",
      Unit::count, everyone, "", nullptr },
    { S::abandonments, "refused", "Refused before the queue",
      "callers refused: closed, full, nobody logged in, draining",
      Unit::count, queues_and_all, "", [](T t) { return of(t[refused_before]); } },
    { S::abandonments, "refused_rate", "Refusal rate",
      "refused before the queue / (refused + left before the queue + offered)",
      Unit::share, queues_and_all, "",
      [](T t) {
          return of(t[refused_before],
                    t[refused_before] + t[abandoned_before] + t[offered]);
      } },
    { S::abandonments, "turned_away", "Turned away after a wait",
      "visits ended by us: waited too long, closed, nobody logged in",
      Unit::count, queues_and_all, "", [](T t) { return of(t[turned_away]); } },
    { S::abandonments, "diverted_out", "Diverted out",
      "visits that ended because the caller was sent elsewhere",
      Unit::count, queues_and_all, "", [](T t) { return of(t[diverted_out]); } },
    { S::abandonments, "diverted_in", "Diverted in",
      "offered visits that came from another queue",
      Unit::count, queues_and_all, "", [](T t) { return of(t[diverted_in]); } },

    { S::handled_calls, "handled", "Handled",
      "times an agent answered a queue's call, or took one over from a colleague",
      Unit::count, everyone, "HANDLED", [](T t) { return of(handled(t)); } },
    { S::handled_calls, "aht", "Average handle time",
      "(talk + hold + wrap-up) / handled, of queues' calls",
      Unit::time, everyone, "AHT", [](T t) { return of(handling(t), handled(t)); } },
    { S::handled_calls, "aht_ring", "Average handle time with ringing",
      "(talk + hold + wrap-up + ringing) / handled, of queues' calls",
      Unit::time, everyone, "", [](T t) { return of(handling(t) + t[ring], handled(t)); } },
    { S::handled_calls, "talk_mean", "Average talk",
      "talk / handled, of queues' calls",
      Unit::time, everyone, "", [](T t) { return of(t[talk], handled(t)); } },
    { S::handled_calls, "wrap_mean", "Average wrap-up",
      "wrap-up / handled, of queues' calls",
      Unit::time, everyone, "", [](T t) { return of(t[wrap], handled(t)); } },
    { S::handled_calls, "hold_ratio", "Hold ratio",
      "hold / (talk + hold), of queues' calls",
      Unit::share, everyone, "HOLD", [](T t) { return of(t[hold], t[talk] + t[hold]); } },
    { S::handled_calls, "holds_per_call", "Holds a call",
      "holds / handled",
      Unit::mean, everyone, "", [](T t) { return of(t[holds], handled(t)); } },
    { S::handled_calls, "longest_hold", "Longest hold",
      "of one hold of a queue's call",
      Unit::time, everyone, "", [](T t) { return of(t[Most::hold], t[holds] > 0 ? 1 : 0); } },
    { S::handled_calls, "holds_unexplained", "Holds without a reason",
      "holds of which the agent has said nothing",
      Unit::count, everyone, "", [](T t) { return of(t[holds_unexplained]); } },
    { S::handled_calls, "hold_compliance", "Hold compliance",
      "hold / (hold + dead air), of queues' calls whose voices could be heard",
      Unit::share, everyone, "",
      [](T t) { return if_heard(t, of(t[heard_hold], t[heard_hold] + t[dead_air])); } },
    { S::handled_calls, "dead_air", "Dead air",
      "silence of all for the queue's limit or longer while nobody held",
      Unit::time, everyone, "", [](T t) { return if_heard(t, of(t[dead_air])); } },
    { S::handled_calls, "dead_air_share", "Dead air, of talk",
      "dead air / talk whose voices could be heard",
      Unit::share, everyone, "", [](T t) { return if_heard(t, of(t[dead_air], t[heard_talk])); } },
    { S::handled_calls, "talks_silent", "Talks with a long silence",
      "talks with dead air of 20 s or longer in one piece / talks whose voices could be heard",
      Unit::share, everyone, "",
      [](T t) { return if_heard(t, of(t[talks_silent], t[talks_heard])); } },
    { S::handled_calls, "customer_working", "Customer at work",
      "such silences of which the agent has said that they are the customer's; no dead air",
      Unit::time, everyone, "", [](T t) { return if_heard(t, of(t[customer_working])); } },
    { S::handled_calls, "muted", "Muted",
      "the agent's microphone was off for 2 s or longer while nobody held, whoever spoke; no dead "
      "air by itself",
      Unit::time, everyone, "", [](T t) { return if_seen(t, of(t[muted])); } },
    { S::handled_calls, "muted_share", "Muted, of talk",
      "muted / talk whose voices could be heard, and in which the agent's phone lets a mute be seen",
      Unit::share, everyone, "", [](T t) { return if_seen(t, of(t[muted], seen_talk(t))); } },
    { S::handled_calls, "talks_unheard", "Talks not listened to",
      "talks whose voices could not be heard; in none of these figures",
      Unit::count, everyone, "", [](T t) { return of(t[talks_unheard]); } },
    { S::handled_calls, "hold_abandonment", "Abandonment on hold",
      "left on hold / handled",
      Unit::share, everyone, "", [](T t) { return of(t[abandoned_on_hold], handled(t)); } },
    { S::handled_calls, "transfer_rate", "Transfer rate",
      "transfers / handled",
      Unit::share, everyone, "", [](T t) { return of(passed_on(t), handled(t)); } },
    { S::handled_calls, "transfers", "Transfers",
      "callers of queues whom the agent passed on, and whom a colleague, a queue or somebody outside "
      "got",
      Unit::count, everyone, "", [](T t) { return of(passed_on(t)); } },
    { S::handled_calls, "transfers_blind", "Transfers, blind",
      "of those, to a colleague who was called for it, or who fetched the parked caller",
      Unit::count, everyone, "", [](T t) { return of(t[passed_blind]); } },
    { S::handled_calls, "transfers_attended", "Transfers, attended",
      "to a colleague who was in a call with the agent, or took the caller over",
      Unit::count, everyone, "", [](T t) { return of(t[passed_attended]); } },
    { S::handled_calls, "transfers_to_queue", "Transfers to a queue",
      "to a queue, asked before or not",
      Unit::count, everyone, "", [](T t) { return of(t[passed_to_queue]); } },
    { S::handled_calls, "transfers_outside", "Transfers to the outside",
      "to a number outside, asked before or not",
      Unit::count, everyone, "", [](T t) { return of(t[passed_outside]); } },
    { S::handled_calls, "transfers_failed", "Transfers that failed",
      "the agent has the caller again, or the caller left or went back to the queue",
      Unit::count, everyone, "", [](T t) { return of(t[pass_failed]); } },
    { S::handled_calls, "taken_over", "Taken over",
      "callers whom an agent got from a colleague",
      Unit::count, everyone, "", [](T t) { return of(t[taken_over]); } },
    { S::handled_calls, "bounced_rate", "Bounced callers",
      "journeys of queues that were passed on twice or more / journeys that were answered",
      Unit::share, queues_and_all, "", [](T t) { return of(t[bounced], t[journeys]); } },
    { S::handled_calls, "outbound", "Outbound calls",
      "calls that agents began to a trunk",
      Unit::count, agents_and_all, "", [](T t) { return of(t[outbound]); } },
    { S::handled_calls, "outbound_answered", "Outbound calls answered",
      "of those, the customer answered",
      Unit::count, agents_and_all, "", [](T t) { return of(t[outbound_answered]); } },

    { S::offered_calls, "offers", "Offers",
      "calls offered to an agent's phone",
      Unit::count, everyone, "OFFERS", [](T t) { return of(t[offers]); } },
    { S::offered_calls, "accept_rate", "Accepted offers",
      "offers answered / offers",
      Unit::share, everyone, "", [](T t) { return of(t[offers_answered], t[offers]); } },
    { S::offered_calls, "rona", "Missed offers",
      "offers that rang until their time was over (RONA)",
      Unit::count, everyone, "", [](T t) { return of(t[offers_missed]); } },
    { S::offered_calls, "rona_rate", "RONA rate",
      "missed offers / offers",
      Unit::share, everyone, "RONA", [](T t) { return of(t[offers_missed], t[offers]); } },
    { S::offered_calls, "refusal_rate", "Refused offers",
      "offers refused at the phone / offers",
      Unit::share, everyone, "", [](T t) { return of(t[offers_refused], t[offers]); } },

    { S::agents_time, "occupancy", "Occupancy",
      "(talk + hold + wrap-up) / (talk + hold + wrap-up + ringing + ready), of all calls to the "
      "outside",
      Unit::share, agents_and_all, "OCC",
      [](T t) { return of(working(t), working(t) + t[ring] + t[ready]); } },
    { S::agents_time, "occupancy_ring", "Occupancy with ringing",
      "(talk + hold + wrap-up + ringing) / (talk + hold + wrap-up + ringing + ready), likewise",
      Unit::share, agents_and_all, "",
      [](T t) { return of(working(t) + t[ring], working(t) + t[ring] + t[ready]); } },
    { S::agents_time, "utilisation", "Utilisation",
      "(talk + hold + wrap-up) / time logged in, likewise",
      Unit::share, agents_and_all, "UTIL", [](T t) { return of(working(t), t[logged_in]); } },
    { S::agents_time, "logged_in", "Time logged in",
      "all the parts that follow",
      Unit::part, agents_and_all, "LOGGED IN", [](T t) { return of(t[logged_in]); } },
    { S::agents_time, "talk", "Talk",
      "with callers of queues",
      Unit::part, everyone, "", [](T t) { return of(t[talk]); } },
    { S::agents_time, "hold", "Hold",
      "with a caller of a queue on hold",
      Unit::part, everyone, "", [](T t) { return of(t[hold]); } },
    { S::agents_time, "wrap", "Wrap-up",
      "after calls of queues",
      Unit::part, everyone, "", [](T t) { return of(t[wrap]); } },
    { S::agents_time, "ring", "Ringing",
      "offered a call, from the offer on",
      Unit::part, everyone, "", [](T t) { return of(t[ring]); } },
    { S::agents_time, "ready", "Ready",
      "waiting for a call",
      Unit::part, agents_and_all, "READY", [](T t) { return of(t[ready]); } },
    { S::agents_time, "not_ready", "Not ready",
      "by the agent's wish, or after a missed offer",
      Unit::part, agents_and_all, "NOT READY", [](T t) { return of(t[not_ready]); } },
    { S::agents_time, "outbound_time", "Outbound calls",
      "talk, hold and wrap-up of calls of no queue",
      Unit::part, agents_and_all, "",
      [](T t) { return of(t[side_talk] + t[side_hold] + t[side_wrap]); } },
    { S::agents_time, "other_calls", "Other calls",
      "dialling, called, and talking to colleagues",
      Unit::part, agents_and_all, "", [](T t) { return of(t[side_call]); } },
    { S::agents_time, "unreachable", "Unreachable",
      "the phone was gone",
      Unit::part, agents_and_all, "", [](T t) { return of(t[unreachable]); } },

    { S::agents_time, "agents_needed", "Agents needed, by Erlang C",
      "the fewest with whom the goal is met within T, at the interval's offered visits and "
      "average handle time; of intervals of 15 and 30 minutes",
      Unit::count, queues_and_all, "NEED", nullptr, needed },

    { S::contacts, "fcr_1d", "Resolved at first contact, 1 day",
      "journeys answered, left neither waiting nor on hold, and whose number did not call again "
      "within 1 day of their end / journeys with a number that ended over 1 day ago",
      Unit::share, everyone, "", resolved_in<0> },
    { S::contacts, "fcr_3d", "Resolved at first contact, 3 days",
      "the same, with 3 days",
      Unit::share, everyone, "", resolved_in<1> },
    { S::contacts, "fcr_7d", "Resolved at first contact, 7 days",
      "the same, with 7 days",
      Unit::share, everyone, "", resolved_in<2> },
    { S::contacts, "fcr_14d", "Resolved at first contact, 14 days",
      "the same, with 14 days",
      Unit::share, everyone, "", resolved_in<3> },
    { S::contacts, "fcr_30d", "Resolved at first contact, 30 days",
      "the same, with 30 days",
      Unit::share, everyone, "", resolved_in<4> },

    { S::degraded, "degraded_callers", "Callers' time without a daemon",
      "time of callers' segments marked degraded: the daemon was dead, the calls went on; it is "
      "part of their waits, talk and holds",
      Unit::time, queues_and_all, "GAP", [](T t) { return of(t[degraded_callers]); } },
    { S::degraded, "degraded_agents", "Agents' time without a daemon",
      "time of agents' segments marked degraded; it is part of the time logged in, and a queue's is "
      "that of its calls",
      Unit::time, everyone, "AGENT GAP", [](T t) { return of(t[degraded_agents]); } },

    { S::missing, "escalation_rate", "Escalation rate",
      "journeys that entered an escalation queue / handled",
      Unit::share, everyone, "", nullptr },
    { S::missing, "wrap_codes", "Wrap codes complete",
      "handled calls with a valid code / handled",
      Unit::share, everyone, "", nullptr },
    { S::missing, "adherence", "Adherence",
      "minutes in the scheduled state / scheduled minutes",
      Unit::share, agents_and_all, "", nullptr },
    { S::missing, "callbacks_kept", "Callbacks kept",
      "callbacks connected in the promised time / promised",
      Unit::share, everyone, "", nullptr },
};
// clang-format on

}  // namespace

std::span<const Figure> figures() {
    return table;
}

}  // namespace holdfast::report
