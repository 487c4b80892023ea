// What the ledger must look like, row by row.
#include "base/codec.hpp"
#include "sim/checks.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace holdfast::sim {

std::string name_of(const acd::Uuid& uuid) {
    std::string out;
    for (std::size_t i = 0; i < 8; ++i)
        out += fmt::format("{:02x}", uuid[i + 8]);
    return out;
}

const acd::QueueSettings* Checks::queue(const std::string& name) const {
    const auto it = std::ranges::find(settings_.queues, name, &acd::QueueSettings::name);
    return it == settings_.queues.end() ? nullptr : &*it;
}

void Checks::row(const acd::LedgerRow& row) {
    std::string bytes;
    encode(row, bytes);
    const auto [it, fresh] = rows_.emplace(row.row, bytes);
    if (!fresh) return must(it->second == bytes, "row {} came again and differs", row.row);
    must(row.row == rows_.size(), "row {} follows row {}", row.row, rows_.size() - 1);
    if (const auto* s = std::get_if<acd::SegmentClosed>(&row.what)) segment(*s);
    if (const auto* m = std::get_if<acd::MarkClosed>(&row.what)) mark(*m);
    if (const auto* s = std::get_if<acd::ShiftOpened>(&row.what)) opened(s->shift, s->began);
    if (const auto* j = std::get_if<acd::JourneyOpened>(&row.what)) opened(j->journey, j->began);
}

void Checks::opened(const acd::Uuid& lane, Instant began) {
    must(opened_.emplace(lane, began).second, "lane {} is opened twice", name_of(lane));
    last_boundary_ = std::max(last_boundary_, began);
}

void Checks::segment(const acd::SegmentClosed& s) {
    auto& lane = lanes_[s.lane];
    if (lane.segments.empty()) {
        lane.caller = s.lane_kind == acd::LaneKind::caller;
        if (lane.caller) callers_.push_back(s.lane);
        must(opened_.contains(s.lane), "lane {} was never opened", name_of(s.lane));
        must(opened_[s.lane] == s.began, "lane {} does not begin as opened", name_of(s.lane));
    }
    follows(lane, s);
    lasts(lane, s);
    last_boundary_ = std::max(last_boundary_, s.ended);
    tally_.add(s);
    lane.segments.push_back(s);
}

/// Segments tile: each begins where the one before ended.
void Checks::follows(const Lane& lane, const acd::SegmentClosed& s) const {
    must(s.number == lane.segments.size() + 1,
         "lane {}: segment {} is out of turn",
         name_of(s.lane),
         s.number);
    must(s.ended >= s.began, "lane {}: {} ends before it begins", name_of(s.lane), s.kind);
    if (lane.segments.empty()) return;
    const auto& before = lane.segments.back();
    must(before.ended == s.began,
         "lane {}: {} ended {} us before {} began",
         name_of(s.lane),
         before.kind,
         (s.began - before.ended).count(),
         s.kind);
    must(before.outcome == acd::Outcome::none, "lane {} went on after its end", name_of(s.lane));
}

/// Segments end when they must: at the instant of the message that ended them, not when it was
/// read; and after the time that the settings give.
void Checks::lasts(const Lane& lane, const acd::SegmentClosed& s) const {
    static const std::set<std::string> by_message{
        "phone_rang", "agent_answered", "agent_held", "agent_resumed", "agent_left", "caller_left"};
    if (message_ && by_message.contains(s.ended_by))
        must(s.ended <= std::max(received_at_, last_boundary_),
             "lane {}: {} was ended by a message ({}) and goes on {} us after it",
             name_of(s.lane),
             s.kind,
             s.ended_by,
             (s.ended - received_at_).count());
    const auto* of = queue(s.queue);
    if (s.ended_by == "wrap_limit") {
        const Micros limit = of == nullptr ? settings_.outbound_wrap_up : of->wrap_up;
        must(s.ended - s.began == limit,
             "lane {}: wrap-up took {} us, and the settings say {}",
             name_of(s.lane),
             (s.ended - s.began).count(),
             limit.count());
    }
    if (s.ended_by == "offer_missed" && s.lane_kind == acd::LaneKind::agent) {
        const bool rang = s.kind == "ringing" && !lane.segments.empty() &&
                          lane.segments.back().kind == "reserved";
        const Micros length = s.ended - (rang ? lane.segments.back().began : s.began);
        must(of != nullptr && length >= of->ring_time,
             "lane {}: the offer was given up after {} us",
             name_of(s.lane),
             length.count());
    }
}

