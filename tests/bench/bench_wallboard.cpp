// What a wallboard costs: octets on the line for an update, and the daemon's CPU for one.
#include "bench/bench.hpp"
#include "board/desk.hpp"
#include "engine/floor_figures.hpp"
#include "wallboard/alpha_driver.hpp"
#include "wallboard/ready_made.hpp"

#include <string>

using namespace holdfast;
using namespace holdfast::wallboard;

namespace {

const std::vector<QueueName> four{
    {"sales", QueueId{1}}, {"support", QueueId{2}}, {"billing", QueueId{3}}, {"night", QueueId{4}}};

/// Every value of every queue another one than before.
Figures other(const Figures& before, std::uint32_t step) {
    Figures f = before;
    for (auto& s : f.scopes) {
        s.waiting = 10 + step % 7;
        s.longest_wait = std::chrono::seconds{100 + step % 61};
        s.answered_in_target = 100 + step % 71;
        s.held_over_limit = step % 5;
        s.held = 5 + step % 3;
        s.longest_hold = std::chrono::seconds{200 + step % 59};
        s.agents.fill(step % 9);
    }
    f.wall += std::chrono::minutes{step};
    return f;
}

void octets(ReadyMade which, std::size_t queues) {
    const auto layout = *ready_made(which, std::span{four}.first(queues), Geometry{});
    desk::Desk desk{{.layout = layout}, 256, 32};
    const auto busy = desk::busy_floor(4);
    desk.show(busy);
    desk.run(500ms);
    const auto begun = desk.sent;
    desk.show(other(busy, 1));
    desk.run(500ms);
    const auto all = desk.sent - begun;
    auto one = other(busy, 1);
    ++one.scopes[1].waiting;
    desk.show(one);
    desk.run(500ms);
    const auto single = desk.sent - begun - all;
    desk.show(one);
    desk.run(500ms);
    std::printf("%-22.*s %8zu %8zu %8zu %8zu\n",
                static_cast<int>(text(which).size()),
                text(which).data(),
                begun,
                all,
                single,
                desk.sent - begun - all - single);
}

void panel_cost(ReadyMade which, std::size_t queues) {
    panel::PanelDriver driver{
        {.layout = *ready_made(which, std::span{four}.first(queues), Geometry{})}};
    const auto busy = desk::busy_floor(4);
    std::uint32_t step = 0;
    bench::print("panel: show, " + std::string{text(which)},
                 bench::time([&] { driver.show(other(busy, ++step), Instant{1s}); }));
}

void alpha_cost() {
    alpha::Settings s;
    s.layout = *ready_made(ReadyMade::four_queues, four, Geometry{Unit::characters, 30, 2});
    alpha::AlphaDriver driver{s};
    const auto busy = desk::busy_floor(4);
    std::uint32_t step = 0;
    Instant now{1000s};
    driver.connected(now);
    bench::print("alpha: show and a packet, four_queues",
                 bench::time(
                     [&] {
                         driver.show(other(busy, ++step), now);
                         for (int i = 0; i < 10; ++i, now += 500ms)
                             bench::keep(driver.next(now));
                     },
                     200));
}

void picture_cost(std::size_t queues) {
    acd::Settings s;
    s.queues.resize(queues);
    s.agents.resize(100);
    for (auto& a : s.agents)
        a.queues = {QueueId{1}, QueueId{2}};
    Deadlines deadlines;
    Random random = Random::from(1);
    acd::Floor floor{s, deadlines, random};
    engine::FloorFigures figures{floor, 3min};
    Instant now{1000s};
    bench::print("engine: the picture of " + std::to_string(queues) + " queues",
                 bench::time(
                     [&] {
                         now += 1s;
                         figures.time_passed(now);
                         bench::keep(Figures{figures.figures()});
                     },
                     500,
                     5));
}

}  // namespace

int main() {
    std::printf(
        "octets to a board of 256x32\n%-22s %8s %8s %8s %8s\n", "", "start", "all", "one", "none");
    octets(ReadyMade::one_queue, 1);
    octets(ReadyMade::four_queues, 4);
    octets(ReadyMade::escalation_and_hold, 1);
    bench::print_head();
    panel_cost(ReadyMade::one_queue, 1);
    panel_cost(ReadyMade::four_queues, 4);
    alpha_cost();
    picture_cost(4);
    picture_cost(500);
}
