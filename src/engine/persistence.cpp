// What must survive the death of the process: each changed object's record, written before the
// sends of the same step; and the way back.
#include "engine/engine_impl.hpp"
#include "engine/recovery.hpp"

#include <algorithm>

namespace holdfast::engine {
namespace {

Directory directory_of(const Settings& s) {
    Directory d;
    for (const auto& a : s.floor.agents)
        d.agents.push_back(a.number);
    for (const auto& device : s.devices)
        d.devices.push_back(device.name);
    for (const auto& q : s.floor.queues)
        d.queues.push_back(q.name);
    for (const auto& t : s.trunks)
        d.trunks.push_back(t.name);
    return d;
}

/// FNV-1a, 64 bits: a name for a state, not a proof.
struct Hash {
    std::uint64_t value = 0xcbf29ce484222325;
    void append(const char* bytes, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i)
            value = (value ^ static_cast<std::uint8_t>(bytes[i])) * 0x100000001b3;
    }
};

acd::Call without_person(acd::Call call) {
    call.caller_number.clear();
    call.caller_name.clear();
    call.dialled.clear();
    return call;
}

}  // namespace

void Engine::Impl::put(RecordKind kind, std::uint64_t id, std::string bytes) {
    written_[kind].insert(id);
    out_.push_back(Persist{static_cast<std::uint8_t>(kind), id, std::move(bytes)});
}

void Engine::Impl::forget(RecordKind kind, std::uint64_t id) {
    if (written_[kind].erase(id) == 0) return;
    out_.push_back(Forget{static_cast<std::uint8_t>(kind), id});
}

/// Of each that `find` still finds its record; the others are forgotten.
template <class Ids, class Find>
void Engine::Impl::keep(RecordKind kind, const Ids& ids, Find&& find) {
    for (const auto id : ids) {
        std::uint64_t number = 0;
        if constexpr (requires { id.value; })
            number = id.value;
        else
            number = id;
        if (const auto& found = find(id))
            put(kind, number, write_record(*found));
        else
            forget(kind, number);
    }
}

void Engine::Impl::persist() {
    const auto at = out_.size();
    if (!std::exchange(directory_written_, true))
        put(RecordKind::directory, 0, write_record(directory_of(settings_)));
    const auto changed = floor_.take_changed();
    if (changed.floor) put(RecordKind::floor, 0, write_record(floor_.state()));
    keep(RecordKind::call, changed.calls, [this](CallId id) { return floor_.call(id); });
    for (const AgentId id : changed.agents)
        put(RecordKind::agent,
            id.value,
            write_record(AgentRecord{floor_.agent(id), floor_.today(id)}));
    for (const QueueId id : changed.queues)
        put(RecordKind::queue, id.value, write_record(floor_.today(id)));
    for (const auto row : changed.rows)
        if (const auto* content = floor_.row(row))
            put(RecordKind::row, row, write_record(*content));
    keep(RecordKind::leg, legs_.take_changed(), [this](LegId id) { return legs_.find(id); });
    persist_dials();
    keep(RecordKind::session, sip_.changed_records(), [this](SessionId id) {
        return sip_.record(id);
    });
    wallboards_.changed(changed);
    if (const auto record = wallboards_.take_changed())
        put(RecordKind::board, 0, write_record(*record));
    persist_bindings();
    if (legs_.next_id() != next_leg_written_) {
        next_leg_written_ = legs_.next_id();
        put(RecordKind::engine, 0, write_record(EngineRecord{next_leg_written_}));
    }
    // What must survive goes before what others will see.
    std::rotate(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(at), out_.end());
    for (const auto row : changed.rows)
        if (const auto* content = floor_.row(row)) out_.push_back(StoreRow{*content});
    tell_watchers(changed);
}

void Engine::Impl::persist_dials() {
    for (const DialId id : dials_.take_changed()) {
        const Dial* dial = std::as_const(dials_).find(id);
        if (dial == nullptr) {
            forget(RecordKind::dial, id.value);
            continue;
        }
        put(RecordKind::dial, id.value, write_record(*dial));
        put(RecordKind::outside_use,
            dial->caller.value,
            write_record(OutsideUseRecord{dial->caller, dials_.use_today(dial->caller)}));
    }
}

void Engine::Impl::persist_bindings() {
    keep(RecordKind::binding, phones_.take_changed(), [this](auto id) {
        return phones_.binding(id);
    });
    keep(RecordKind::refusal, refusals_.take_changed(), [this](std::uint64_t id) {
        return refusals_.find(id);
    });
}

