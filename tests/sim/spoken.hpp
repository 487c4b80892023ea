// tests/sim/spoken.hpp: an agent and a caller whose voices are told, in virtual time.
#pragma once
#include "sim/world.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <vector>

namespace holdfast::sim {

/// An agent and a caller who have just begun to talk.
struct Spoken {
    World w{31, centre(2)};
    peers::Phone& phone = *w.phones[0];

    explicit Spoken(peers::Patience patience = {.hangs_up_after = 0s}) {
        for (auto& p : w.phones) {
            p->decide = [](Random&) { return peers::Manner{.talks_for = 0s}; };
            p->second_line = true;
        }
        w.run(1s);
        w.log_in(0);
        w.run(1s);
        w.carrier->call_in("0301234567", "100", patience, w.now);
        w.run(3s);
        REQUIRE(w.agent_state(0) == "talking");
        both_speak(1s);
    }
    void both_speak(Micros span) {
        w.speak(carrier_at, true);
        w.speak(phone_at(0), true);
        w.run(span);
    }
    /// They stop; the media process tells it 2 s later.
    Instant fall_silent() {
        const Instant at = w.now;
        w.speak(carrier_at, false);
        w.speak(phone_at(0), false);
        return at;
    }
    /// The marks of that kind, in seconds.
    std::vector<std::int64_t> lengths(const char* kind) {
        std::vector<std::int64_t> all;
        for (const auto& mark : w.checks().voices(kind))
            all.push_back(
                std::chrono::round<std::chrono::seconds>(mark.ended - mark.began).count());
        return all;
    }
    std::size_t tones() { return w.said_to(phone_at(0)).size(); }
    using Lengths = std::vector<std::int64_t>;
};

}  // namespace holdfast::sim
