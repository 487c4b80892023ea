// engine/engine.hpp: the exchange as one deterministic object. It is given one input and the time,
// and answers with effects and its next deadline. It opens no socket, reads no clock, starts no
// thread, and draws no random number that did not come from its seed.
#pragma once
#include "acd/floor.hpp"
#include "engine/effects.hpp"
#include "engine/inputs.hpp"
#include "engine/settings.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

class Engine {
public:
    explicit Engine(Settings settings);
    ~Engine();

    /// Calls `tell` whenever the call changes that a step works at, with a word that means the same
    /// in the next life (in_hand.hpp); zero: with none. Before Started.
    void tell_in_hand(std::function<void(std::uint64_t)> tell) { tell_in_hand_ = std::move(tell); }

    /// One step. `received_at` is when the kernel got what caused the input (its deadline for
    /// Ticked); `now` drives timers and never goes back. Deadlines before `received_at` run first,
    /// so that a packet that waited in the socket is judged by when it came.
    void take(const Input& input, Instant received_at, Instant now);

    /// The effects of the step, to be performed in order. Draining is not optional.
    std::vector<Effect> take_effects();

    struct NextDeadline {
        Instant at;
        std::string_view reason;
    };
    /// When to be told Ticked, and why; nothing where nothing is awaited.
    std::optional<NextDeadline> next_deadline() const;

    /// A hash over the whole live state, callers' numbers and names aside: equal after a replay.
    std::string state_hash() const;

    /// What is alive, for the simulator's checks.
    struct Census {
        std::size_t calls = 0, legs = 0, dials = 0, sessions = 0, deadlines = 0;
        std::size_t client_transactions = 0, server_transactions = 0;
        std::size_t uncommitted_rows = 0;
        std::size_t unopened = 0;  ///< Legs whose media is not there yet.
        bool sound = true;
        std::string flaw;
        std::string a_leg;  ///< One of the legs, in words; one without media first.
    };
    Census census() const;
    const acd::Floor& floor() const;
    /// Whether the input, before it is taken, may bring a digit that is to be kept nowhere.
    bool hides_digits(const Input& input) const;

private:
    class Impl;
    Settings settings_;  // until Started
    std::function<void(std::uint64_t)> tell_in_hand_;
    std::unique_ptr<Impl> impl_;
};

}  // namespace holdfast::engine
