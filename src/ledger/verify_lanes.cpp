#include "ledger/verify_lanes.hpp"

#include "acd/agent_lane.hpp"
#include "acd/caller_lane.hpp"
#include "base/enum_text.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

namespace holdfast::ledger {
namespace {

template <class State>
bool is_state(std::string_view kind) {
    return std::ranges::any_of(every<State>, [&](State s) { return text(s) == kind; });
}

/// What both lanes of a call have, in the caller's word; empty: one of them alone.
std::string_view kind_of_both(bool caller, std::string_view kind) {
    constexpr std::array<std::string_view, 6> both{
        "talking", "held", "consult", "conference", "transferring", "ringing"};
    if (!caller && kind == "reserved") return "ringing";  // offered, and not heard to ring yet
    const auto at = std::ranges::find(both, kind);
    return at == both.end() ? std::string_view{} : *at;
}

std::optional<acd::MarkKind> kind_of_mark(std::string_view kind) {
    const auto at = std::ranges::find_if(every<acd::MarkKind>,
                                         [&](acd::MarkKind k) { return text(k) == kind; });
    if (at == every<acd::MarkKind>.end()) return std::nullopt;
    return *at;
}

/// Of damaged rows too, whose difference may have no number.
std::int64_t difference(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
void add(std::int64_t& sum, std::int64_t us) {
    sum =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) + static_cast<std::uint64_t>(us));
}

}  // namespace

struct LaneChecks::Segment {
    std::int64_t row, number, began, ended;
    bool caller;
    std::string kind;
    bool last;
    std::string journey, agent;

    std::int64_t length() const { return difference(ended, began); }
};

bool LaneChecks::segment(RowCursor& row, LaneSoFar& lane, MarksSoFar& marks, bool lane_is_known) {
    const Segment s{row.number(),
                    row.integer("number"),
                    row.integer("began_us"),
                    row.integer("ended_us"),
                    row.bytes("lane_kind") == "caller",
                    row.text("kind"),
                    !row.bytes("outcome").empty(),
                    row.text(row.bytes("lane_kind") == "caller" ? "lane" : "journey"),
                    row.text("agent")};
    ++verdict_.rows;
    add(verdict_.segment_us, s.length());
    const bool known =
        s.caller ? is_state<acd::caller::State>(s.kind) : is_state<acd::agent::State>(s.kind);
    if (!known) flaws_.row(s.row, "kind \"{}\" is none of its lane", s.kind);
    if (s.ended < s.began)
        flaws_.row(s.row, "ends {} us before it begins", difference(s.began, s.ended));
    if (lane.any) {
        follows(s, lane);
    } else {
        ++(s.caller ? verdict_.caller_lanes : verdict_.agent_lanes);
        lane.began = s.began;
        if (lane_is_known && s.number != 1)
            flaws_.row(s.row, "the lane's first segment is number {}", s.number);
    }
    hold(s, marks);
    share(s);
    lane.any = true;
    lane.caller = s.caller;
    lane.number = s.number;
    lane.ended = s.ended;
    latest_ = std::max(latest_, s.ended);
    if (s.last) add(verdict_.lane_us, difference(lane.ended, lane.began));
    return s.last;
}

void LaneChecks::follows(const Segment& s, const LaneSoFar& lane) {
    if (difference(s.number, lane.number) != 1)
        flaws_.row(s.row, "segment {} follows {}", s.number, lane.number);
    if (s.began != lane.ended)
        flaws_.row(s.row,
                   "begins {} us away from where the one before ended",
                   difference(s.began, lane.ended));
    if (s.caller != lane.caller) flaws_.row(s.row, "a lane of both kinds");
}

void LaneChecks::mark(RowCursor& row, const LaneSoFar& lane, MarksSoFar& marks) {
    const auto kind = row.text("kind");
    const MarksSoFar::Mark mark{row.number(),
                                row.integer("began_us"),
                                row.integer("ended_us"),
                                kind_of_mark(kind).value_or(acd::MarkKind{})};
    if (mark.ended < mark.began)
        flaws_.row(mark.row, "ends {} us before it begins", difference(mark.began, mark.ended));
    if (!kind_of_mark(kind)) return flaws_.row(mark.row, "kind \"{}\" is none of marks", kind);
    auto& until = marks.until[static_cast<std::size_t>(mark.kind)];
    if (until && mark.began < *until)
        flaws_.row(mark.row,
                   "begins {} us before the last mark {} of its lane ended",
                   difference(*until, mark.began),
                   kind);
    until = mark.ended;
    const auto extent = acd::rule_of(mark.kind).extent;
    if (lane.any && mark.began < (extent == acd::MarkExtent::lane ? lane.began : lane.ended))
        return flaws_.row(mark.row, "{} begins before the segment that it lies in", kind);
    if (extent != acd::MarkExtent::lane) marks.waiting.push_back(mark);
}

