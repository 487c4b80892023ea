#include "engine/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace holdfast::engine {
namespace {

template <class Record>
void add(std::vector<Record>& to, const LiveRecord& record, std::vector<std::string>& troubles) {
    if (auto read = read_record<Record>(record.bytes))
        to.push_back(std::move(*read));
    else
        troubles.push_back(
            fmt::format("journal: record {} of kind {} is of another version and is left out",
                        record.id,
                        record.kind));
}

template <class Record>
void set(Record& to, const LiveRecord& record, std::vector<std::string>& troubles) {
    std::vector<Record> one;
    add(one, record, troubles);
    if (!one.empty()) to = std::move(one.front());
}

void add_queue(Found& f, const LiveRecord& record) {
    acd::QueueToday today;
    set(today, record, f.troubles);
    f.queues.emplace_back(QueueId{static_cast<std::uint32_t>(record.id)}, today);
}

template <class Id>
std::map<Id, Id> matched(const std::vector<std::string>& before,
                         const std::vector<std::string>& now) {
    std::map<std::string, std::uint32_t> index;
    for (std::uint32_t i = 0; i < now.size(); ++i)
        index.emplace(now[i], i + 1);
    std::map<Id, Id> ids{{Id{}, Id{}}};
    for (std::uint32_t i = 0; i < before.size(); ++i)
        if (const auto it = index.find(before[i]); it != index.end())
            ids.emplace(Id{i + 1}, Id{it->second});
    return ids;
}

/// Translates `id` in place; false where its name is gone, and then it is nobody.
template <class Id>
bool move(Id& id, const std::map<Id, Id>& ids) {
    const auto it = ids.find(id);
    id = it == ids.end() ? Id{} : it->second;
    return it != ids.end();
}

void put_in_order(Found& f) {
    const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
    std::ranges::sort(f.calls, by_id);
    std::ranges::sort(f.legs, by_id);
    std::ranges::sort(f.dials, by_id);
    std::ranges::sort(f.refusals, by_id);
    std::ranges::sort(f.rows, {}, &acd::LedgerRow::row);
    std::ranges::sort(f.sessions, {}, &sip::SessionRecord::session);
}

}  // namespace

Found read_records(const std::vector<LiveRecord>& records) {
    Found f;
    for (const auto& r : records) {
        switch (static_cast<RecordKind>(r.kind)) {
            case RecordKind::none:
                break;
            case RecordKind::directory:
                set(f.directory, r, f.troubles);
                break;
            case RecordKind::floor:
                set(f.floor, r, f.troubles);
                break;
            case RecordKind::engine:
                set(f.engine, r, f.troubles);
                break;
            case RecordKind::board:
                set(f.board, r, f.troubles);
                break;
            case RecordKind::recount:
                set(f.recount.emplace(), r, f.troubles);
                break;
            case RecordKind::call:
                add(f.calls, r, f.troubles);
                break;
            case RecordKind::agent:
                add(f.agents, r, f.troubles);
                break;
            case RecordKind::row:
                add(f.rows, r, f.troubles);
                break;
            case RecordKind::session:
                add(f.sessions, r, f.troubles);
                break;
            case RecordKind::leg:
                add(f.legs, r, f.troubles);
                break;
            case RecordKind::dial:
                add(f.dials, r, f.troubles);
                break;
            case RecordKind::outside_use:
                add(f.outside_use, r, f.troubles);
                break;
            case RecordKind::binding:
                add(f.bindings, r, f.troubles);
                break;
            case RecordKind::refusal:
                add(f.refusals, r, f.troubles);
                break;
            case RecordKind::queue:
                add_queue(f, r);
                break;
        }
    }
    put_in_order(f);
    return f;
}

Renumbering::Renumbering(const Directory& before, const Directory& now)
    : agents_{matched<AgentId>(before.agents, now.agents)},
      devices_{matched<DeviceId>(before.devices, now.devices)},
      queues_{matched<QueueId>(before.queues, now.queues)},
      trunks_{matched<TrunkId>(before.trunks, now.trunks)},
      same_{before == now} {}

void Renumbering::translate(Found& f) const {
    if (same_) return;
    std::erase_if(f.agents, [&](AgentRecord& r) {
        const bool known = move(r.agent.id, agents_);
        move(r.agent.device, devices_);
        move(r.agent.queue, queues_);
        const bool phoneless = r.agent.lane.state != acd::agent::logged_out && !r.agent.device;
        if (!known || phoneless)
            f.troubles.push_back(
                "an agent of the last life, or the phone, is no longer in the settings");
        return !known || phoneless;
    });
    std::erase_if(f.queues, [&](auto& q) { return !move(q.first, queues_); });
    std::erase_if(f.floor.closed, [&](QueueId& q) { return !move(q, queues_); });
    std::erase_if(f.outside_use, [&](auto& u) { return !move(u.agent, agents_); });
    std::erase_if(f.calls, [&](acd::Call& c) {
        bool known = move(c.queue, queues_) && move(c.agent, agents_);
        move(c.trunk, trunks_);
        move(c.passed.sponsor, agents_);
        move(c.passed.dialler, agents_);
        for (auto& o : c.offers)
            known = move(o.agent, agents_) && move(o.device, devices_) && known;
        if (!known)
            f.troubles.push_back(fmt::format(
                "call {} is ended: its queue or agent is no longer in the settings", c.id.value));
        return !known;
    });
    for (auto& leg : f.legs) {
        move(leg.agent, agents_);
        move(leg.device, devices_);
        move(leg.trunk, trunks_);
    }
    std::erase_if(f.dials, [&](Dial& d) {
        for (auto& t : d.trunks)
            move(t, trunks_);
        std::erase(d.trunks, TrunkId{});
        move(d.passing.sender, agents_);
        return !move(d.caller, agents_) || !move(d.colleague, agents_);
    });
}

}  // namespace holdfast::engine
