#include "report/tally.hpp"

#include <algorithm>
#include <array>

namespace holdfast::report {
namespace {

/// Where the time of an agent's segment belongs; `queue` says whether it was a queue's call.
std::optional<Sum> sum_of(Kind kind, bool queue) {
    switch (kind) {
        case Kind::talking:
        case Kind::conference:
            return queue ? Sum::talk : Sum::side_talk;
        case Kind::held:
        case Kind::consult:       // the caller is held for it
        case Kind::transferring:  // and waits, on the agent's account, until somebody answers
            return queue ? Sum::hold : Sum::side_hold;
        case Kind::wrapping:
            return queue ? Sum::wrap : Sum::side_wrap;
        case Kind::reserved:
        case Kind::ringing:
            return Sum::ring;
        case Kind::ready:
            return Sum::ready;
        case Kind::not_ready:
            return Sum::not_ready;
        case Kind::unreachable:
            return Sum::unreachable;
        case Kind::dialing:
        case Kind::called:
        case Kind::internal:
            return Sum::side_call;
        case Kind::other:
        case Kind::setup:
        case Kind::announced:
        case Kind::queued:
        case Kind::parked:
        case Kind::outside:
        case Kind::logged_out:
            break;
    }
    return std::nullopt;
}

/// So long a silence is no pause for breath, whatever the queue's limit.
constexpr Micros long_silence = 20s;

/// Of a call that goes on: not yet.
WallInstant over(const Journey& journey) {
    return journey.closed ? journey.ended : WallInstant::max();
}

bool is_offered(const Row& row) {
    return row.kind == Kind::reserved || row.kind == Kind::ringing;
}

}  // namespace

class Tally::Targets {
public:
    void add(Totals& totals) { all_[count_++] = &totals; }
    void count(Sum sum, std::int64_t by = 1) {
        for (std::size_t i = 0; i < count_; ++i)
            (*all_[i])[sum] += by;
    }
    void count(Sum sum, Micros time) { count(sum, time.count()); }
    void note(Most most, Micros time) {
        for (std::size_t i = 0; i < count_; ++i)
            all_[i]->note(most, time.count());
    }
    template <class Do>
    void each(Do what) {
        for (std::size_t i = 0; i < count_; ++i)
            what(*all_[i]);
    }

private:
    std::array<Totals*, 3> all_{};
    std::size_t count_ = 0;
};

Tally::Tally(const Question& question, const Names& names, std::vector<Interval> quarters)
    : question_{question}, names_{names}, quarters_{std::move(quarters)} {}

bool Tally::has(WallInstant moment) const {
    return moment >= quarters_.front().begin && moment < quarters_.back().end;
}

std::size_t Tally::quarter_of(WallInstant moment) const {
    const auto after = std::ranges::upper_bound(quarters_, moment, {}, &Interval::begin);
    return static_cast<std::size_t>(after - quarters_.begin()) - 1;
}

Totals& Tally::totals(SubjectKey key, std::size_t quarter) {
    auto& quarters = totals_[key];
    if (quarters.empty()) quarters.resize(quarters_.size());
    return quarters[quarter];
}

Tally::Targets Tally::at(WallInstant moment, std::uint32_t queue, std::uint32_t agent) {
    const auto quarter = quarter_of(moment);
    Targets targets;
    targets.add(totals({Subject::Kind::all, 0}, quarter));
    if (queue != 0) targets.add(totals({Subject::Kind::queue, queue}, quarter));
    if (agent != 0) targets.add(totals({Subject::Kind::agent, agent}, quarter));
    return targets;
}

WallInstant Tally::moment_of(const Visit& visit, const Journey& journey) const {
    switch (question_.by) {
        case CountBy::answer:
            return visit.ended;
        case CountBy::sl_event:
            return std::min<WallInstant>(visit.ended, visit.entered + question_.target);
        case CountBy::end:
            return over(journey);
        case CountBy::arrival:
            break;
    }
    return visit.entered;
}

WallInstant Tally::moment_of(const Journey& journey) const {
    return question_.by == CountBy::arrival ? journey.began : over(journey);
}

void Tally::add(const Journey& journey) {
    for (const Visit& visit : journey.visits)
        if (has(moment_of(visit, journey))) add(visit, journey);
    for (const Transfer& transfer : journey.transfers)
        add(transfer);
    if (!has(moment_of(journey))) return;
    if (journey.outbound) {
        auto targets = at(moment_of(journey), 0, journey.agent);
        targets.count(Sum::outbound);
        if (journey.outbound_answered) targets.count(Sum::outbound_answered);
    } else if (journey.before != Before::came_in) {
        at(moment_of(journey), journey.queue, 0)
            .count(journey.before == Before::refused ? Sum::refused_before : Sum::abandoned_before);
    } else if (std::ranges::find(journey.visits, VisitEnd::answered, &Visit::end) !=
               journey.visits.end()) {
        auto to = at(moment_of(journey), journey.queue, 0);
        to.count(Sum::journeys);
        if (std::ranges::count_if(journey.transfers, &Transfer::done) > 1) to.count(Sum::bounced);
    }
}

void Tally::add(const Visit& visit, const Journey& journey) {
    const bool answered = visit.end == VisitEnd::answered;
    const bool abandoned = visit.abandoned();
    auto to = at(moment_of(visit, journey), visit.queue, answered ? visit.agent : 0);
    if (visit.end == VisitEnd::still_waiting) return to.count(Sum::still_waiting);
    if (visit.abandoned_on_hold) to.count(Sum::abandoned_on_hold);
    if (visit.returned) return add_returned(visit, to);
    to.count(Sum::offered);
    to.count(Sum::wait, visit.wait);
    if (visit.diverted_in) to.count(Sum::diverted_in);
    if (visit.end == VisitEnd::diverted) to.count(Sum::diverted_out);
    if (visit.end == VisitEnd::turned_away) to.count(Sum::turned_away);
    if (answered || abandoned) to.note(Most::wait, visit.wait);
    if (answered) add_answered(visit, to);
    if (abandoned) add_abandoned(visit, to);
}

/// The caller was counted when it came.
void Tally::add_returned(const Visit& visit, Targets& to) {
    to.count(Sum::returned);
    if (visit.end == VisitEnd::answered) to.count(Sum::returned_answered);
    if (visit.abandoned()) to.count(Sum::returned_abandoned);
}

void Tally::add_answered(const Visit& visit, Targets& to) {
    to.count(Sum::answered);
    if (visit.wait <= question_.target) to.count(Sum::answered_in_target);
    to.count(Sum::wait_answered, visit.wait);
    to.count(Sum::wait_answered_queued, visit.queued);
}

void Tally::add_abandoned(const Visit& visit, Targets& to) {
    const bool rang = visit.end == VisitEnd::abandoned_ringing;
    to.count(Sum::abandoned);
    to.count(rang ? Sum::abandoned_ringing : Sum::abandoned_queued);
    if (visit.wait <= question_.target) to.count(Sum::abandoned_in_target);
    if (visit.wait <= question_.short_abandon) to.count(Sum::abandoned_short);
    to.count(Sum::wait_abandoned, visit.wait);
}

void Tally::add_agent_lane(std::span<const Row> lane) {
    const Row* offer = nullptr;
    for (const Row& row : lane) {
        add_time(row);
        if (row.kind == Kind::held) add_hold(row);
        // An offer begins as reserved; where the phone rang, a second segment goes on with it.
        if (row.kind == Kind::reserved || (is_offered(row) && offer == nullptr)) offer = &row;
        const bool goes_on = &row != &lane.back() && (&row + 1)->kind == Kind::ringing;
        if (is_offered(row) && !goes_on) {
            add_offer(*offer, row);
            offer = nullptr;
        }
    }
}

void Tally::each_part(WallInstant from,
                      WallInstant until,
                      const std::function<void(WallInstant, Micros)>& take) const {
    const WallInstant end = std::min(until, quarters_.back().end);
    from = std::max(from, quarters_.front().begin);
    if (from >= end) return;
    for (auto quarter = quarter_of(from); from < end; ++quarter) {
        const WallInstant part_end = std::min(end, quarters_[quarter].end);
        take(from, part_end - from);
        from = part_end;
    }
}

void Tally::add_time(const Row& row) {
    const auto sum = sum_of(row.kind, row.queue != 0);
    if (!sum) return;
    each_part(row.began, row.ended(), [&](WallInstant from, Micros length) {
        auto to = at(from, row.queue, row.agent);
        to.count(*sum, length);
        to.count(Sum::logged_in, length);
        if (row.kind == Kind::not_ready)
            to.each([&](Totals& totals) {
                totals.not_ready_by_reason[names_[row.reason]] += length.count();
            });
    });
}

void Tally::add_voice(const Row& talk, const Mark& mark) {
    const auto sum_of_mark = [&]() -> std::optional<Sum> {
        switch (mark.kind) {
            case MarkKind::voice_measured:
                return Sum::heard_talk;
            case MarkKind::dead_air:
                return Sum::dead_air;
            case MarkKind::customer_working:
                return Sum::customer_working;
            case MarkKind::muted:
                return Sum::muted;
            case MarkKind::mute_unseen:
                return Sum::mute_unseen;
            case MarkKind::other:
                break;
        }
        return std::nullopt;
    };
    const auto sum = sum_of_mark();
    if (!sum) return;
    const WallInstant began = talk.began + (mark.clock - talk.clock);
    each_part(began, began + mark.length, [&](WallInstant from, Micros length) {
        at(from, talk.queue, talk.agent).count(*sum, length);
    });
}

/// Hold counts where the same call was listened to: else who cannot be heard would look better.
void Tally::add_voices(std::span<const Row> lane, std::span<const Mark> marks) {
    for (const Row& row : lane) {
        if (row.queue == 0) continue;
        if (!marks.empty() && sum_of(row.kind, true) == Sum::hold)
            each_part(row.began, row.ended(), [&](WallInstant from, Micros length) {
                at(from, row.queue, row.agent).count(Sum::heard_hold, length);
            });
        if (row.kind == Kind::talking || row.kind == Kind::conference) add_talk(row, marks);
    }
}

void Tally::add_talk(const Row& row, std::span<const Mark> marks) {
    bool heard = false, silent = false;
    for (const Mark& mark : marks) {
        if (!mark.within(row)) continue;
        heard = heard || mark.kind == MarkKind::voice_measured;
        silent = silent || (mark.kind == MarkKind::dead_air && mark.length >= long_silence);
        add_voice(row, mark);
    }
    const WallInstant moment = question_.by == CountBy::arrival ? row.began : row.ended();
    if (!has(moment)) return;
    auto to = at(moment, row.queue, row.agent);
    to.count(heard ? Sum::talks_heard : Sum::talks_unheard);
    if (heard && silent) to.count(Sum::talks_silent);
}

/// A caller's gap is the queue's and the whole's, an agent's is the agent's too.
void Tally::add(const Gap& gap) {
    const auto sum = gap.caller ? Sum::degraded_callers : Sum::degraded_agents;
    each_part(gap.began, gap.ended(), [&](WallInstant from, Micros length) {
        at(from, gap.queue, gap.caller ? 0 : gap.agent).count(sum, length);
    });
}

void Tally::add_offer(const Row& first, const Row& last) {
    const bool by_begin = question_.by == CountBy::arrival;
    const WallInstant moment = by_begin ? first.began : last.ended();
    if (!has(moment) || last.cut == Cut::phone_rang) return;  // it rings still
    auto to = at(moment, last.queue, last.agent);
    to.count(Sum::offers);
    if (last.cut == Cut::agent_answered) to.count(Sum::offers_answered);
    if (last.cut == Cut::offer_missed) to.count(Sum::offers_missed);
    if (last.cut == Cut::offer_refused) to.count(Sum::offers_refused);
}

void Tally::add_hold(const Row& row) {
    const WallInstant moment = question_.by == CountBy::arrival ? row.began : row.ended();
    if (!has(moment) || row.queue == 0) return;
    auto to = at(moment, row.queue, row.agent);
    to.count(Sum::holds);
    if (row.reason == 0) to.count(Sum::holds_unexplained);
    to.note(Most::hold, row.length);
}

void Tally::add(const Transfer& transfer) {
    const bool by_begin = question_.by == CountBy::arrival;
    const WallInstant moment = by_begin ? transfer.began : transfer.ended;
    if (transfer.end == TransferEnd::open || transfer.queue == 0 || !has(moment)) return;
    const auto sum = [&transfer] {
        switch (transfer.end) {
            case TransferEnd::blind:
                return Sum::passed_blind;
            case TransferEnd::attended:
                return Sum::passed_attended;
            case TransferEnd::to_queue:
                return Sum::passed_to_queue;
            case TransferEnd::outside:
                return Sum::passed_outside;
            case TransferEnd::open:
            case TransferEnd::failed:
                break;
        }
        return Sum::pass_failed;
    };
    at(moment, transfer.queue, transfer.agent).count(sum());
    if (transfer.to != 0 && transfer.done())
        at(moment, transfer.queue, transfer.to).count(Sum::taken_over);
}

std::map<SubjectKey, std::vector<Totals>> Tally::take() {
    for (auto& [key, quarters] : totals_)
        for (Totals& totals : quarters)
            totals.close_quarter(question_.goal_percent);
    return std::move(totals_);
}

}  // namespace holdfast::report
