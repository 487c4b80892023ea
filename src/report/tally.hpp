// report/tally.hpp: adds the rows of a day to the totals of its quarters of an hour.
#pragma once
#include "report/report.hpp"
#include "report/rows.hpp"
#include "report/visits.hpp"

#include <functional>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace holdfast::report {

/// Kind and number of the name. In this order they are all, queues, agents.
using SubjectKey = std::pair<Subject::Kind, std::uint32_t>;

/// One local day. Counts belong to the quarter of their moment, times are split where quarters end.
class Tally {
public:
    Tally(const Question& question, const Names& names, std::vector<Interval> quarters);

    /// Whether the moment belongs to the day.
    bool has(WallInstant moment) const;
    void add(const Journey& journey);
    void add_agent_lane(std::span<const Row> lane);
    /// Who spoke: the segments of one caller's lane, and its marks.
    void add_voices(std::span<const Row> lane, std::span<const Mark> marks);
    void add(const Gap& gap);
    /// The moment a journey as a whole belongs to.
    WallInstant moment_of(const Journey& journey) const;

    /// All that was added, a vector over the quarters for each subject that had anything.
    std::map<SubjectKey, std::vector<Totals>> take();

private:
    /// The totals to which something of one moment is added: the whole, the queue, the agent.
    class Targets;
    Targets at(WallInstant moment, std::uint32_t queue, std::uint32_t agent);
    Totals& totals(SubjectKey key, std::size_t quarter);
    std::size_t quarter_of(WallInstant moment) const;
    WallInstant moment_of(const Visit& visit, const Journey& journey) const;
    void add(const Visit& visit, const Journey& journey);
    static void add_returned(const Visit& visit, Targets& to);
    void add_answered(const Visit& visit, Targets& to);
    void add_abandoned(const Visit& visit, Targets& to);
    /// What of the span lies in the day, split where quarters end.
    void each_part(WallInstant from,
                   WallInstant until,
                   const std::function<void(WallInstant, Micros)>& take) const;
    void add_time(const Row& row);
    void add_talk(const Row& row, std::span<const Mark> marks);
    void add_voice(const Row& talk, const Mark& mark);
    void add_offer(const Row& first, const Row& last);
    void add_hold(const Row& row);
    void add(const Transfer& transfer);

    const Question& question_;
    const Names& names_;
    std::vector<Interval> quarters_;
    std::map<SubjectKey, std::vector<Totals>> totals_;
};

}  // namespace holdfast::report
