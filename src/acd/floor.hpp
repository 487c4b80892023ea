// acd/floor.hpp: the floor of the centre: callers, queues, agents and their offers in one object.
// It decides; the engine tells it what happened and performs what it orders. Every function takes
// the instant of the event (`at`, the kernel's stamp) and the present (`now`), which drives timers.
#pragma once
#include "acd/effects.hpp"
#include "acd/marks.hpp"
#include "acd/routing.hpp"
#include "acd/settings.hpp"
#include "acd/state.hpp"
#include "base/deadlines.hpp"
#include "base/random.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace holdfast::acd {

struct When {
    Instant at;   ///< When the event happened.
    Instant now;  ///< Never before `at`.
};

struct Arrival {
    std::string number, name;  ///< Of the caller; empty where withheld.
    std::string dialled;
    TrunkId trunk;
    QueueId queue;      ///< None: an agent's own number was dialled, and that agent is called.
    AgentId dialler{};  ///< A colleague who asks a queue: that is a call beside for that agent.
    bool dialler_talked = false;  ///< It is one already: the colleague was passed on to here.
};

enum class LoginResult : std::uint8_t { done, moved, in_call, phone_in_call };

/// Ids whose state changed since the last question, each once, in the order of the first change.
struct Changed {
    std::vector<CallId> calls;  ///< Also those that are over.
    std::vector<AgentId> agents;
    std::vector<QueueId> queues;
    std::vector<std::uint64_t> rows;  ///< New rows for the ledger.
    bool floor = false;
};

class Floor {
public:
    Floor(Settings settings, Deadlines& deadlines, Random& random);

    // ---- Callers from outside ----------------------------------------------------------------
    CallId caller_arrived(const Arrival& arrival, When when);
    void announcement_ended(CallId call, When when);
    /// A caller without a queue, whom the agent that was dialled has not answered, goes into this
    /// one.
    void not_reached(CallId call, QueueId queue, When when);
    void caller_left(CallId call, When when, std::uint16_t sip_status = 0);
    void caller_held(CallId call, When when);
    void caller_resumed(CallId call, When when);

    // ---- Offers ------------------------------------------------------------------------------
    void phone_rang(OfferId offer, When when);
    void phone_answered(OfferId offer, When when);
    void phone_refused(OfferId offer, std::uint16_t sip_status, When when);
    void phone_failed(OfferId offer, std::uint16_t sip_status, When when);
    /// A colleague who is ready takes the call of a phone that rings: the offer that is to be
    /// answered; zero where it rings no more, or the colleague is not to be offered anything.
    OfferId pick_up(CallId call, AgentId agent, When when);

    // ---- Connected calls ---------------------------------------------------------------------
    void agent_held(CallId call, When when);
    void agent_resumed(CallId call, When when);
    void agent_hung_up(CallId call, When when);
    /// Why the agent holds, or is about to, and for how long at most. False: has no caller.
    bool hold_explained(AgentId agent, HoldReason reason, Micros promise, When when);
    /// What the media process hears of one side of a talk, since then.
    void voice(CallId call, Side side, Voice voice, Instant since, When when);
    /// And of the agent's microphone. A later word may correct the one before, from its instant on.
    void muted(CallId call, Mute mute, Instant since, When when);
    /// The agent says that the silence is the customer's. False: no talk of a queue.
    bool customer_works(AgentId agent, When when);
    /// The agent will not have the caller's digits, or have them again. False: no talk, or the
    /// settings do not allow it.
    bool mask_digits(AgentId agent, When when);
    /// A digit of the caller came. True: it is nobody's.
    bool digit_masked(CallId call);
    /// Nobody hears any call any more: what was seen ends at `at`.
    void lost_sight(Instant at);
    /// The agent's phone is dead in mid-call: the caller goes back to the head of the queue.
    void agent_lost(CallId call, When when);

    // ---- The agent's day ---------------------------------------------------------------------
    LoginResult log_in(AgentId agent, DeviceId device, When when);
    /// In a call: when it is over.
    void log_out(AgentId agent, When when);
    void make_ready(AgentId agent, When when);
    void pause(AgentId agent, PauseReason reason, std::uint8_t code, When when);
    void device_lost(DeviceId device, When when);
    void device_returned(DeviceId device, When when);
    /// The phone speaks with the exchange itself (a feature code): nobody is offered to it
    /// meanwhile.
    void device_in_use(DeviceId device, bool used);

