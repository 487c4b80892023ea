// engine/floor_figures.hpp: the floor as figures for wallboards, counted from what changed in each
// step: no list of calls or agents is ever walked, however often somebody looks.
#pragma once
#include "acd/floor.hpp"
#include "wallboard/figures.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace holdfast::engine {

/// Since when calls are in a state: the oldest, and how many are there for longer than a limit.
/// Each call is moved once, when its time has come.
class Ages {
public:
    explicit Ages(Micros limit) : limit_{limit} {}
    void add(Instant since, CallId call) { young_.emplace(since, call); }
    void remove(Instant since, CallId call);
    std::optional<Instant> oldest() const;
    std::uint32_t past_limit(Instant now);

private:
    using Since = std::set<std::pair<Instant, CallId>>;
    Micros limit_;
    Since young_, old_;
};

class FloorFigures {
public:
    FloorFigures(const acd::Floor& floor, Micros hold_limit);

    /// Takes up everything there is, after a restart.
    void rebuild(Instant now);
    void counted_before(QueueId queue, const acd::QueueToday& more) {
        scopes_[queue.value].seen += more;
    }
    void changed(const acd::Changed& what, Instant now);
    /// What grows by itself: waits, holds, and the window of "now".
    void time_passed(Instant now);
    /// Scopes and `at` are kept here; the rest is whoever shows them's.
    wallboard::Figures& figures() { return figures_; }

private:
    enum class Phase : std::uint8_t { none, waiting, talking, held };
    struct Counted {
        std::size_t scope = 0;  ///< Of the queue; the whole centre's for a call without one.
        Phase phase{};
        Instant entered{}, visit_began{}, held_since{};
        Instant promised = never;  ///< When the agent said to be back.
    };
    /// Waits that ended, by minute.
    struct Window {
        static constexpr std::size_t minutes = 15;
        static_assert(std::chrono::minutes{minutes} == wallboard::now_window);
        std::array<std::uint32_t, minutes> ended{}, in_target{};
        std::int64_t minute = 0;  ///< Of the newest.
        void move_to(Instant now);
    };
    struct Scope {
        Ages waits, visits, holds, promises;
        Window window;
        acd::QueueToday seen;
        bool escalation = false;  ///< A queue for those.
    };

    wallboard::ScopeFigures& shown(std::size_t scope) { return figures_.scopes[scope]; }
    static Counted counted(const acd::Call& call);
    void take(CallId id);
    void take(AgentId id);
    void take(QueueId id, Instant now);
    void count(const Counted& c, CallId id, bool comes);
    void count_visit(const Counted& c, CallId id, bool comes);
    void refresh(std::size_t scope, Instant now);

    const acd::Floor& floor_;
    std::vector<Scope> scopes_;  // as the figures': the whole centre first
    Ages escalations_{0s};       // who waits in any queue for those
    wallboard::Figures figures_;
    std::unordered_map<CallId, Counted> calls_;
    std::vector<acd::agent::State> agents_;
};

}  // namespace holdfast::engine
