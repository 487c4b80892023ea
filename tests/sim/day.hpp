// tests/sim/day.hpp: a random day in the centre: settings, weather, people and accidents, all drawn
// from one seed.
#pragma once
#include "sim/world.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace holdfast::sim {

class Day {
public:
    explicit Day(std::uint64_t seed, bool narrate = false);
    /// Runs it to the end; throws Broken where a promise is.
    void run();
    const World& world() const { return *world_; }
    std::string hash() const { return world_->hash(); }
    /// How often each state was left, by whom, and how often the process died in it.
    std::map<std::string, std::uint64_t> reached() const;

private:
    void draw_people();
    void happen();
    void agents_act(std::size_t phone);
    void agents_work(std::size_t phone);
    void take_over(std::size_t phone);
    void accident();
    void supervisor_orders();
    void note_crash();

    Random random_;
    std::unique_ptr<World> world_;
    int crashes_left_ = 0, callers_ = 0;
    std::map<std::string, std::uint64_t> reached_;  // by crashes
};

}  // namespace holdfast::sim