void Checks::mark(const acd::MarkClosed& mark) {
    must(mark.ended >= mark.began, "lane {}: a mark ends before it begins", name_of(mark.lane));
    if (mark.kind == "degraded") gaps_.insert(mark.lane);
    auto& until = marked_until_[{mark.lane, mark.kind}];
    must(mark.began >= until, "lane {}: two marks {} overlap", name_of(mark.lane), mark.kind);
    until = mark.ended;
    static const std::set<std::string> about_voices{
        "voice_measured", "dead_air", "customer_working", "muted", "mute_unseen", "digits_masked"};
    if (about_voices.contains(mark.kind)) {
        last_boundary_ = std::max(last_boundary_, mark.ended);
        voices_[mark.lane].push_back(mark);
    }
    must(mark.digits.has_value() == (mark.kind == "digits_masked"),
         "lane {}: {} and a number of digits",
         name_of(mark.lane),
         mark.kind);
    if (mark.kind != "held_by_caller") return;
    const auto it = held_by_caller_.find(mark.lane);
    if (it == held_by_caller_.end()) return;  // begun and ended in one step
    must(it->second == mark.began, "lane {}: a mark of another hold", name_of(mark.lane));
    held_by_caller_.erase(it);
}

/// What was measured lies in one talk, and silences in what was measured; none is too short.
void Checks::silences() const {
    for (const auto& [uuid, marks] : voices_)
        for (const auto& mark : marks) {
            const auto within = [&mark](const auto& range) {
                return range.began <= mark.began && mark.ended <= range.ended;
            };
            const auto& segments = lanes_.at(uuid).segments;
            const auto talk = std::ranges::find_if(segments, [&](const acd::SegmentClosed& s) {
                return (s.kind == "talking" || s.kind == "conference") && within(s);
            });
            must(talk != segments.end(),
                 "lane {}: {} of {} us lies in no talk",
                 name_of(uuid),
                 mark.kind,
                 (mark.ended - mark.began).count());
            if (mark.kind == "voice_measured" || mark.kind == "digits_masked") continue;
            must(std::ranges::any_of(marks,
                                     [&](const acd::MarkClosed& m) {
                                         return m.kind == "voice_measured" && within(m);
                                     }),
                 "lane {}: {} lies in no time that was measured",
                 name_of(uuid),
                 mark.kind);
            if (mark.kind == "mute_unseen") continue;
            const Micros least = mark.kind == "muted" ? 2s : queue(talk->queue)->dead_air;
            must(mark.ended - mark.began >= least,
                 "lane {}: {} of {} us is too short",
                 name_of(uuid),
                 mark.kind,
                 (mark.ended - mark.began).count());
        }
}

std::vector<acd::MarkClosed> Checks::voices(std::string_view kind) const {
    std::vector<acd::MarkClosed> all;
    for (const auto& [uuid, marks] : voices_)
        std::ranges::copy_if(marks, std::back_inserter(all), [kind](const acd::MarkClosed& m) {
            return m.kind == kind;
        });
    return all;
}

/// Caller's lane and agent's lane agree on how long the two had each other.
void Checks::shared_time() const {
    static const std::set<std::string> with_caller{
        "talking", "held", "consult", "conference", "transferring"};
    std::map<std::pair<acd::Uuid, std::string>, std::pair<Micros, Micros>> shared;
    for (const auto& [uuid, lane] : lanes_)
        for (const auto& s : lane.segments) {
            if (!with_caller.contains(s.kind) || s.agent.empty()) continue;
            auto& sums = shared[{s.journey, s.agent + " " + s.kind}];
            (lane.caller ? sums.first : sums.second) += s.ended - s.began;
        }
    for (const auto& [key, sums] : shared)
        must(sums.first == sums.second,
             "journey {}, agent {}: {} us with the caller, {} us on the agent's lane",
             name_of(key.first),
             key.second,
             sums.first.count(),
             sums.second.count());
    // Who is named as the one that it rang for has rung as long; others may have, too.
    std::map<std::pair<acd::Uuid, std::string>, Micros> rang;
    for (const auto& [uuid, lane] : lanes_)
        for (const auto& s : lane.segments)
            if ((s.kind == "ringing" || s.kind == "reserved") && !s.agent.empty())
                rang[{s.journey, s.agent}] += (lane.caller ? -1 : 1) * (s.ended - s.began);
    for (const auto& [key, over] : rang)
        must(over >= 0s,
             "journey {}, agent {}: rang {} us less than the caller's lane says",
             name_of(key.first),
             key.second,
             -over.count());
}

std::vector<acd::LedgerRow> Checks::all_rows() const {
    std::vector<acd::LedgerRow> rows;
    for (const auto& [number, bytes] : rows_)
        if (auto row = decode<acd::LedgerRow>(bytes)) rows.push_back(*std::move(row));
    return rows;
}

std::uint64_t Checks::hash() const {
    std::uint64_t h = 0xcbf29ce484222325;
    for (const auto& [number, bytes] : rows_)
        for (const char c : bytes)
            h = (h ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
    return h;
}

std::vector<std::string> Checks::caller_kinds(std::size_t n) const {
    std::vector<std::string> kinds;
    for (const auto& s : lanes_.at(callers_.at(n)).segments)
        kinds.push_back(s.kind);
    return kinds;
}

}  // namespace holdfast::sim