/// The marks that lie in it.
void LaneChecks::hold(const Segment& s, MarksSoFar& marks) {
    std::vector<MarksSoFar::Mark> measured;  // in order, none over another
    std::ranges::copy_if(marks.waiting, std::back_inserter(measured), [](const auto& mark) {
        return mark.kind == acd::MarkKind::voice_measured;
    });
    const auto is_measured = [&measured](const MarksSoFar::Mark& mark) {
        const auto after =
            std::ranges::upper_bound(measured, mark.began, {}, &MarksSoFar::Mark::began);
        return after != measured.begin() && mark.ended <= std::prev(after)->ended;
    };
    for (const auto& mark : marks.waiting) {
        const bool within = mark.began >= s.began && mark.ended <= s.ended;
        const bool talks = s.kind == "talking" || s.kind == "conference";
        if (!talks || !s.caller || !within)
            flaws_.row(
                mark.row, "{} lies in no talk: row {} is {}", text(mark.kind), s.row, s.kind);
        else if (acd::rule_of(mark.kind).extent == acd::MarkExtent::measured && !is_measured(mark))
            flaws_.row(
                mark.row, "{} lies in no time in which voices were measured", text(mark.kind));
    }
    marks.waiting.clear();
}

void LaneChecks::share(const Segment& s) {
    const auto kind = kind_of_both(s.caller, s.kind);
    if (kind == "ringing" && s.caller) rang(s);
    if (kind.empty() || s.agent.empty()) return;
    const Together key{s.journey, s.agent, std::string{kind}};
    if (kind == "ringing" && rings_beside(s)) {
        shared_.erase(key);
        return;
    }
    const auto [at, fresh] = shared_.try_emplace(key);
    auto& shared = at->second;
    if (fresh) shared.began = s.began;
    add(shared.us, s.caller ? s.length() : difference(0, s.length()));
    shared.ended = s.ended;
    shared.row = std::max(shared.row, s.row);
    if (shared.us == 0) shared_.erase(at);
}

/// A queue may let several phones ring. The caller's lane rings until the last of them is silent,
/// and names it where there is only one; the others rang within that time.
void LaneChecks::rang(const Segment& s) {
    rang_ = {s.journey, s.agent, s.began, s.ended};
    auto at = shared_.lower_bound({s.journey, "", ""});
    while (at != shared_.end() && std::get<0>(at->first) == s.journey) {
        const auto& [journey, agent, kind] = at->first;
        const auto& shared = at->second;
        const bool within = shared.began >= s.began && shared.ended <= s.ended;
        if (kind == "ringing" && agent != s.agent && within)
            at = shared_.erase(at);
        else
            ++at;
    }
}

/// One of several phones that fell silent by the event that ended the caller's ringing, and is told
/// of after it.
bool LaneChecks::rings_beside(const Segment& s) const {
    return !s.caller && s.journey == rang_.journey && s.agent != rang_.agent &&
           s.ended == rang_.ended && s.began >= rang_.began;
}

/// A ring has two rows in the agent's lane, the first of which may be on the other side.
bool LaneChecks::at_border(const Shared& shared, std::string_view kind) const {
    const auto border = borders_.lower_bound(kind == "ringing" ? shared.began : shared.ended);
    return border != borders_.end() && *border <= shared.ended;
}

/// The caller's lane has no row of a ring that goes on; phones may have fallen silent before.
bool LaneChecks::rings_on(const Together& key, const Shared& shared) const {
    const auto caller = callers_.find(std::get<0>(key));
    return std::get<2>(key) == "ringing" && caller != callers_.end() &&
           shared.began >= caller->second;
}

void LaneChecks::goes_on(const acd::Uuid& id, const LaneSoFar& lane) {
    if (!lane.any) return;
    if (lane.caller)
        callers_[std::string{reinterpret_cast<const char*>(id.data()), id.size()}] = lane.ended;
    ++verdict_.open_lanes;
    add(verdict_.lane_us, difference(lane.ended, lane.began));
}

void LaneChecks::finish() {
    for (const auto& [key, shared] : shared_) {
        // The other row of the latest event may not be written yet.
        if (shared.ended == latest_ || at_border(shared, std::get<2>(key))) continue;
        if (rings_on(key, shared)) continue;
        const auto us = shared.us;
        flaws_.row(shared.row,
                   "agent {}: the {}'s lane has {} us of {} more than the {}'s",
                   std::get<1>(key),
                   us > 0 ? "caller" : "agent",
                   us > 0 ? us : difference(0, us),
                   std::get<2>(key),
                   us > 0 ? "agent" : "caller");
    }
}

}  // namespace holdfast::ledger
