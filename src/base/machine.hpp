// base/machine.hpp: state machines as constexpr tables that the compiler proves complete.
#pragma once
#include "base/enum_text.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace holdfast {

/// A set of enumerators, written {a, b, c}.
template <class E>
struct Set {
    static_assert(enum_count<E> <= 64, "a Set is one 64-bit word");
    std::uint64_t bits = 0;

    constexpr Set() = default;
    constexpr Set(std::initializer_list<E> es) {
        for (const E e : es)
            bits |= std::uint64_t{1} << static_cast<unsigned>(e);
    }
    static constexpr Set all() {
        Set s;
        for (const E e : every<E>)
            s = s | Set{e};
        return s;
    }

    constexpr bool has(E e) const { return (bits >> static_cast<unsigned>(e) & 1u) != 0; }
    constexpr bool within(Set other) const { return (bits & ~other.bits) == 0; }
    friend constexpr Set operator|(Set a, Set b) { return a.bits |= b.bits, a; }
    friend constexpr Set operator&(Set a, Set b) { return a.bits &= b.bits, a; }
    friend constexpr Set operator-(Set a, Set b) { return a.bits &= ~b.bits, a; }
    friend constexpr auto operator<=>(Set, Set) = default;
};

/// A short list of enumerators in the order written, at most six.
template <class E>
struct List {
    std::array<E, 6> items{};
    std::uint8_t count = 0;

    constexpr List() = default;
    constexpr List(std::initializer_list<E> es) {
        for (const E e : es)
            items.at(count++) = e;
    }

    constexpr const E* begin() const { return items.data(); }
    constexpr const E* end() const { return items.data() + count; }
};

/// The names a machine is written in and the rows of its tables. A machine derives from it and
/// adds `rows` and `ignored`; `deadlines` and `at_start` where it has timers. State{} is the first.
template <class S, class E, class G, class A, class T>
struct Alphabet {
    using State = S;
    using Event = E;
    using Guard = G;
    using Action = A;
    using Timer = T;

    /// What a row answers: an event, or a timer that ran out.
    struct Cause {
        std::size_t index = 0;
        constexpr Cause() = default;
        // NOLINTBEGIN(google-explicit-constructor): a row names the one or the other
        constexpr Cause(E e) : index{static_cast<std::size_t>(e)} {}
        constexpr Cause(T t) : index{enum_count<E> + static_cast<std::size_t>(t)} {}
        // NOLINTEND(google-explicit-constructor)
        constexpr bool is_timer() const { return index >= enum_count<E>; }
        constexpr E event() const { return static_cast<E>(index); }
        constexpr T timer() const { return static_cast<T>(index - enum_count<E>); }
    };

    /// One arrow. Rows of the same (from, on) are tried top to bottom; the last must be `always`.
    /// A deadline it does not name runs on where `to` lists it, and stops where `to` does not.
    struct Row {
        S from;
        Cause on;
        G when;
        S to;
        List<A> actions{};
        Set<T> starts{};  ///< These begin anew, also those that run.
        Set<T> clears{};  ///< These stop although `to` lists them.
    };

    /// Events that change nothing in some states, and why that is right.
    struct Ignored {
        Set<S> in;
        Set<E> events;
        std::string_view why;
    };

    /// The deadlines that may run in some states. Each needs a row there.
    struct Deadlines {
        Set<S> in;
        Set<T> may_run;
    };

    static constexpr std::array<Deadlines, 0> deadlines{};
    static constexpr Set<T> at_start{};
};

/// The deadlines that may run in `s`.
template <class M>
constexpr Set<typename M::Timer> may_run(typename M::State s) {
    Set<typename M::Timer> timers;
    for (const auto& d : M::deadlines)
        if (d.in.has(s)) timers = timers | d.may_run;
    return timers;
}

/// The row that answers `on` in `s`, or nullptr when the event is ignored there.
template <class M, class Holds>
constexpr const typename M::Row* answer(typename M::State s, typename M::Cause on, Holds holds) {
    for (const auto& r : M::rows)
        if (r.from == s && r.on.index == on.index && (r.when == M::Guard::always || holds(r.when)))
            return &r;
    return nullptr;
}

/// Takes one step: `room` moves the deadlines and performs the actions, in the order written.
/// The timer that ran out no longer runs. Returns the row, or nullptr when `on` is ignored.
template <class M, class Room>
constexpr const typename M::Row* step(typename M::State& s, typename M::Cause on, Room& room) {
    const auto* row = answer<M>(s, on, [&](auto guard) { return room.holds(guard); });
    if (row == nullptr) return nullptr;
    s = row->to;
    const auto kept = may_run<M>(s) - row->clears;
    for (const auto timer : every<typename M::Timer>) {
        if (row->starts.has(timer))
            room.start(timer);
        else if (!kept.has(timer))
            room.stop(timer);
    }
    for (const auto action : row->actions)
        room.perform(action);
    return row;
}

}  // namespace holdfast
