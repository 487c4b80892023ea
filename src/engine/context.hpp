// engine/context.hpp: what every part of the engine works with: settings, the rooms below, the
// present, and where effects go.
#pragma once
#include "acd/floor.hpp"
#include "base/deadlines.hpp"
#include "base/random.hpp"
#include "engine/effects.hpp"
#include "engine/settings.hpp"
#include "sip/user_agent.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::engine {

/// What DeadlineOwner::engine's deadlines are for.
enum class EngineTimer : std::uint8_t { calendar, wallboards };

struct Context {
    const Settings& settings;
    Deadlines& deadlines;
    Random& random;
    sip::UserAgent& sip;
    acd::Floor& floor;
    std::vector<Effect>& out;
    WallAnchor anchor{};
    Instant now{};
    Instant at{};  ///< Of the event in hand: the kernel's stamp, never after `now`.

    acd::When when() const { return {at, now}; }

    template <class... Args>
    void log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
        out.push_back(Log{level, fmt::format(format, std::forward<Args>(args)...)});
    }
    void media(media::Order order) { out.push_back(OrderMedia{std::move(order)}); }
};

}  // namespace holdfast::engine
