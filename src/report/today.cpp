#include "report/today.hpp"

#include "report/reader.hpp"
#include "report/visits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace holdfast::report {
namespace {

/// Whom another one passes its caller to is free, or in a call beside the queues.
constexpr std::array without_caller{
    Kind::not_ready, Kind::ready, Kind::wrapping, Kind::dialing, Kind::called, Kind::internal};

class Counting {
public:
    Counting(Interval interval,
             const Names& names,
             const std::function<Micros(const std::string&)>& target_of)
        : interval_{interval}, names_{names}, target_of_{target_of} {}

    void take(const Uuid& id, std::span<const Row> lane, std::span<const Mark> marks) {
        if (!lane.front().caller) {
            for (const Row& row : lane)
                if (has(row.ended())) count_offer(row), count_time(row);
            return;
        }
        for (const Visit& visit : read_journey(id, lane).visits)
            count(visit, lane.back().outcome == Outcome::short_abandoned);
        for (const Row& row : lane) {
            const bool talk = row.kind == Kind::talking || row.kind == Kind::conference;
            if (talk && row.queue != 0) count_voices(row, marks);
        }
        count_end(lane.back());
    }

    Today today;

private:
    bool has(WallInstant at) const { return at >= interval_.begin && at < interval_.end; }
    QueueCounts& queue(std::uint32_t name) { return today.queues[names_[name]]; }

    void count(const Visit& visit, bool short_wait) {
        auto& q = queue(visit.queue);
        if (visit.end == VisitEnd::diverted && has(visit.ended)) ++q.diverted_out;
        if (visit.returned) return;  // it was counted when an agent answered
        if (has(visit.entered)) {
            ++q.offered;
            if (visit.diverted_in) ++q.diverted_in;
        }
        if (!has(visit.ended)) return;
        const bool answered = visit.end == VisitEnd::answered;
        if (!answered && !visit.abandoned()) return;
        q.longest_wait = std::max(q.longest_wait, visit.wait);
        if (!answered) {
            ++q.abandoned;
            if (short_wait) ++q.short_abandoned;
            return;
        }
        ++q.answered;
        q.wait_of_answered += visit.wait;
        if (visit.wait <= target_of_(names_[visit.queue])) ++q.answered_in_target;
    }

    void count_end(const Row& last) {
        if (last.queue == 0 || !has(last.ended())) return;
        auto& q = queue(last.queue);
        if (last.outcome == Outcome::refused) ++q.refused;
        if (last.outcome == Outcome::abandoned_on_hold) ++q.abandoned_on_hold;
    }

    void count_voices(const Row& talk, std::span<const Mark> marks) {
        for (const Mark& mark : marks)
            if (mark.within(talk)) count(talk, mark);
    }

    void count(const Row& talk, const Mark& mark) {
        if (!has(talk.began + (mark.clock - talk.clock) + mark.length)) return;
        const auto add = [&mark](auto& counts) {
            if (mark.kind == MarkKind::voice_measured) counts.talk_measured += mark.length;
            if (mark.kind == MarkKind::dead_air) counts.dead_air += mark.length;
        };
        add(queue(talk.queue));
        if (talk.agent != 0) add(today.agents[names_[talk.agent]]);
    }

    void count_offer(const Row& row) {
        auto& a = today.agents[names_[row.agent]];
        const bool offered = row.kind == Kind::reserved || row.kind == Kind::ringing;
        if (offered && row.cut == Cut::agent_answered) ++a.handled;
        if (row.cut == Cut::agent_took_over && std::ranges::count(without_caller, row.kind) > 0)
            ++a.handled;
        if (offered && row.cut == Cut::offer_missed) {
            ++a.missed;
            ++queue(row.queue).missed_offers;
        }
        if (offered && row.cut == Cut::offer_refused) ++a.rejected;
    }

    void count_time(const Row& row) {
        auto& a = today.agents[names_[row.agent]];
        if (row.kind == Kind::held) ++a.holds;
        if (row.kind == Kind::held && row.reason == 0) ++a.holds_unexplained;
        if (row.kind == Kind::talking || row.kind == Kind::conference) a.talk += row.length;
        if (row.kind == Kind::held || row.kind == Kind::consult || row.kind == Kind::transferring)
            a.hold += row.length;
        if (row.kind == Kind::wrapping) a.wrap += row.length;
    }

    Interval interval_;
    const Names& names_;
    const std::function<Micros(const std::string&)>& target_of_;
};

}  // namespace

std::expected<Today, std::string> count_today(
    const std::string& path,
    Interval interval,
    const std::function<Micros(const std::string& queue)>& target_of) {
    try {
        Reader reader{path};
        const Batch batch = reader.read(interval);
        Counting counting{interval, reader.names, target_of};
        for (auto row = batch.rows.begin(); row != batch.rows.end();) {
            const auto next = std::find_if(
                row, batch.rows.end(), [&](const Row& r) { return r.lane != row->lane; });
            const auto marks = batch.marks.find(row->lane);
            counting.take(batch.lanes[row->lane],
                          {row, next},
                          marks == batch.marks.end() ? std::span<const Mark>{} : marks->second);
            row = next;
        }
        return std::move(counting.today);
    } catch (const SQLite::Exception& e) {
        return std::unexpected{fmt::format("{}: cannot be read ({})", path, e.what())};
    }
}

}  // namespace holdfast::report
