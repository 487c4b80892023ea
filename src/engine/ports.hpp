// engine/ports.hpp: which RTP port a new endpoint gets. Random among the longest unused, so that a
// port is neither guessed nor met by the late packets of its last call.
#pragma once
#include "base/random.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace holdfast::engine {

class PortPool {
public:
    /// Even ports from `first` to `last`; each stands for itself and the next (RTCP).
    PortPool(std::uint16_t first, std::uint16_t last);

    /// A free port, drawn from the quarter that was unused longest. A port rests 30 s; one that had
    /// less is given only when no other is left, and counted. Nothing where all are taken.
    std::optional<std::uint16_t> take(Instant now, Random& random);
    void give_back(std::uint16_t port, Instant now);
    /// Takes a port that is known to be ours from before a restart.
    void claim(std::uint16_t port);

    std::size_t free_count() const { return free_.size(); }
    std::uint64_t short_rests() const { return short_rests_; }

private:
    struct Free {
        std::uint16_t port;
        Instant since;
    };
    std::deque<Free> free_;  // longest unused first
    std::uint64_t short_rests_ = 0;
};

}  // namespace holdfast::engine
