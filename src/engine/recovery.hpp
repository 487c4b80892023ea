// engine/recovery.hpp: reads the journal's records after a restart, and translates ids where the
// settings have changed in between: an id is a place in the settings, a name is what it meant.
#pragma once
#include "engine/effects.hpp"
#include "engine/inputs.hpp"
#include "engine/records.hpp"
#include "sip/binding.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::engine {

struct Found {
    Directory directory;
    acd::FloorState floor;
    EngineRecord engine;
    BoardRecord board;
    std::optional<RecountToday> recount;
    std::vector<acd::Call> calls;
    std::vector<AgentRecord> agents;
    std::vector<std::pair<QueueId, acd::QueueToday>> queues;
    std::vector<acd::LedgerRow> rows;
    std::vector<sip::SessionRecord> sessions;
    std::vector<Leg> legs;
    std::vector<Dial> dials;
    std::vector<OutsideUseRecord> outside_use;
    std::vector<sip::Binding> bindings;
    std::vector<RefusedInvite> refusals;
    std::vector<std::string> troubles;  ///< What could not be taken up, a sentence each.
};

Found read_records(const std::vector<LiveRecord>& records);

/// From the ids of the last life to those of this one.
class Renumbering {
public:
    Renumbering(const Directory& before, const Directory& now);
    /// Translates every id; drops what names something that is gone (an agent's record, a call of a
    /// removed queue), each with a sentence in `found.troubles`.
    void translate(Found& found) const;

private:
    template <class Id>
    using Map = std::map<Id, Id>;
    Map<AgentId> agents_;
    Map<DeviceId> devices_;
    Map<QueueId> queues_;
    Map<TrunkId> trunks_;
    bool same_ = false;
};

}  // namespace holdfast::engine
