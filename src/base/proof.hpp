// base/proof.hpp: the compiler's proof that a table gives every pair exactly one meaning.
#pragma once
#include "base/machine.hpp"

namespace holdfast {

/// What is wrong with a pair of a state and an event or timer. Only `none` lets the build go on.
enum class Flaw {
    none,
    no_meaning,        // no row, and not ignored
    two_meanings,      // a row and ignored, or ignored twice
    open_ended,        // its last row is not `always`
    row_never_tried,   // a row stands below an `always` row
    timer_never_runs,  // a row for a timer that the state does not list
    starts_unlisted,   // a row starts a timer that its target does not list
    clears_in_vain,    // a row clears a timer that could not run on, or that it starts
};

/// Reads a table once, in time linear in its rows and pairs, and keeps the first flaw.
template <class M>
struct Proof {
    using State = typename M::State;
    using Cause = typename M::Cause;
    enum class Meaning : std::uint8_t { none, guarded, closed, ignored };
    static constexpr std::size_t states = enum_count<State>;
    static constexpr std::size_t causes =
        enum_count<typename M::Event> + enum_count<typename M::Timer>;

    Flaw flaw = Flaw::none;
    State in{};
    Cause on{};

    constexpr Proof() {
        for (const State s : every<State>)
            listed_[index(s)] = may_run<M>(s);
        for (const auto& row : M::rows)
            read(row);
        for (const auto& ignored : M::ignored)
            read(ignored);
        for (const State s : every<State>)
            judge(s);
    }

private:
    std::array<Set<typename M::Timer>, states> listed_{};
    std::array<std::array<Meaning, causes>, states> meanings_{};

    static constexpr std::size_t index(State s) { return static_cast<std::size_t>(s); }

    constexpr void note(bool wrong, Flaw what, State s, Cause c) {
        if (wrong && flaw == Flaw::none) flaw = what, in = s, on = c;
    }

    constexpr void read(const typename M::Row& r) {
        Meaning& meaning = meanings_[index(r.from)][r.on.index];
        const auto kept = listed_[index(r.from)] & listed_[index(r.to)];
        note(meaning == Meaning::closed, Flaw::row_never_tried, r.from, r.on);
        note(!r.starts.within(listed_[index(r.to)]), Flaw::starts_unlisted, r.from, r.on);
        note(!r.clears.within(kept - r.starts), Flaw::clears_in_vain, r.from, r.on);
        meaning = r.when == M::Guard::always ? Meaning::closed : Meaning::guarded;
    }

    constexpr void read(const typename M::Ignored& i) {
        for (const State s : every<State>) {
            if (!i.in.has(s)) continue;
            for (const auto event : every<typename M::Event>) {
                if (!i.events.has(event)) continue;
                Meaning& meaning = meanings_[index(s)][Cause{event}.index];
                note(meaning != Meaning::none, Flaw::two_meanings, s, event);
                meaning = Meaning::ignored;
            }
        }
    }

    constexpr void judge(State s) {
        for (const auto event : every<typename M::Event>)
            judge(s, event, true);
        for (const auto timer : every<typename M::Timer>)
            judge(s, timer, listed_[index(s)].has(timer));
    }

    constexpr void judge(State s, Cause c, bool may_come) {
        const Meaning meaning = meanings_[index(s)][c.index];
        note(may_come && meaning == Meaning::none, Flaw::no_meaning, s, c);
        note(!may_come && meaning != Meaning::none, Flaw::timer_never_runs, s, c);
        note(meaning == Meaning::guarded, Flaw::open_ended, s, c);
    }
};

/// Stops the build unless `flaw` is none; the compiler's message shows all three names.
template <Flaw flaw, auto state, auto cause>
consteval bool clear() {
    static_assert(flaw == Flaw::none, "flawed table: flaw, state and cause are named beside this");
    return true;
}

template <class M>
consteval bool complete() {
    constexpr Proof<M> proof;
    if constexpr (proof.on.is_timer())
        return clear<proof.flaw, proof.in, proof.on.timer()>();
    else
        return clear<proof.flaw, proof.in, proof.on.event()>();
}

/// Whether every state can be entered from the first one.
template <class M>
consteval bool reachable() {
    Set<typename M::State> reached{typename M::State{}};
    for (Set<typename M::State> before; reached != before;) {
        before = reached;
        for (const auto& r : M::rows)
            if (reached.has(r.from)) reached = reached | Set{r.to};
    }
    for (const auto s : every<typename M::State>)
        if (!reached.has(s)) return false;
    return true;
}

}  // namespace holdfast
