// ledger/verify_lanes.hpp: whether segments tile their lanes, and both lanes of a call agree. The
// segments come in the order of their rows; only open lanes are kept.
#pragma once
#include "acd/ledger_row.hpp"
#include "acd/marks.hpp"
#include "ledger/row_cursor.hpp"
#include "ledger/verdict.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace holdfast::ledger {

/// What is known of a lane's segments so far.
struct LaneSoFar {
    bool any = false, caller = false;
    std::int64_t number = 0, began = 0,
                 ended = 0;  ///< `began` of the lane, the others of the last.
};

/// What is known of an open lane's marks so far.
struct MarksSoFar {
    struct Mark {
        std::int64_t row = 0, began = 0, ended = 0;
        acd::MarkKind kind{};
    };
    std::vector<Mark> waiting;  ///< For the segment that they lie in, which comes after them.
    /// When the last one of each kind ended.
    std::array<std::optional<std::int64_t>, enum_count<acd::MarkKind>> until;
};

class LaneChecks {
public:
    LaneChecks(Verdict& verdict, Flaws& flaws) : verdict_{verdict}, flaws_{flaws} {}

    /// The next segment of the lane. Whether the lane ends with it.
    bool segment(RowCursor& row, LaneSoFar& lane, MarksSoFar& marks, bool lane_is_known);
    /// The next mark of the lane: not before its segments, not over another one of its kind.
    void mark(RowCursor& row, const LaneSoFar& lane, MarksSoFar& marks);
    /// An instant at which rows may be on the other side of a border: no pair is missed there.
    void border(std::int64_t instant) { borders_.insert(instant); }
    /// After the last row, for each lane that goes on.
    void goes_on(const acd::Uuid& id, const LaneSoFar& lane);
    void finish();

private:
    struct Segment;
    /// What caller and agent spent together, the caller's lane minus the agent's: both were cut by
    /// the same events, so that it is zero again after each.
    struct Shared {
        std::int64_t us = 0, began = 0, ended = 0, row = 0;
    };
    /// The last time in which a caller's lane rang: several phones at once, perhaps.
    struct Rang {
        std::string journey, agent;
        std::int64_t began = 0, ended = 0;
    };
    using Together = std::tuple<std::string, std::string, std::string>;  // journey, agent, kind

    void follows(const Segment& s, const LaneSoFar& lane);
    void hold(const Segment& s, MarksSoFar& marks);
    void share(const Segment& s);
    bool rings_beside(const Segment& s) const;
    void rang(const Segment& s);
    bool at_border(const Shared& shared, std::string_view kind) const;
    bool rings_on(const Together& key, const Shared& shared) const;

    Verdict& verdict_;
    Flaws& flaws_;
    std::map<Together, Shared> shared_;
    Rang rang_;
    std::set<std::int64_t> borders_;
    std::map<std::string, std::int64_t> callers_;  // whose lanes go on, and since when as they are
    std::int64_t latest_ = 0;                      // end of any segment
};

}  // namespace holdfast::ledger
