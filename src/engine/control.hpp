// engine/control.hpp: answers what technicians and tools ask, and tells those who watch.
#pragma once
#include "console/requests.hpp"
#include "engine/inputs.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::engine {

class Alarms;
class Dials;
class Legs;
class Phones;
class QueueCalls;
class Trunks;
class Wallboards;
struct Context;

/// Figures that only the engine itself knows.
struct ControlFigures {
    Instant started{};
    std::string media = "down";
    std::uint32_t media_endpoints = 0;
    std::uint64_t rows_written = 0;
    std::string state_hash;
};

class Control {
public:
    Control(Context& context,
            Legs& legs,
            Phones& phones,
            Trunks& trunks,
            Alarms& alarms,
            Wallboards& wallboards)
        : context_{context},
          legs_{legs},
          phones_{phones},
          trunks_{trunks},
          alarms_{alarms},
          wallboards_{wallboards} {}

    /// Answers at once; orders are performed through the floor.
    void asked(const Commanded& command, const ControlFigures& figures);
    void watcher_left(std::uint64_t connection) { std::erase(watchers_, connection); }
    bool watched() const { return !watchers_.empty(); }
    void tell(const console::Event& event);

    console::QueueLine line(QueueId queue) const;
    console::AgentLine line(AgentId agent) const;
    console::CallLine line(CallId call) const;

private:
    console::Answer answer(const Commanded& command, const ControlFigures& figures);
    console::StatusAnswer status(const ControlFigures& figures) const;
    console::Answer hang_up(CallId call);
    console::Answer order(const console::OrderAgent& order);
    console::Answer order(const console::OrderQueue& order);
    std::vector<console::PhoneLine> phone_lines() const;
    std::vector<console::TrunkLine> trunk_lines() const;
    static constexpr std::size_t most_watchers = 64;

    Context& context_;
    Legs& legs_;
    Phones& phones_;
    Trunks& trunks_;
    Alarms& alarms_;
    Wallboards& wallboards_;
    std::vector<std::uint64_t> watchers_;
};

}  // namespace holdfast::engine
