// wallboard/watches.hpp: figures that are watched, and the alarms that come of it.
#pragma once
#include "wallboard/bound.hpp"
#include "wallboard/watch_machine.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::wallboard {

/// "longest_wait of sales from 5m, for 10 s": then `text` is an alarm.
struct Watch {
    std::string name;  ///< Of the alarm.
    std::string text;  ///< As boards show it.
    const Value* value = nullptr;
    std::size_t scope = whole_centre;
    Bound bound;
    Micros after = 0s;          ///< It must be out of bounds that long.
    std::uint8_t priority = 5;  ///< 9 is shown before 0.
    bool latches = false;       ///< Shown until somebody acknowledges it, also when it is over.
};

/// An alarm is over when the figure was within bounds for that long: one that flickers is not read.
inline constexpr Micros calm_for = 5s;
inline constexpr std::size_t most_watches = 32;

class Watches {
public:
    explicit Watches(std::vector<Watch> watches);

    struct Change {
        const Watch* watch = nullptr;
        bool raised = false;  ///< Else it is over.
    };
    /// What the figures change. To be asked whenever one has changed, and once a second, as spans
    /// grow by themselves.
    std::vector<Change> look(const Figures& figures);

private:
    struct Watched {
        Watch watch;
        watch::State state{};
        std::array<Instant, 2> due{never, never};  ///< By watch::Timer.
    };
    struct Room;
    std::vector<Watched> all_;
};

}  // namespace holdfast::wallboard
