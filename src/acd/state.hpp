// acd/state.hpp: the live state of the floor as plain structs, written to the journal whole. What
// can be computed from them (waiting lists, counts of the ready) is not stored.
#pragma once
#include "acd/agent_lane.hpp"
#include "acd/caller_lane.hpp"
#include "acd/dead_air.hpp"
#include "acd/hold.hpp"
#include "acd/ledger_row.hpp"
#include "acd/offer.hpp"
#include "base/deadlines.hpp"
#include "base/ids.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::acd {

using OfferId = Id<struct OfferTag>;

/// A lane's open segment.
template <class State>
struct OpenSegment {
    State state{};
    Instant began{};
    std::uint32_t number = 1;
};

enum class PauseReason : std::uint8_t {
    none,
    logged_in,
    chosen,
    code,
    rona,
    rejected,
    supervisor,
    forwarded  ///< The phone sends its calls elsewhere (3xx): nobody is there.
};

struct Offer {
    OfferId id;
    CallId call;
    AgentId agent;
    DeviceId device;
    offer::State state{};
    Instant ring_limit = never;
};

enum class CallKind : std::uint8_t { queue, outbound };

enum class CallTimer : std::uint8_t {
    longest_wait,
    comfort,
    hold_reminder,
    hold_alarm,
    dead_air,
    mask_limit
};
inline constexpr std::size_t call_timers = 6;

/// What the media process says of a party; `unseen`: nothing.
enum class Voice : std::uint8_t { unseen, silent, speaking };
/// And of an agent's microphone; `unseen`: it cannot tell.
enum class Mute : std::uint8_t { unseen, open, muted };
enum class Side : std::uint8_t { caller, agent, others /* of a conference, together */ };
inline constexpr std::size_t sides = 3;

/// The caller's digits are nobody's: neither the agent's phone nor any file gets them.
struct Masking {
    bool on = false;
    Instant since{};
    std::uint32_t digits = 0;  ///< How many came.
};

/// What marks of a talk are made of: voices, a mute, digits. Who speaks, and whether the agent is
/// muted, is asked for anew after a restart.
struct Listening {
    dead_air::State state{};
    Instant began{};           ///< Nothing counts that was before.
    Instant measured_since{};  ///< Both could be heard from then on.
    Instant counted_until{};   ///< In the day's counts.
    Instant marked_until{};    ///< The end of the last mark; no segment ends before it.
    Instant silent_since{};    ///< Of the silence that goes on.
    Instant work_said{};       ///< The agent's word that the customer is at work.
    Mute mute{};               ///< Of the agent, while both can be heard.
    Instant mute_since{};
    Masking masking;
};

/// Why an agent holds, in the agent's own word; `none` where nothing was said, never guessed.
enum class HoldReason : std::uint8_t { none, research, consult, other };

/// What the agent has said of a hold: of the one that goes on, or of the next one.
struct HoldNote {
    HoldReason reason{};
    Micros promise{};      ///< How long it will take; 0: not said.
    Instant given{};       ///< When it was said.
    Instant began{};       ///< The hold that goes on.
    bool holding = false;  ///< One goes on.
};

/// What a caller carries who is passed on.
struct Passed {
    AgentId sponsor;           ///< Who dialled it: counts against that agent's class of service.
    CallId partner;            ///< Whom the caller talks with outside.
    std::uint32_t passes = 0;  ///< How often the caller was passed on.
    AgentId dialler;           ///< A colleague who called the queue: a call beside for that agent.
    bool dialler_talks = false, dialler_holds = false;
    bool confers = false;  ///< Dialled beside a caller's call, and in one conference with it.
};

struct Call {
    CallId id;
    Uuid journey{};
    CallKind kind{};
    std::string caller_number, caller_name, dialled;
    TrunkId trunk;
    QueueId queue;
    std::uint8_t priority = 0;
    bool returned = false;  ///< Was offered and came back: stands before the others.
    bool closing = false;   ///< An announcement runs, and then the call ends.
    bool beside = false;  ///< Dialled beside a caller's call: the agent's lane stays with that one.
    bool counted = false;   ///< This visit of the queue is in the day's counts already.
    Instant entered{};      ///< First entry into a queue; kept through every return and overflow.
    Instant visit_began{};  ///< Entry into the present queue.
    OpenSegment<caller::State> lane;
    AgentId agent;  ///< Who has the caller.
    hold::State hold{};
    Instant held_by_caller_since{};
    HoldNote note;
    Passed passed;
    Listening listening;
    std::vector<Offer> offers;  ///< Open ones and the won one.
    std::array<Instant, call_timers> due{
        never, never, never, never, never, never};  ///< By CallTimer.
};

enum class AgentTimer : std::uint8_t { wrap_limit, absence_limit };

struct Agent {
    AgentId id;
    Uuid shift{};
    OpenSegment<agent::State> lane;
    DeviceId device;
    bool device_lost = false;
    bool pause_wished = true;
    bool logout_wished = false;
    PauseReason pause_reason{};
    std::uint8_t pause_code = 0;
    CallId call;     ///< The caller offered, connected or wrapped up.
    Uuid journey{};  ///< Of that call, also once the call is over.
    OfferId offer;
    QueueId queue;                  ///< Of that call.
    std::uint32_t side_calls = 0;   ///< Calls beside the queues', or beside a caller's.
    std::uint32_t side_active = 0;  ///< Of these: answered, and not held by the agent's phone.
    bool side_answered = false;     ///< One of them is answered.
    Micros wrap_up{};               ///< How long the coming wrap-up may last.
    Instant idle_since{};           ///< Since the last call; ties are broken by it.
    std::array<Instant, 2> due{never, never};  ///< By AgentTimer.
};

/// Counted in the same step as the event; set to zero at local midnight.
struct QueueToday {
    std::uint64_t offered = 0, answered = 0, answered_in_target = 0;
    std::uint64_t abandoned = 0, short_abandoned = 0, refused = 0;
    std::uint64_t abandoned_on_hold = 0;  ///< Answered, held, and gone.
    std::uint64_t diverted_out = 0, diverted_in = 0, missed_offers = 0;
    Micros wait_of_answered{}, longest_wait{};
    Micros talk_measured{}, dead_air{};  ///< Talk in which silence would have been seen; silence.
    QueueToday& operator+=(const QueueToday& more);
};

struct AgentToday {
    std::uint64_t handled = 0, missed = 0, rejected = 0;
    std::uint64_t holds = 0, holds_unexplained = 0;  ///< The latter: no reason was given.
    Micros talk{}, hold{}, wrap{};
    Micros talk_measured{}, dead_air{};  ///< As in QueueToday.
    AgentToday& operator+=(const AgentToday& more);
};

/// An anchor that held until the clock was set, or the zone's offset changed. A segment keeps the
/// label that the clock gave it when it began.
struct PastAnchor {
    WallAnchor anchor;
    Instant until{};
};

/// What outlives single calls: the counters of ids and rows, the day, and what was ordered.
struct FloorState {
    std::uint32_t next_call = 1, next_offer = 1;
    std::uint64_t next_row = 1;
    bool draining = false;
    Instant gap_until{};         ///< Up to there it was told that nobody looked.
    std::int64_t local_day = 0;  ///< Days since 1970, local: when it changes the day's counts end.
    WallAnchor anchor{};
    std::vector<PastAnchor> past;  ///< The oldest first; the last 32.
    std::vector<QueueId> closed;   ///< By order, whatever their hours; each once.
};

}  // namespace holdfast::acd