void Engine::Impl::tell_watchers(const acd::Changed& changed) {
    for (const auto& alarm : alarms_.take_changed())
        control_.tell(alarm);
    if (!control_.watched()) return;
    for (const CallId id : changed.calls)
        control_.tell(control_.line(id));
    for (const AgentId id : changed.agents)
        control_.tell(control_.line(id));
    for (const QueueId id : changed.queues)
        control_.tell(control_.line(id));
}

void Engine::Impl::restore(const Started& input) {
    const auto& records = input.records;
    auto found = read_records(records);
    for (const auto& line : found.troubles)
        context_.log(LogLevel::error, "{}", line);
    for (const auto& r : records)
        written_[static_cast<RecordKind>(r.kind)].insert(r.id);
    const Renumbering renumbering{found.directory, directory_of(settings_)};
    renumbering.translate(found);
    strip_suspects(found, input.suspects);
    floor_.restore(found.floor);
    for (const auto& call : found.calls) {
        name(call.id);
        floor_.restore(call);
    }
    name_nothing();
    for (const auto& a : found.agents)
        floor_.restore(a.agent, a.today);
    for (const auto& [queue, today] : found.queues)
        floor_.restore(queue, today);
    for (const auto& row : found.rows) {
        floor_.restore(row);
        out_.push_back(StoreRow{row});  // the store knows which it has already
    }
    for (const auto& session : found.sessions)
        if (!sip_.restore(session, context_.now))
            forget(RecordKind::session, session.session.value);
    wallboards_.restore(found.board);
    recount_ = found.recount;
    legs_.set_next_id(found.engine.next_leg);
    for (const auto& leg : found.legs) {
        name(&leg);
        legs_.restore(leg);
    }
    name_nothing();
    for (const auto& dial : found.dials)
        dials_.restore(dial);
    for (const auto& use : found.outside_use)
        dials_.restore_use(use.agent, use.today);
    for (const auto& binding : found.bindings)
        phones_.restore(binding);
    for (const auto& refused : found.refusals)
        refusals_.restore(refused);
    if (input.last_alive != Instant{}) floor_.mark_gap(input.last_alive, context_.now);
    floor_.resume(context_.now);
    queue_calls_.rebuild();
    masking_.resume();
    conferences_.resume();
    transfers_.resume();
    reminders_.resume();
    dials_.refuse_never_called();
    part_from_orphans();
}

/// Legs that nothing remembers any more (a feature dialogue, half a call) are ended.
void Engine::Impl::part_from_orphans() {
    for (const LegId id : legs_.ids()) {
        Leg& leg = *legs_.find(id);
        const bool has_call = leg.call && floor_.call(leg.call) != nullptr;
        const bool has_dial = leg.dial && std::as_const(dials_).find(leg.dial) != nullptr;
        if (!has_call && !has_dial) legs_.end(leg, "SIP;cause=500;text=\"Restarted\"", 500);
    }
    for (const CallId id : floor_.calls())
        if (queue_calls_.caller_leg(id) == nullptr)
            floor_.caller_left(id, {context_.now, context_.now});
}

std::string Engine::Impl::state_hash() const {
    Hash hash;
    encode(floor_.state(), hash);
    for (const CallId id : floor_.calls())
        encode(without_person(*floor_.call(id)), hash);
    for (std::uint32_t i = 1; i <= settings_.floor.agents.size(); ++i)
        encode(AgentRecord{floor_.agent(AgentId{i}), floor_.today(AgentId{i})}, hash);
    for (std::uint32_t i = 1; i <= settings_.floor.queues.size(); ++i)
        encode(floor_.today(QueueId{i}), hash);
    for (const LegId id : legs_.ids()) {
        Leg leg = *legs_.find(id);
        leg.remote_offer.clear();
        // Keys are drawn from a seed that no black box keeps: a replay has others.
        leg.local.keys = {};
        if (leg.agreed.srtp) leg.agreed.srtp->key.clear();
        encode(leg, hash);
    }
    for (const DialId id : dials_.ids()) {
        Dial dial = *std::as_const(dials_).find(id);
        dial.number.clear();
        encode(dial, hash);
    }
    const auto sip = sip_.counts();
    for (const std::uint64_t n :
         {sip.sessions, sip.client_transactions, sip.server_transactions, deadlines_->size()})
        encode(n, hash);
    return fmt::format("{:016x}", hash.value);
}

}  // namespace holdfast::engine
