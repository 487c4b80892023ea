#include "report/report.hpp"

#include "report/reader.hpp"
#include "report/repeats.hpp"
#include "report/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace holdfast::report {
namespace {

using std::chrono::days;

constexpr std::chrono::minutes quarter_hour{15};

/// How far around the days the local clock is read, so that their midnights are known.
constexpr days around{2};

Interval around_days(Day from, Day to) {
    return {WallInstant{(from - around).time_since_epoch()},
            WallInstant{(to + days{1} + around).time_since_epoch()}};
}

class Making {
public:
    Making(Reader& reader, const Question& question) : reader_{reader} {
        report_.asked = question;
        report_.knows_callers = reader.knows_callers();
    }

    std::expected<Report, std::string> make() {
        const auto last = reader_.last_moment();
        const auto asked = choose_days(last);
        if (!asked) return std::unexpected{asked.error()};
        if (asked->empty()) return std::move(report_);  // nothing was ever recorded
        report_.asked.from = asked->front();
        report_.asked.to = asked->back();
        const auto clock = around_days(asked->front(), asked->back());
        report_.calendar = reader_.calendar(clock.begin, clock.end);
        name_subjects();
        for (const Day day : *asked)
            if (!add(day))
                return std::unexpected{
                    fmt::format("more than {} queues and agents in intervals: ask for fewer days, "
                                "or for --every day",
                                most_totals)};
        if (last) judge_repeats(*last);
        finish();
        return std::move(report_);
    }

private:
    using Key = std::pair<Subject::Kind, std::string>;

    /// None where the ledger is empty and no day was asked for.
    std::expected<std::vector<Day>, std::string> choose_days(std::optional<WallInstant> last) {
        const auto& asked = report_.asked;
        std::optional<Day> last_day;
        if (last) last_day = reader_.calendar(*last - around, *last + around).day_of(*last);
        const auto from = asked.from ? asked.from : asked.to ? asked.to : last_day;
        if (!from) return {};
        const Day to = asked.to.value_or(std::max(*from, last_day.value_or(*from)));
        if (*from > to)
            return std::unexpected{fmt::format(
                "--from {} is after --to {}: exchange them", day_text(*from), day_text(to))};
        const auto count = (to - *from).count() + 1;
        if (count > most_days)
            return std::unexpected{
                fmt::format("{} days are more than {}: ask for fewer", count, most_days)};
        std::vector<Day> all;
        for (Day day = *from; day <= to; day += days{1})
            all.push_back(day);
        return all;
    }

    bool wanted(Subject::Kind kind, const std::string& name) const {
        const auto& asked = report_.asked;
        if (asked.queue.empty() && asked.agent.empty()) return true;
        return !name.empty() && name == (kind == Subject::Kind::queue ? asked.queue : asked.agent);
    }

    /// Who is reported of even where nothing happened.
    void name_subjects() {
        const auto& asked = report_.asked;
        if (!asked.queue.empty()) subject({Subject::Kind::queue, asked.queue});
        if (!asked.agent.empty()) subject({Subject::Kind::agent, asked.agent});
        if (asked.queue.empty() && asked.agent.empty()) subject({Subject::Kind::all, ""});
    }

    Subject& subject(const Key& key) {
        auto& subject = subjects_[key];
        subject.kind = key.first;
        subject.name = key.second;
        return subject;
    }

    bool add(Day day) {
        auto quarters = report_.calendar.pieces_of(day, quarter_hour);
        const Interval whole{quarters.front().begin, quarters.back().end};
        const auto first = report_.intervals.size();
        const auto pieces = report_.calendar.pieces_of(day, report_.asked.every);
        report_.intervals.insert(report_.intervals.end(), pieces.begin(), pieces.end());

        Tally tally{report_.asked, reader_.names, std::move(quarters)};
        read(whole, tally);
        for (const auto& [key, totals] : tally.take())
            if (wanted(key.first, reader_.names[key.second]))
                add(subject({key.first, reader_.names[key.second]}), totals, first);
        return totals_ <= most_totals;
    }

    void read(Interval day, Tally& tally) {
        const Batch batch = reader_.read(day);
        const auto end = batch.rows.end();
        for (auto row = batch.rows.begin(); row != end;) {
            const auto next =
                std::find_if(row, end, [&](const Row& r) { return r.lane != row->lane; });
            const std::span lane{row, next};
            if (!row->caller) {
                tally.add_agent_lane(lane);
            } else {
                const auto journey = read_journey(batch.lanes[row->lane], lane);
                tally.add(journey);
                const auto marks = batch.marks.find(row->lane);
                tally.add_voices(lane,
                                 marks == batch.marks.end() ? std::span<const Mark>{}
                                                            : std::span{marks->second});
                if (const auto moment = tally.moment_of(journey); tally.has(moment))
                    repeats_.add(journey, moment);
            }
            row = next;
        }
        for (const Gap& gap : batch.gaps)
            tally.add(gap);
    }

    void add(Subject& subject, const std::vector<Totals>& quarters, std::size_t first) {
        const auto together =
            static_cast<std::size_t>(report_.asked.every / quarter_hour);  // the last has the rest
        for (std::size_t i = 0; i < quarters.size(); ++i) {
            if (quarters[i] == Totals{}) continue;
            const auto piece = std::min(first + i / together, report_.intervals.size() - 1);
            const auto [at, is_new] = subject.intervals.try_emplace(piece);
            at->second.add(quarters[i]);
            if (is_new) ++totals_;
        }
    }

    void judge_repeats(WallInstant last) {
        repeats_.judge(reader_, last, [&](const Repeats::Judged& judged) {
            const auto& names = reader_.names;
            for (const Key& key : {Key{Subject::Kind::all, ""},
                                   Key{Subject::Kind::queue, names[judged.queue]},
                                   Key{Subject::Kind::agent, names[judged.agent]}}) {
                const bool nobody = key.first != Subject::Kind::all && key.second.empty();
                if (!nobody && wanted(key.first, key.second)) add(subject(key), judged);
            }
        });
    }

    void add(Subject& subject, const Repeats::Judged& judged) {
        const auto after =
            std::ranges::upper_bound(report_.intervals, judged.moment, {}, &Interval::begin);
        auto& totals =
            subject.intervals[static_cast<std::size_t>(after - report_.intervals.begin()) - 1];
        for (std::size_t i = 0; i < repeat_days.size(); ++i) {
            if (judged.eligible[i]) ++totals.eligible[i];
            if (judged.resolved[i]) ++totals.resolved[i];
        }
    }

    void finish() {
        report_.corrected_rows = reader_.corrected_rows();
        for (auto& [key, subject] : subjects_) {
            for (const auto& [i, totals] : subject.intervals)
                subject.total.add(totals);
            report_.subjects.push_back(std::move(subject));
        }
    }

    Reader& reader_;
    Report report_;
    Repeats repeats_;
    std::map<Key, Subject> subjects_;  ///< In the order of the report.
    std::size_t totals_ = 0;
};

}  // namespace

std::expected<Report, std::string> make_report(const std::string& path, const Question& question) {
    try {
        Reader reader{path};
        if (!reader.is_ledger())
            return std::unexpected{
                fmt::format("{}: no ledger: it has no tables \"segment\" and \"journey\"; name "
                            "ledger.db in the daemon's state directory",
                            path)};
        return Making{reader, question}.make();
    } catch (const SQLite::Exception& e) {
        return std::unexpected{fmt::format(
            "{}: cannot be read ({}): name a ledger, and one this user may read", path, e.what())};
    }
}

}  // namespace holdfast::report
