#include "sim/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace holdfast::sim {
namespace {

bool abandons(acd::Outcome outcome) {
    return outcome == acd::Outcome::abandoned || outcome == acd::Outcome::short_abandoned;
}

}  // namespace

void Tally::add(const acd::SegmentClosed& s) {
    if (s.lane_kind == acd::LaneKind::caller)
        add_caller(s);
    else
        add_agent(s);
}

void Tally::add_caller(const acd::SegmentClosed& s) {
    auto& visit = visits_[s.lane];
    const bool sent = s.ended_by == "sent_to_queue";
    if (s.queue.empty()) {  // not a queue's call, or refused before it had one
        visit.sent = sent;
        return;
    }
    auto& today = queues_[s.queue];
    if (std::exchange(visit.sent, false)) {
        ++today.offered;
        visit = {s.began, false, false, false};
    }
    if (std::exchange(visit.diverted, false)) {
        ++today.diverted_in;
        ++today.offered;
    }
    if (s.outcome == acd::Outcome::refused) ++today.refused;
    if (s.outcome == acd::Outcome::abandoned_on_hold) ++today.abandoned_on_hold;
    if (s.kind == "queued" || s.kind == "ringing") add_end_of_wait(s, visit);
    if (s.ended_by == "queue_entered") {
        ++today.offered;
        visit = {s.ended, false, false, false};
    }
    if (s.ended_by == "queue_changed") {
        ++today.diverted_out;
        visit = {s.ended, false, true, false};
    }
    visit.sent = sent;
    const bool talked = s.kind != "queued" && s.kind != "ringing";
    if (talked && s.ended_by == "agent_lost") visit.began = s.ended;  // talk was no waiting
}

/// A visit counts once, however often the caller comes back from an agent.
void Tally::add_end_of_wait(const acd::SegmentClosed& s, Visit& visit) {
    const bool answered = s.ended_by == "agent_answered";
    if (visit.counted || (!answered && !abandons(s.outcome))) return;
    visit.counted = true;
    auto& today = queues_[s.queue];
    const Micros waited = s.ended - visit.began;
    today.longest_wait = std::max(today.longest_wait, waited);
    if (!answered) {
        ++today.abandoned;
        if (s.outcome == acd::Outcome::short_abandoned) ++today.short_abandoned;
        return;
    }
    ++today.answered;
    today.wait_of_answered += waited;
    const auto queue = std::ranges::find(settings_.queues, s.queue, &acd::QueueSettings::name);
    if (waited <= queue->service_level_target) ++today.answered_in_target;
}

void Tally::add_agent(const acd::SegmentClosed& s) {
    auto& today = agents_[s.agent];
    const Micros length = s.ended - s.began;
    if (s.kind == "talking" || s.kind == "conference") today.talk += length;
    if (s.kind == "held" || s.kind == "consult" || s.kind == "transferring") today.hold += length;
    if (s.kind == "held") ++today.holds;
    if (s.kind == "held" && s.reason.empty()) ++today.holds_unexplained;
    if (s.kind == "wrapping") today.wrap += length;
    static const std::set<std::string> had{
        "talking", "held", "consult", "conference", "transferring"};
    const bool took_over = s.ended_by == "agent_took_over" && !had.contains(s.kind);
    if (s.ended_by == "agent_answered" || took_over) ++today.handled;
    if (s.ended_by == "offer_refused") ++today.rejected;
    if (s.ended_by != "offer_missed") return;
    ++today.missed;
    ++queues_[s.queue].missed_offers;
}

std::string in_words(const acd::QueueToday& q) {
    return fmt::format(
        "offered {}, answered {} ({} in target, waited {} us), abandoned {} ({} short, {} on "
        "hold), refused {}, diverted out {}, in {}, offers missed {}, longest wait {} us",
        q.offered,
        q.answered,
        q.answered_in_target,
        q.wait_of_answered.count(),
        q.abandoned,
        q.short_abandoned,
        q.abandoned_on_hold,
        q.refused,
        q.diverted_out,
        q.diverted_in,
        q.missed_offers,
        q.longest_wait.count());
}

std::string in_words(const acd::AgentToday& a) {
    return fmt::format(
        "handled {}, missed {}, rejected {}, talk {} us, hold {} us, wrap {} us, "
        "{} holds, {} of them unexplained",
        a.handled,
        a.missed,
        a.rejected,
        a.talk.count(),
        a.hold.count(),
        a.wrap.count(),
        a.holds,
        a.holds_unexplained);
}

}  // namespace holdfast::sim
