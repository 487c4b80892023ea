#include "ledger/verify.hpp"

#include "acd/agent_lane.hpp"
#include "acd/caller_lane.hpp"
#include "ledger/schema.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace holdfast::ledger {
namespace {

constexpr char lanes_sql[] = R"sql(
    SELECT row, lane_kind, lane, number, kind, began_us, ended_us, outcome, journey, agent
    FROM segment ORDER BY lane, number)sql";

/// Gaps in the one sequence over all tables.
constexpr char sequence_sql[] = R"sql(
    SELECT row FROM (SELECT row FROM segment UNION ALL SELECT row FROM mark
                     UNION ALL SELECT row FROM journey UNION ALL SELECT row FROM shift)
    ORDER BY row)sql";

struct Segment {
    std::uint64_t row = 0;
    bool caller = false;
    std::string lane;
    std::int64_t number = 0;
    std::string kind;
    std::int64_t began = 0, ended = 0;
    std::string outcome, journey, agent;
};

template <class State>
bool is_state(std::string_view kind) {
    return std::ranges::any_of(every<State>, [&](State s) { return text(s) == kind; });
}

class Verifier {
public:
    Verdict verdict;

    void segment(Segment s) {
        ++verdict.rows;
        verdict.segment_us += s.ended - s.began;
        const bool first = s.lane != last_.lane;
        if (first) {
            end_lane();
            (s.caller ? verdict.caller_lanes : verdict.agent_lanes)++;
            lane_began_ = s.began;
            bad(s.number != 1, s.row, "the lane's first segment is number {}", s.number);
        } else {
            bad(s.number != last_.number + 1,
                s.row,
                "segment {} follows {}",
                s.number,
                last_.number);
            bad(s.began != last_.ended,
                s.row,
                "begins {} us away from where the one before ended",
                s.began - last_.ended);
            bad(!last_.outcome.empty(), s.row, "follows the lane's end ({})", last_.outcome);
            bad(s.caller != last_.caller, s.row, "a lane of both kinds");
        }
        bad(s.ended < s.began, s.row, "ends {} us before it begins", s.began - s.ended);
        const bool known =
            s.caller ? is_state<acd::caller::State>(s.kind) : is_state<acd::agent::State>(s.kind);
        bad(!known, s.row, "kind \"{}\" is none of its lane", s.kind);
        share(s);
        last_ = std::move(s);
    }

    void sequence(std::uint64_t row) {
        bad(row != last_row_ + 1, row, "row {} follows row {}: rows are missing", row, last_row_);
        last_row_ = row;
    }

    void finish() {
        end_lane();
        for (const auto& [key, shared] : shared_)
            bad(shared.caller != shared.agent,
                shared.row,
                "agent {}: the caller's lane has {} us of {}, the agent's {} us",
                key.second.first,
                shared.caller,
                key.second.second,
                shared.agent);
    }

private:
    /// What caller and agent spent together, from both lanes: cut by the same events.
    struct Shared {
        std::int64_t caller = 0, agent = 0;
        std::uint64_t row = 0;
    };

    void share(const Segment& s) {
        if ((s.kind != "talking" && s.kind != "held") || s.agent.empty()) return;
        auto& shared = shared_[{s.caller ? s.lane : s.journey, {s.agent, s.kind}}];
        (s.caller ? shared.caller : shared.agent) += s.ended - s.began;
        shared.row = std::max(shared.row, s.row);
    }

    void end_lane() {
        if (last_.lane.empty()) return;
        verdict.lane_us += last_.ended - lane_began_;
        if (last_.outcome.empty()) ++verdict.open_lanes;
    }

    template <class... Args>
    void bad(bool is, std::uint64_t row, fmt::format_string<Args...> format, Args&&... args) {
        if (!is) return;
        ++verdict.flaws;
        if (verdict.first_bad_row == 0 || row < verdict.first_bad_row) verdict.first_bad_row = row;
        if (verdict.sentences.size() < 20)
            verdict.sentences.push_back(
                fmt::format("row {}: {}", row, fmt::format(format, std::forward<Args>(args)...)));
    }

    Segment last_;
    std::int64_t lane_began_ = 0;
    std::uint64_t last_row_ = 0;
    std::map<std::pair<std::string, std::pair<std::string, std::string>>, Shared> shared_;
};

}  // namespace

std::expected<Verdict, Fault> verify(const std::string& path) {
    try {
        SQLite::Database db{path, SQLite::OPEN_READONLY, 2000};
        if (db.execAndGet("PRAGMA user_version").getInt() != schema_version)
            return std::unexpected{
                Fault{Fault::Kind::other,
                      fmt::format("{}: not a ledger of this version ({})", path, schema_version)}};
        SQLite::Transaction snapshot{db};
        Verifier v;
        SQLite::Statement sequence{db, sequence_sql};
        while (sequence.executeStep())
            v.sequence(static_cast<std::uint64_t>(sequence.getColumn(0).getInt64()));
        SQLite::Statement lanes{db, lanes_sql};
        while (lanes.executeStep()) {
            const auto text = [&](int i) { return lanes.getColumn(i).getString(); };
            const auto number = [&](int i) { return lanes.getColumn(i).getInt64(); };
            v.segment({static_cast<std::uint64_t>(number(0)),
                       text(1) == "caller",
                       text(2),
                       number(3),
                       text(4),
                       number(5),
                       number(6),
                       text(7),
                       text(8),
                       text(9)});
        }
        v.finish();
        return v.verdict;
    } catch (const SQLite::Exception& e) {
        return std::unexpected{Fault{Fault::Kind::other, fmt::format("{}: {}", path, e.what())}};
    }
}

}  // namespace holdfast::ledger
