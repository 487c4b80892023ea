// What must hold after every step, and when all is over.
#include "sim/checks.hpp"

#include "engine/records.hpp"

#include <set>

namespace holdfast::sim {
namespace {

// What is lost is repeated for 32 s (RFC 3261 17.1.2.2: 64 T1), and the last one may be late.
constexpr Micros phone_differs_for = 40s;

// Media is opened within milliseconds, or refused, or its process is back after 200 ms.
constexpr Micros media_opens_within = 10s;
// The longest announcement takes 2 s; it begins anew where a process died.
constexpr Micros announced_within = 20s;

// The target rings 30 s, then who sent the caller; a crash may come between.
constexpr Micros passed_on_within = 90s;

constexpr Set talks = acd::caller::connected;

/// In which way a phone and what the floor believes of its agent differ; empty: they do not.
std::string difference(const PhoneView& view, acd::agent::State state) {
    using namespace acd::agent;
    constexpr Set rung{reserved, ringing, called};
    constexpr Set in_talk = connected | Set{internal};
    if (view.talking > 1) return "has two callers";
    if (view.talking > 0 && !in_talk.has(state)) return "talks";
    if (view.ringing > 0 && !rung.has(state) && !in_talk.has(state)) return "rings";
    if (view.any == 0 && in_talk.has(state)) return "has no call";
    return {};
}

}  // namespace

void Checks::step(const engine::Engine& engine, Instant now) {
    note_holds(engine.floor());
    const auto census = engine.census();
    must(census.sound, "references: {}", census.flaw);
    must(census.calls == 0 || census.deadlines > 0, "calls, and nothing is awaited");
    if (census.unopened == 0)
        unopened_since_ = never;
    else
        unopened_since_ = std::min(unopened_since_, now);
    must(unopened_since_ == never || now - unopened_since_ < media_opens_within,
         "a leg waits for media that is never opened: {}",
         census.a_leg);
    for (const CallId id : engine.floor().calls())
        call(*engine.floor().call(id), now);
    agents(engine, now);
    callers(engine.floor());
    places(engine.floor());
    caller_holds(engine.floor());
}

void Checks::call(const acd::Call& call, Instant now) {
    const auto id = call.id.value;
    const auto state = call.lane.state;
    must(call.lane.began <= now, "call {} is in a state that begins later", id);
    must(!talks.has(state) || call.agent || call.kind == acd::CallKind::outbound ||
             state == acd::caller::transferring,
         "call {} talks to nobody",
         id);
    must(state != acd::caller::announced || now - call.lane.began < announced_within,
         "call {} hears an announcement that does not end",
         id);
    must(state != acd::caller::transferring || now - call.lane.began < passed_on_within,
         "call {} is passed on, and nobody ever answers",
         id);
    if (call.note.holding && call.queue) {
        const Instant told = call.note.began + settings_.queues[call.queue.value - 1].hold_alarm;
        must(call.due[3] != never || told <= now, "call {} is held, and nobody will be told", id);
    }
    if (state == acd::caller::queued)
        must(call.due[0] != never, "call {} waits without an end", id);
    for (const Instant due : call.due)
        overdue("call", id, due, now);
    for (const auto& o : call.offers) {
        if (state != acd::caller::ringing) continue;
        must(o.ring_limit != never, "offer {} rings without an end", o.id.value);
        overdue("offer", o.id.value, o.ring_limit, now);
    }
    const auto [entered, first] = entered_.emplace(call.id, call.entered);
    must(first || entered->second == call.entered,
         "call {} entered at {} and now claims {}: it has lost its place",
         id,
         entered->second.time_since_epoch().count(),
         call.entered.time_since_epoch().count());
}

/// What was due when the engine was told that time has passed was done in that step.
void Checks::overdue(std::string_view what, std::uint32_t id, Instant due, Instant now) const {
    must(!ticked_ || due == never || due > now,
         "{} {} was due {} us ago: nothing will ever come of it",
         what,
         id,
         (now - due).count());
}

void Checks::agents(const engine::Engine& engine, Instant now) const {
    const auto& floor = engine.floor();
    std::set<AgentId> connected, offered;
    for (const CallId id : floor.calls()) {
        const auto& call = *floor.call(id);
        for (const auto& o : call.offers)
            if (o.state != acd::offer::over)
                must(offered.insert(o.agent).second, "agent {} has two offers", o.agent.value);
        if (!talks.has(call.lane.state) || !call.agent || call.beside) continue;
        must(connected.insert(call.agent).second, "agent {} has two callers", call.agent.value);
        const auto state = floor.agent(call.agent).lane.state;
        must(text(state) == text(call.lane.state),
             "agent {} has a caller who is {}, and is {}",
             call.agent.value,
             text(call.lane.state),
             text(state));
    }
    for (std::uint32_t i = 1; i <= settings_.agents.size(); ++i) {
        const auto& agent = floor.agent(AgentId{i});
        const bool wraps = agent.lane.state == acd::agent::wrapping;
        must(!wraps || agent.due[0] != never, "agent {} wraps up without an end", i);
        for (const Instant due : agent.due)
            overdue("agent", i, due, now);
    }
}

/// In a world where every caller has another number, nobody calls twice at a time.
void Checks::callers(const acd::Floor& floor) const {
    std::map<std::string, CallId> calls;
    for (const CallId id : floor.calls()) {
        const auto* call = floor.call(id);
        const auto& number = call->caller_number;
        if (call->passed.dialler) continue;  // a colleague, who may call twice
        const auto [other, first] = calls.emplace(number, id);
        must(first || number.empty(),
             "calls {} and {} are one: an INVITE was taken twice",
             other->second.value,
             id.value);
    }
}

/// Who came first, or has come back from an agent, stands first; priority counts as waiting.
void Checks::places(const acd::Floor& floor) const {
    for (std::uint32_t i = 1; i <= settings_.queues.size(); ++i)
        for (const auto& key : floor.waiting(QueueId{i})) {
            const auto& call = *floor.call(key.call);
            const auto aged = call.entered - settings_.queues[i - 1].ageing * call.priority;
            must(key.fresh != call.returned && key.aged_entry == aged,
                 "call {} does not stand where its entry puts it in queue {}",
                 key.call.value,
                 i);
        }
}

void Checks::media(const media::Order& order) {
    const auto nothing = [this](MediaId hearer) {
        std::erase_if(heard_by_, [&](const auto& pair) { return pair.second == hearer; });
    };
    if (const auto* close = std::get_if<media::Close>(&order)) nothing(close->media);
    const auto* hear = std::get_if<media::Hear>(&order);
    if (hear == nullptr) return;
    nothing(hear->media);
    const auto* to = std::get_if<media::HearEndpoint>(&hear->what);
    if (to == nullptr) return;
    const auto [other, alone] = heard_by_.emplace(to->from, hear->media);
    must(alone,
         "media {} is heard by {} and by {}",
         to->from.value,
         other->second.value,
         hear->media.value);
}

/// Every hold of a caller comes to a row, whatever ended it.
void Checks::caller_holds(const acd::Floor& floor) {
    std::set<acd::Uuid> holding;
    for (const CallId id : floor.calls()) {
        const auto& call = *floor.call(id);
        if (call.hold != acd::hold::away && call.hold != acd::hold::apart) continue;
        holding.insert(call.journey);
        held_by_caller_.emplace(call.journey, call.held_by_caller_since);
    }
    for (const auto& [journey, since] : held_by_caller_)
        must(holding.contains(journey),
             "journey {}: the caller held us, and no row says until when",
             name_of(journey));
}

void Checks::phone(DeviceId device,
                   const PhoneView& view,
                   const engine::Engine& engine,
                   Instant now) {
    auto& phone = phones_[device.value - 1];
    if (view.any == 0 && now - phone.off > phone_differs_for) phone.trusted = true;
    const AgentId agent = engine.floor().agent_at(device);
    const auto state = agent ? engine.floor().agent(agent).lane.state : acd::agent::logged_out;
    const auto differs = phone.trusted ? difference(view, state) : std::string{};
    if (std::exchange(phone.differs, differs) != differs || differs.empty()) phone.since = now;
    must(now - phone.since < phone_differs_for,
         "phone {} {}, and its agent has been {} for a long time",
         device.value,
         differs,
         text(state));
}

void Checks::over(const engine::Engine& engine, const Journal& journal, const Remains& remains) {
    const auto c = engine.census();
    must(c.calls == 0, "{} calls are left", c.calls);
    must(c.legs == 0, "{} legs are left: {}", c.legs, c.a_leg);
    must(c.dials == 0, "{} dialled calls are left", c.dials);
    must(c.sessions == 0, "{} SIP sessions are left", c.sessions);
    must(c.client_transactions <= remains.client_transactions,
         "{} client transactions are left",
         c.client_transactions);
    must(c.server_transactions == 0, "{} server transactions are left", c.server_transactions);
    must(c.uncommitted_rows == 0, "{} rows are left", c.uncommitted_rows);
    must(c.deadlines <= remains.deadlines, "{} deadlines are left", c.deadlines);
    using Kind = engine::RecordKind;
    constexpr Set passing{Kind::call, Kind::row, Kind::session, Kind::leg, Kind::dial};
    for (const auto& [key, bytes] : journal) {
        const auto kind = static_cast<Kind>(key.first);
        must(!passing.has(kind), "the journal still has {} {}", text(kind), key.second);
    }
    for (const auto& [uuid, lane] : lanes_)
        must(!lane.caller || lane.segments.back().outcome != acd::Outcome::none,
             "caller's lane {} has no end",
             name_of(uuid));
    shared_time();
    counts(engine.floor());
}

/// The board's figures are those of the ledger.
void Checks::counts(const acd::Floor& floor) {
    if (!one_day_) return;
    for (std::uint32_t i = 1; i <= settings_.queues.size(); ++i) {
        const auto shown = in_words(floor.today(QueueId{i}));
        const auto counted = in_words(tally_.queue(settings_.queues[i - 1].name));
        must(shown == counted, "queue {} shows: {}; its rows say: {}", i, shown, counted);
    }
    for (std::uint32_t i = 1; i <= settings_.agents.size(); ++i) {
        const auto shown = in_words(floor.today(AgentId{i}));
        const auto counted = in_words(tally_.agent(settings_.agents[i - 1].number));
        must(shown == counted, "agent {} shows: {}; the rows say: {}", i, shown, counted);
    }
}

}  // namespace holdfast::sim
