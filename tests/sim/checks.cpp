#include "sim/checks.hpp"

#include "base/codec.hpp"

#include <fmt/format.h>

#include <set>

namespace holdfast::sim {
namespace {

template <class... Args>
void must(bool holds, fmt::format_string<Args...> format, Args&&... args) {
    if (!holds) throw Broken{fmt::format(format, std::forward<Args>(args)...)};
}

std::string name_of(const acd::Uuid& uuid) {
    std::string out;
    for (std::size_t i = 0; i < 8; ++i)
        out += fmt::format("{:02x}", uuid[i + 8]);
    return out;
}

}  // namespace

void Checks::step(const engine::Engine& engine, Instant now) {
    const auto census = engine.census();
    must(census.sound, "references: {}", census.flaw);
    const auto& floor = engine.floor();
    std::set<AgentId> connected;
    for (const CallId id : floor.calls()) {
        const auto& call = *floor.call(id);
        must(call.lane.began <= now, "call {} is in a state that begins later", id.value);
        const bool talks =
            call.lane.state == acd::caller::talking || call.lane.state == acd::caller::held;
        must(!talks || call.agent || call.kind == acd::CallKind::outbound,
             "call {} talks to nobody",
             id.value);
        if (talks && call.agent && !call.beside)
            must(connected.insert(call.agent).second, "agent {} has two callers", call.agent.value);
        if (call.lane.state == acd::caller::queued)
            must(call.due[0] != never, "call {} waits without an end", id.value);
        if (call.lane.state == acd::caller::ringing)
            for (const auto& o : call.offers)
                must(o.ring_limit != never, "offer {} rings without an end", o.id.value);
    }
    for (const AgentId agent : connected)
        must(floor.agent(agent).lane.state == acd::agent::talking ||
                 floor.agent(agent).lane.state == acd::agent::held,
             "agent {} has a caller and is {}",
             agent.value,
             text(floor.agent(agent).lane.state));
    must(census.calls == 0 || census.deadlines > 0, "calls, and nothing is awaited");
}

void Checks::row(const acd::LedgerRow& row) {
    std::string bytes;
    encode(row, bytes);
    const auto [it, fresh] = rows_.emplace(row.row, bytes);
    if (!fresh) return must(it->second == bytes, "row {} came again and differs", row.row);
    must(row.row == rows_.size(), "row {} follows row {}", row.row, rows_.size() - 1);
    if (const auto* s = std::get_if<acd::SegmentClosed>(&row.what)) segment(*s);
}

void Checks::segment(const acd::SegmentClosed& s) {
    auto& lane = lanes_[s.lane];
    if (lane.segments.empty()) {
        lane.caller = s.lane_kind == acd::LaneKind::caller;
        if (lane.caller) callers_.push_back(s.lane);
    } else {
        const auto& before = lane.segments.back();
        must(before.ended == s.began,
             "lane {}: {} ended {} us before {} began",
             name_of(s.lane),
             before.kind,
             (s.began - before.ended).count(),
             s.kind);
        must(
            before.outcome == acd::Outcome::none, "lane {} went on after its end", name_of(s.lane));
    }
    must(s.number == lane.segments.size() + 1,
         "lane {}: segment {} is out of turn",
         name_of(s.lane),
         s.number);
    must(s.ended >= s.began, "lane {}: {} ends before it begins", name_of(s.lane), s.kind);
    lane.segments.push_back(s);
}

void Checks::over(const engine::Engine& engine) {
    const auto c = engine.census();
    must(c.calls == 0, "{} calls are left", c.calls);
    must(c.legs == 0, "{} legs are left: {}", c.legs, c.a_leg);
    must(c.dials == 0, "{} dialled calls are left", c.dials);
    must(c.sessions == 0, "{} SIP sessions are left", c.sessions);
    // OPTIONS to the trunk go on (the last one may not be swept yet), and the next midnight is
    // awaited.
    must(c.client_transactions <= 2, "{} client transactions are left", c.client_transactions);
    must(c.server_transactions == 0, "{} server transactions are left", c.server_transactions);
    must(c.uncommitted_rows == 0, "{} rows are left", c.uncommitted_rows);
    must(c.deadlines <= 4, "{} deadlines are left", c.deadlines);
    std::map<std::pair<acd::Uuid, std::string>, std::pair<Micros, Micros>> shared;
    for (const auto& [uuid, lane] : lanes_) {
        if (lane.caller)
            must(lane.segments.back().outcome != acd::Outcome::none,
                 "caller's lane {} has no end",
                 name_of(uuid));
        for (const auto& s : lane.segments) {
            if ((s.kind != "talking" && s.kind != "held") || s.agent.empty()) continue;
            auto& sums = shared[{s.journey, s.agent + " " + s.kind}];
            (lane.caller ? sums.first : sums.second) += s.ended - s.began;
        }
    }
    for (const auto& [key, sums] : shared)
        must(sums.first == sums.second,
             "journey {}, agent {}: {} us with the caller, {} us on the agent's lane",
             name_of(key.first),
             key.second,
             sums.first.count(),
             sums.second.count());
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
