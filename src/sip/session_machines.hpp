// sip/session_machines.hpp: one INVITE session as two tables. `life` is the dialog, from the INVITE
// to the end of the BYE (RFC 3261 13, 9, 15). `exchange` is whose offer is open and which 2xx still
// awaits its ACK (13.3.1.4, 14); it runs beside it, and begins anew with each offer.
#pragma once
#include "base/proof.hpp"

namespace holdfast::sip {

// clang-format off

namespace life {

enum class State  { unborn,                                       // before the INVITE
                    calling, proceeding, abandoned, cancelling,   // ours
                    arrived, ringing,                             // the peer's
                    confirmed, closing, ending, over };
enum class Event  { invite_sent, trying, provisional, peer_answered, peer_refused,
                    invite_arrived, progressed, answered, refused, cancel_arrived, unheard, acked,
                    bye_arrived, bye_finished, end_asked, dialog_lost, rebound };
enum class Guard  { always, ack_awaited };
enum class Action { tell_rang, tell_answered, tell_refused, tell_ended, note_timeout,
                    send_cancel, send_bye, send_owed_bye, send_progress,
                    decline, terminate_invite, forget_invite, refuse_unheard };
enum class Timer  { no_final, cancel_limit, ring_again, bye_limit };

using enum State; using enum Event; using enum Guard; using enum Action; using enum Timer;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
    static const Deadlines deadlines[];
};

inline constexpr Machine::Row Machine::rows[] = {
    // from      on               when         to          do, starts
    { unborn,     invite_sent,     always,      calling },
    { unborn,     invite_arrived,  always,      arrived },

    // Our INVITE. A new one follows a challenge, a 422 and a dead target.
    { calling,    invite_sent,     always,      calling },
    { calling,    trying,          always,      proceeding, {}, {no_final} },
    { calling,    provisional,     always,      proceeding, {tell_rang}, {no_final} },
    { calling,    peer_answered,   always,      confirmed,  {tell_answered} },
    { calling,    peer_refused,    always,      over,       {tell_refused} },
    { calling,    end_asked,       always,      abandoned },                           // 9.1: wait

    { proceeding, invite_sent,     always,      calling },
    { proceeding, provisional,     always,      proceeding, {tell_rang}, {no_final} }, // 16.7 (2)
    { proceeding, no_final,        always,      cancelling, {note_timeout, send_cancel},
                                                                          {cancel_limit} },
    { proceeding, peer_answered,   always,      confirmed,  {tell_answered} },
    { proceeding, peer_refused,    always,      over,       {tell_refused} },
    { proceeding, end_asked,       always,      cancelling, {send_cancel}, {cancel_limit} },

    { abandoned,  trying,          always,      cancelling, {send_cancel}, {cancel_limit} },
    { abandoned,  provisional,     always,      cancelling, {send_cancel}, {cancel_limit} },
    { abandoned,  peer_answered,   always,      ending,     {send_bye}, {bye_limit} },
    { abandoned,  peer_refused,    always,      over,       {tell_ended} },

    { cancelling, peer_answered,   always,      ending,     {send_bye}, {bye_limit} }, // 9.1
    { cancelling, peer_refused,    always,      over,       {tell_ended} },
    { cancelling, cancel_limit,    always,      over,       {forget_invite, tell_ended} }, // 9.1

    // An INVITE of the peer.
    { arrived,    progressed,      always,      ringing,    {}, {ring_again} },
    { arrived,    answered,        always,      confirmed },
    { arrived,    refused,         always,      over },
    { arrived,    cancel_arrived,  always,      over,       {terminate_invite, tell_ended} }, // 9.2
    { arrived,    bye_arrived,     always,      over,       {terminate_invite, tell_ended} },  // 15
    { arrived,    end_asked,       always,      over,       {decline, tell_ended} },

    { ringing,    progressed,      always,      ringing,    {}, {ring_again} },
    { ringing,    ring_again,      always,      ringing,    {send_progress}, {ring_again} },
    { ringing,    answered,        always,      confirmed },
    { ringing,    refused,         always,      over },
    { ringing,    cancel_arrived,  always,      over,       {terminate_invite, tell_ended} },
    { ringing,    bye_arrived,     always,      over,       {terminate_invite, tell_ended} },
    { ringing,    end_asked,       always,      over,       {decline, tell_ended} },
    { ringing,    unheard,         always,      over,       {refuse_unheard, tell_ended} },

    // The dialog stands. Who answered may not send BYE before the ACK has come (15).
    { confirmed,  end_asked,       ack_awaited, closing },
    { confirmed,  end_asked,       always,      ending,     {send_bye}, {bye_limit} },
    { confirmed,  bye_arrived,     always,      over,       {tell_ended} },
    { confirmed,  dialog_lost,     always,      ending,     {tell_ended, send_bye}, {bye_limit} },

    { closing,    acked,           always,      ending,     {send_bye}, {bye_limit} },
    { closing,    dialog_lost,     always,      ending,     {send_bye}, {bye_limit} },
    { closing,    bye_arrived,     always,      over,       {tell_ended} },

    { ending,     rebound,         always,      ending,     {send_owed_bye} },
    { ending,     bye_finished,    always,      over,       {tell_ended} },
    { ending,     bye_limit,       always,      over,       {tell_ended} },
};

inline constexpr Set caller{calling, proceeding, abandoned, cancelling};
inline constexpr Set callee{arrived, ringing};
inline constexpr Set standing{confirmed, closing, ending};
inline constexpr Set of_ours{invite_sent, trying, provisional, peer_answered, peer_refused};
inline constexpr Set of_theirs{invite_arrived, progressed, answered, refused, cancel_arrived,
                               unheard};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {unborn}, Set<Event>::all() - Set{invite_sent, invite_arrived},    "there is no INVITE" },
    { caller,   of_theirs | Set{acked},                                  "the INVITE is ours" },
    { callee,   of_ours | Set{invite_arrived, acked},                    "the INVITE is theirs" },
    { {arrived}, {unheard},                                              "nothing awaits a PRACK" },
    { standing, of_ours | of_theirs,                     "a late CANCEL or 2xx changes nothing" },
    { caller | callee, {dialog_lost, bye_finished, rebound},             "no dialog stands" },
    { caller,   {bye_arrived},        "one fork hung up early; the INVITE has its own answer" },
    { {proceeding}, {trying},                                            "nothing new" },
    { {abandoned, cancelling}, {invite_sent, end_asked},                 "it is being given up" },
    { {cancelling}, {trying, provisional},                               "it was cancelled" },
    { {confirmed},  {acked, bye_finished, rebound},                      "the call goes on" },
    { {closing},    {end_asked, bye_finished, rebound},                  "BYE waits for the ACK" },
    { {ending},     {acked, end_asked, dialog_lost, bye_arrived},        "BYE was sent" },
    { {over},       Set<Event>::all(),                                   "the session is over" },
};