    // ---- Calls of our own ----------------------------------------------------------------------
    /// An external call an agent dials (no agent: an emergency from a logged-out phone).
    CallId dialled_out(AgentId agent, const std::string& number, TrunkId trunk, When when);
    void customer_answered(CallId call, When when);
    void customer_refused(CallId call, std::uint16_t sip_status, When when);
    void side_call_began(AgentId agent, bool called, When when);
    void colleague_answered(AgentId agent, When when);
    /// The agent's phone holds or resumes such a call.
    void side_call_held(AgentId agent, bool held, When when);
    void side_call_ended(AgentId agent, bool active, When when);

    // ---- Outsiders: calls to the outside beside a caller's, in one conference with it -----------
    /// Held or not, the outsider hears everybody from now on.
    void outsider_joined(CallId call, When when);
    /// The outsider and the agent are what is left of the conference.
    void outsider_alone(CallId call, When when);
    /// Another agent has the outsider in the conference; the agents' counts are told beside.
    void outsider_passed(CallId call, AgentId agent);
    /// The agent leaves, and the outsider with it: no call beside any more, and then over.
    void outsider_ended(CallId call, When when);

    // ---- Passing callers on --------------------------------------------------------------------
    /// An external call that is dialled for somebody who waits: no agent's, but of that class.
    void detach(CallId call, AgentId sponsor);
    /// The call counts against that agent's class of service, whoever has it.
    void sponsored(CallId call, AgentId sponsor);
    /// Such a call becomes that agent's beside others, whose call it takes the place of. `active`:
    /// the agent's phone did not hold that one.
    void taken_beside(CallId call, AgentId agent, bool active, When when);
    /// Such a call becomes a caller's, or somebody else's: it is the agent's no longer.
    void side_call_passed(AgentId agent, bool active);
    /// What the agent asked a queue for goes on to somebody else: it is no call beside any more.
    void dialler_passed(CallId call);
    /// An agent asked a queue, and whoever answered `asked` there has `call` from now on.
    void handed_over(CallId asked, CallId call, When when);
    /// Whether the call may be passed on once more: what goes round and round is cut.
    bool may_pass(CallId call) const;
    /// Somebody is being called who shall get the caller; the agent keeps the phone until then.
    void transfer_began(CallId call, When when);
    /// Nobody has answered: the agent has the caller again, held or not.
    void transfer_failed(CallId call, When when);
    /// The agent's leg is gone meanwhile; the caller still waits for whom is called.
    void sender_left(CallId call, bool lost, When when);
    /// The caller is that agent's from now on. Who had the caller wraps up.
    void took_over(CallId call, AgentId agent, When when);
    /// Why a queue takes nobody now; nothing where it does.
    std::optional<RefusalCause> closed_to(QueueId queue, Instant now);
    /// Into a queue with the first entry's time and the higher priority; why not, else.
    std::optional<RefusalCause> send_to_queue(CallId call, QueueId queue, When when);
    /// The caller talks with the customer of `other` from now on, and no agent with either.
    void join_outside(CallId call, CallId other, When when);
    /// Nobody has the caller until somebody fetches it.
    void park(CallId call, When when);
    /// Nobody took the caller, not even who sent it: back to the queue's head, or the call ends.
    void give_up(CallId call, When when);

    // ---- Time ----------------------------------------------------------------------------------
    void deadline(const DeadlineKey& key, Instant now);
    void anchor(const WallAnchor& anchor, Instant now);
    void set_draining(bool draining);
    /// Makes every offer that is possible now, and lets go callers whom nobody can serve.
    void settle(Instant now);

    // ---- Orders to queues ----------------------------------------------------------------------
    /// Closed beside its hours until it is opened again. Who waits there goes on waiting.
    void close_queue(QueueId queue, bool closed);
    /// Whether it takes callers now: by its hours, and by order.
    bool is_open(QueueId queue, Instant now) const;
    /// Whether it was closed by order.
    bool is_closed_by_order(QueueId queue) const;
    /// Who waits in `from` goes to `to`, with the first entry's time, as far as there is room;
    /// how many went.
    std::size_t move_waiting(QueueId from, QueueId to, When when);

    // ---- What it orders and what changed -------------------------------------------------------
    std::vector<Effect> take_effects();
    Changed take_changed();
    /// Rows up to this one are on disk: the floor lets go of them.
    void committed(std::uint64_t row);