inline constexpr Machine::Deadlines Machine::deadlines[] = {
    { {proceeding}, {no_final} },
    { {cancelling}, {cancel_limit} },
    { {ringing},    {ring_again} },
    { {ending},     {bye_limit} },
};

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace life

namespace exchange {

enum class State  { stable, inviting, offering, withdrawing, offered,
                    early,                                        // answered before the 2xx
                    accepted, glared };
enum class Event  { first_sent, first_arrived,                    // the INVITE of the session
                    offer_asked, answer_arrived, offer_refused, offer_glared,
                    reinvite_arrived, update_arrived, offer_accepted, offer_declined,
                    answered_early,                               // RFC 3262 5
                    ack_arrived, stopped };
enum class Guard  { always, answer_owed,
                    has_answered };                               // the fork that asks, our offer
enum class Action { send_offer, send_cancel, tell_refused, tell_offer, tell_acked, imply_ack,
                    refuse_pending, refuse_busy, repeat_ok, lose_dialog, forget_offer };
enum class Timer  { offer_limit, withdraw_limit, glare_wait, ok_again, ack_limit };

using enum State; using enum Event; using enum Guard; using enum Action; using enum Timer;

struct Machine : Alphabet<State, Event, Guard, Action, Timer> {
    static const Row rows[];
    static const Ignored ignored[];
    static const Deadlines deadlines[];
};

inline constexpr Set unacked{ok_again, ack_limit};

inline constexpr Machine::Row Machine::rows[] = {
    // from       on                when         to           do, starts
    { stable,      first_sent,       always,      inviting },
    { stable,      first_arrived,    always,      offered },
    { stable,      offer_asked,      always,      offering,    {send_offer}, {offer_limit} },
    { stable,      reinvite_arrived, always,      offered,     {tell_offer} },
    { stable,      update_arrived,   always,      stable,      {tell_offer} },

    { inviting,    answer_arrived,   always,      stable },
    { inviting,    reinvite_arrived, always,      inviting,    {refuse_pending} },
    { inviting,    update_arrived,   has_answered, inviting,   {tell_offer} },      // RFC 3311 5.2
    { inviting,    update_arrived,   always,      inviting,    {refuse_pending} },
    { inviting,    stopped,          always,      stable },

    { offering,    answer_arrived,   always,      stable },
    { offering,    offer_refused,    always,      stable,      {tell_refused} },
    { offering,    offer_glared,     always,      glared,      {}, {glare_wait} },           // 14.1
    { offering,    offer_limit,      always,      withdrawing, {send_cancel}, {withdraw_limit} },
    { offering,    reinvite_arrived, always,      offering,    {refuse_pending} },           // 14.2
    { offering,    update_arrived,   always,      offering,    {refuse_pending} },  // RFC 3311 5.2
    { offering,    stopped,          always,      stable },

    { withdrawing, answer_arrived,   always,      stable },
    { withdrawing, offer_refused,    always,      stable,      {tell_refused} },
    { withdrawing, offer_glared,     always,      stable,      {tell_refused} },
    { withdrawing, withdraw_limit,   always,      stable,      {forget_offer, tell_refused} },
    { withdrawing, reinvite_arrived, always,      withdrawing, {refuse_pending} },
    { withdrawing, update_arrived,   always,      withdrawing, {refuse_pending} },
    { withdrawing, stopped,          always,      stable },

    { glared,      glare_wait,       always,      offering,    {send_offer}, {offer_limit} },
    { glared,      reinvite_arrived, always,      offered,     {tell_offer} },
    { glared,      update_arrived,   always,      glared,      {tell_offer} },
    { glared,      stopped,          always,      stable },

    { offered,     offer_accepted,   always,      accepted,    {}, unacked },
    { offered,     offer_declined,   always,      stable },
    { offered,     reinvite_arrived, always,      offered,     {refuse_busy} },              // 14.2
    { offered,     update_arrived,   always,      offered,     {refuse_busy} },     // RFC 3311 5.2
    { offered,     answered_early,   always,      early },
    { offered,     stopped,          always,      stable },

    { early,       offer_accepted,   always,      accepted,    {}, unacked },
    { early,       reinvite_arrived, always,      early,       {refuse_busy} },              // 14.2
    { early,       update_arrived,   always,      early,       {tell_offer} },      // RFC 3311 5.2
    { early,       stopped,          always,      stable },

    { accepted,    ok_again,         always,      accepted,    {repeat_ok}, {ok_again} },
    { accepted,    ack_limit,        always,      stable,      {lose_dialog} },
    { accepted,    ack_arrived,      always,      stable,      {tell_acked} },
    // Who sends a new INVITE has our 2xx, although its ACK was lost (RFC 5407 3.1.5).
    { accepted,    reinvite_arrived, answer_owed, accepted,    {refuse_pending} },
    { accepted,    reinvite_arrived, always,      offered,     {imply_ack, tell_offer} },
    { accepted,    update_arrived,   answer_owed, accepted,    {refuse_pending} },
    { accepted,    update_arrived,   always,      accepted,    {tell_offer} },
    { accepted,    stopped,          always,      stable },
};

inline constexpr Set busy = Set<State>::all() - Set{stable};
inline constexpr Set first{first_sent, first_arrived};
inline constexpr Set ours{answer_arrived, offer_refused, offer_glared};
inline constexpr Set theirs{offer_accepted, offer_declined};

inline constexpr Machine::Ignored Machine::ignored[] = {
    { {stable},               ours | theirs | Set{ack_arrived},          "no offer is open" },
    { {stable},               {stopped},                                 "nothing to stop" },
    { {inviting},             theirs | Set{offer_refused, offer_glared, ack_arrived},
                                                                         "life hears of these" },
    { {offering, withdrawing}, theirs | Set{ack_arrived},                "the offer is ours" },
    { {glared},               ours | theirs | Set{ack_arrived},          "no offer is open" },
    { {offered},              ours | Set{ack_arrived},                   "the offer is theirs" },
    { {early},                ours | Set{offer_declined, ack_arrived},   "it has its answer" },
    { {accepted},             ours | theirs,                             "it has its answer" },
    { Set<State>::all() - Set{offered}, {answered_early},                "that is of an INVITE" },
    { busy,                   {offer_asked},                             "it waits for its turn" },
    { busy,                   first,                                     "it was the first" },
};

inline constexpr Machine::Deadlines Machine::deadlines[] = {
    { {offering},    {offer_limit} },
    { {withdrawing}, {withdraw_limit} },
    { {glared},      {glare_wait} },
    { {accepted},    unacked },
};

static_assert(complete<Machine>() && reachable<Machine>());

}  // namespace exchange

// clang-format on

}  // namespace holdfast::sip