    // ---- Looking -------------------------------------------------------------------------------
    const Settings& settings() const { return settings_; }
    const Call* call(CallId id) const;
    const Agent& agent(AgentId id) const { return agents_[id.value - 1].agent; }
    const AgentToday& today(AgentId id) const { return agents_[id.value - 1].today; }
    const QueueToday& today(QueueId id) const { return queues_[id.value - 1].today; }
    const WaitingList& waiting(QueueId id) const { return queues_[id.value - 1].waiting; }
    const LedgerRow* row(std::uint64_t row) const;
    const std::map<std::uint64_t, LedgerRow>& uncommitted() const { return outbox_; }
    const FloorState& state() const { return state_; }
    AgentId agent_at(DeviceId device) const;
    std::optional<Offer> offer(OfferId id) const;
    std::vector<CallId> calls() const;  ///< In the order of their ids.
    std::size_t call_count() const { return calls_.size(); }

    // ---- After a restart -----------------------------------------------------------------------
    void restore(const FloorState& state) { state_ = state; }
    void restore(const Call& call);
    void restore(const Agent& agent, const AgentToday& today);
    void restore(QueueId queue, const QueueToday& today);
    /// What lives before this one have counted of today.
    void add(QueueId queue, const QueueToday& more);
    void add(AgentId agent, const AgentToday& more);
    /// Marks a range in a call's lane; nothing where there is no such call.
    void mark(CallId call, MarkKind kind, Instant began, Instant ended);
    /// Nobody looked in between: a mark `degraded` in every lane that goes on. Segments go on too,
    /// and so did the calls; what ended them meanwhile is told later than it happened.
    void mark_gap(Instant last_alive, Instant now);
    void restore(const LedgerRow& row) { outbox_.emplace(row.row, row); }
    /// New rows go on above what the ledger has, whatever the journal knew.
    void rows_begin_after(std::uint64_t row) {
        if (state_.next_row <= row) state_.next_row = row + 1;
    }
    /// Once all is restored: builds the waiting lists and starts the deadlines.
    void resume(Instant now);

    /// What a recount of calls and agents gives; the simulator compares it with the live figures.
    struct Recount {
        std::vector<std::size_t> waiting;    ///< By queue.
        std::vector<std::size_t> logged_in;  ///< By queue.
        bool sound = true;                   ///< Every cross-reference holds.
        std::string flaw;
        void must(bool holds, std::string otherwise);
    };
    Recount recount() const;
    std::size_t logged_in(QueueId queue) const { return queues_[queue.value - 1].logged_in; }

private:
    struct CallEntry {
        Call call;
        std::array<Timer, call_timers> timers;
        std::vector<std::pair<OfferId, Timer>> rings;
        std::optional<WaitingKey> waiting;
        std::array<Voice, sides> voices{};  ///< By Side.
        std::array<Instant, sides> voice_since{};
        Mute mute{};
        Instant mute_since{};
        bool changed = false;
        Outcome outcome{};
    };
    struct AgentEntry {
        Agent agent;
        AgentToday today;
        std::array<Timer, 2> timers;
        bool changed = false;
    };
    struct QueueEntry {
        WaitingList waiting;
        std::vector<AgentId> agents;
        std::size_t logged_in = 0;
        QueueToday today;
        bool changed = false;
    };
    struct CallerRoom;
    struct AgentRoom;
    struct OfferRoom;
    struct HoldRoom;
    struct SilenceRoom;

    void recount(const Call& call, bool listed, Recount& r) const;
    void recount(const Agent& agent, Recount& r) const;
    const QueueSettings& queue_settings(QueueId id) const { return settings_.queues[id.value - 1]; }
    CallEntry& entry(CallId id);
    CallEntry* find(CallId id);
    AgentEntry& entry(AgentId id) { return agents_[id.value - 1]; }
    QueueEntry& entry(QueueId id) { return queues_[id.value - 1]; }
    void touch(CallEntry& c);
    void touch(AgentEntry& a);
    void touch(QueueId id);

    // floor_lanes.cpp: stepping lanes and cutting segments
    Instant together(const When& when, const CallEntry* c, const AgentEntry* a) const;
    void step_caller(CallEntry& c, LaneEvent event, Instant at, std::uint16_t status = 0);
    void count_wait(CallEntry& c, bool answered, Micros waited);
    void step_agent(AgentEntry& a,
                    agent::Machine::Cause cause,
                    Instant at,
                    std::uint16_t status = 0);
    AgentId rang_alone(const CallEntry& c) const;
    void cut(CallEntry& c, caller::State was, LaneEvent by, Instant at, std::uint16_t status);
    SegmentClosed& cut(AgentEntry& a, agent::State was, Instant at);
    void moved(AgentEntry& a, agent::State was);
    template <class What>
    LedgerRow& add_row(What what);
    Stamp stamp_of(Instant at) const;
    void keep_anchor(const WallAnchor& anchor);
    Uuid new_uuid(Instant at);

    // floor_calls.cpp
    enum class Obstacle : std::uint8_t { none, closed, full, no_agent };
    Obstacle obstacle(QueueId queue) const;
    void place(CallEntry& c, QueueId queue, When when);
    void enter_queue(CallEntry& c, When when);
    void wait(CallEntry& c);
    void stop_waiting(CallEntry& c);
    void return_to_queue(CallEntry& c);
    void settle_once(Instant now);
    void divert(CallEntry& c, When when);
    void move_to(CallEntry& c, QueueId to, When when);
    void refuse(CallEntry& c, RefusalCause why, When when);
    void forget(CallEntry& c);
    void wait_too_long(CallEntry& c, Instant now);
    void comfort(CallEntry& c, Instant now);
    CallEntry& new_call(CallKind kind, When when);
    void call_deadline(CallEntry& c, std::uint8_t timer, Instant now);
    void set_deadline(CallEntry& c, CallTimer timer, Instant at);
    void hold_step(CallEntry& c, hold::Event event, When when);
    void leave_agent(CallEntry& c, LaneEvent event, Instant at, std::uint16_t status, bool active);

    void end_partner(CallEntry& c, Instant at);
    void dialler_answered(CallEntry& c, When when);
    void dialler_held(CallEntry& c, bool held, When when);

    // floor_holds.cpp
    void hold_clocks(CallEntry& c, caller::State was, Instant at);
    void start_hold_clocks(CallEntry& c);
    void held_long(CallEntry& c, Instant now);
    void promise_due(CallEntry& c, Instant now);
    void held_too_long(CallEntry& c, Instant now);

    // floor_voices.cpp
    void silence_step(CallEntry& c, dead_air::Machine::Cause cause, Instant at);
    void count_measured(const CallEntry& c, Micros talk, Micros silence);
    void follow_talk(CallEntry& c, bool cut, Instant at);
    static void know_nothing(CallEntry& c, Instant at);
    void silent_long(CallEntry& c, Instant now);

    // floor_masking.cpp
    void stop_masking(CallEntry& c, Instant at, bool goes_on);
    void masked_too_long(CallEntry& c, Instant now);

    // floor_transfers.cpp
    void step_both(CallEntry& c, LaneEvent event, Instant at);
    void step_main(AgentEntry& a, LaneEvent event, Instant at);
    void release(CallEntry& c, LaneEvent event, Instant at);

    // floor_offers.cpp
    void ring(const Match& match, Instant now);
    OfferId make_offer(const Match& match, Instant now);
    void offer_step(CallEntry& c,
                    OfferId id,
                    offer::Machine::Cause cause,
                    When when,
                    std::uint16_t status,
                    Withdrawal why);
    void offer_result(CallEntry& c, OfferId id, LaneEvent event, When when, std::uint16_t status);
    void won(CallEntry& c, OfferId id, When when);
    Offer* find_offer(CallEntry& c, OfferId id);
    void drop_offer(CallEntry& c, OfferId id);
    void withdraw_all(CallEntry& c, OfferId but, Withdrawal why, LaneEvent event, Instant at);
    void offer_event(OfferId id, offer::Event event, When when, std::uint16_t status);

    // floor_agents.cpp
    void set_deadline(AgentEntry& a, AgentTimer timer, Instant at);
    void after_call(AgentEntry& a, Instant at);
    void note_pause(AgentEntry& a, PauseReason reason, std::uint8_t code = 0);
    void end_shift(AgentEntry& a);

    Settings settings_;
    Deadlines& deadlines_;
    Random& random_;
    Instant now_{};
    FloorState state_;
    std::unordered_map<CallId, CallEntry> calls_;
    std::unordered_map<OfferId, CallId> offers_;
    std::vector<AgentEntry> agents_;
    std::vector<QueueEntry> queues_;
    std::map<std::uint64_t, LedgerRow> outbox_;
    std::vector<Effect> effects_;
    Changed changed_;
    std::set<DeviceId> devices_in_use_;
    bool unsettled_ = false;
};

bool agent_holds(hold::State state);
/// Whether an agent's phone hears the customer of an outbound call.
bool is_active(const Call& call);

/// "rona", "rejected", "3": the word that stands in ledger, console and display.
std::string reason_text(PauseReason reason, std::uint8_t code);

}  // namespace holdfast::acd
