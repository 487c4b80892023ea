// The driver for our boards against the firmware itself, in one process.
#include "board/desk.hpp"
#include "boards/native/png.hpp"
#include "support/golden.hpp"
#include "wallboard/panel_driver.hpp"
#include "wallboard/ready_made.hpp"
#include "wallboard/watches.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::wallboard;

namespace {

const std::vector<QueueName> four{
    {"sales", QueueId{1}}, {"support", QueueId{2}}, {"billing", QueueId{3}}, {"night", QueueId{4}}};

panel::Settings wall(ReadyMade which, std::size_t queues = 1) {
    return {.layout = *ready_made(which, std::span{four}.first(queues), Geometry{})};
}

/// The same picture as a new board shows it that is told everything at once.
std::uint32_t crc_when_new(const panel::Settings& settings, const Figures& figures) {
    desk::Desk desk{settings, 256, 32};
    desk.show(figures);
    desk.run(100ms);
    return desk.picture_crc();
}

}  // namespace

TEST_CASE("panel: the three ready-made layouts, as they look", "[wallboard]") {
    for (const auto& [which, queues] : {std::pair{ReadyMade::one_queue, 1},
                                        std::pair{ReadyMade::four_queues, 4},
                                        std::pair{ReadyMade::escalation_and_hold, 1}}) {
        desk::Desk desk{wall(which, static_cast<std::size_t>(queues)), 256, 32};
        desk.show(desk::busy_floor(4));
        desk.run(100ms);
        CHECK(desk.driver.health(desk.now).trouble.empty());
        const auto png = native::png_of(desk.canvas(), desk.palette(), 3);
        const std::string bytes(png.begin(), png.end());
        const auto file = std::string{GOLDEN_DIR} + "/wallboard/" + std::string{text(which)};
        CHECK(test::golden(file + ".png", bytes) == bytes);
    }
}

TEST_CASE("panel: a change costs what has changed, and comes out the same", "[wallboard]") {
    const auto settings = wall(ReadyMade::one_queue);
    desk::Desk desk{settings, 256, 32};
    auto f = desk::busy_floor(1);
    desk.show(f);
    desk.run(1s);
    const auto& counters = desk.driver.counters();
    CHECK(counters.greetings == 1);
    CHECK(counters.layouts == 1);
    CHECK(counters.sets == 1);
    CHECK(counters.commits == 1);
    const auto before = desk.sent;
    f.scopes[1].waiting = 3;
    desk.show(f);
    desk.run(1s);
    CHECK(counters.sets == 2);
    CHECK(counters.commits == 2);
    CHECK(desk.sent - before < 60);
    CHECK(desk.picture_crc() == crc_when_new(settings, f));
    // Nothing has changed: the commit alone says that it is still true.
    desk.show(f);
    desk.run(1s);
    CHECK(counters.sets == 2);
    CHECK(counters.commits == 3);
}

TEST_CASE("panel: ten commits a second at most", "[wallboard]") {
    desk::Desk desk{wall(ReadyMade::one_queue), 256, 32};
    auto f = desk::busy_floor(1);
    for (std::uint32_t i = 0; i < 200; ++i) {
        f.scopes[1].waiting = i % 7;
        desk.show(f);
        desk.run(10ms);
    }
    CHECK(desk.driver.counters().commits >= 15);
    CHECK(desk.driver.counters().commits <= 21);
    desk.run(200ms);
    CHECK(desk.picture_crc() == crc_when_new(wall(ReadyMade::one_queue), f));
}

TEST_CASE("panel: without figures the board says NO DATA by itself", "[wallboard]") {
    desk::Desk desk{wall(ReadyMade::one_queue), 256, 32};
    desk.show(desk::busy_floor(1));
    desk.run(1s);
    CHECK(desk.screen() == link::Screen::picture);
    desk.run(5s);  // the engine says nothing more, though the daemon lives
    CHECK(desk.screen() == link::Screen::no_data);
    desk.show(desk::busy_floor(1));
    desk.run(100ms);
    CHECK(desk.screen() == link::Screen::picture);
}

TEST_CASE("panel: a board that started anew is found out and told everything", "[wallboard]") {
    const auto settings = wall(ReadyMade::four_queues, 4);
    desk::Desk desk{settings, 256, 32};
    const auto f = desk::busy_floor(4);
    desk.show(f);
    desk.run(1s);
    desk.start(link::ResetCause::watchdog);
    desk.show(f);
    desk.run(1s);
    CHECK(desk.driver.counters().greetings == 2);
    CHECK(desk.driver.health(desk.now).what.find("last start by watchdog") != std::string::npos);
    CHECK(desk.picture_crc() == crc_when_new(settings, f));
}

TEST_CASE("panel: a board that is cut off is told the present when it is back", "[wallboard]") {
    const auto settings = wall(ReadyMade::one_queue);
    desk::Desk desk{settings, 256, 32};
    auto f = desk::busy_floor(1);
    desk.show(f);
    desk.run(1s);
    desk.hears = false;
    for (std::uint32_t i = 0; i < 60; ++i) {
        f.scopes[1].waiting = i;
        desk.show(f);
        desk.run(1s);
    }
    CHECK(desk.driver.health(desk.now).trouble.starts_with("does not answer"));
    const auto before = desk.sent;
    desk.hears = true;
    desk.run(2s);
    CHECK(desk.driver.health(desk.now).trouble.empty());
    CHECK(desk.picture_crc() == crc_when_new(settings, f));
    CHECK(desk.sent - before < 1000);
}

TEST_CASE("panel: pages take turns", "[wallboard]") {
    auto settings = wall(ReadyMade::one_queue);
    auto second = wall(ReadyMade::escalation_and_hold);
    settings.layout.pages.push_back(second.layout.pages.front());
    settings.layout.pages[0].dwell = 4s;
    settings.layout.pages[1].dwell = 2s;
    desk::Desk desk{settings, 256, 32};
    const auto f = desk::busy_floor(1);
    const auto first_crc = crc_when_new(wall(ReadyMade::one_queue), f);
    const auto second_crc = crc_when_new(second, f);
    std::string seen;
    for (int i = 0; i < 12; ++i) {
        desk.show(f);
        desk.run(1s);
        const auto crc = desk.picture_crc();
        seen += crc == first_crc ? '1' : crc == second_crc ? '2' : '?';
    }
    CHECK(seen.find("111122") != seen.npos);
    CHECK(seen.find('?') == seen.npos);
}

TEST_CASE("panel: an alarm stands above the figures until it is dealt with", "[wallboard]") {
    const auto settings = wall(ReadyMade::one_queue);
    desk::Desk desk{settings, 256, 32};
    auto f = desk::busy_floor(1);
    const auto calm = crc_when_new(settings, f);
    f.alarms = {{"SALES WAITS", 7}};
    desk.show(f);
    desk.run(100ms);
    CHECK(desk.driver.wanted().contents.front().bytes == "SALES WAITS");
    CHECK(desk.driver.wanted().contents.front().look.effect == link::Effect::blink);
    CHECK(desk.picture_crc() != calm);
    f.alarms[0].acknowledged = true;
    desk.show(f);
    desk.run(200ms);
    CHECK(desk.picture_crc() == calm);
    f.alarms = {{"over, and nobody has seen it", 7, false, false}};
    desk.show(f);
    desk.run(200ms);
    CHECK(desk.driver.wanted().contents.front().look.effect != link::Effect::blink);
    CHECK(desk.picture_crc() != calm);
    f.alarms = {{"too small a thing", 0}};
    auto deaf = settings;
    deaf.least_priority = 5;
    CHECK(crc_when_new(deaf, f) == calm);
}

TEST_CASE("panel: what is wrong with a board stands on it", "[wallboard]") {
    desk::Desk desk{wall(ReadyMade::one_queue), 128, 32};
    desk.show(desk::busy_floor(1));
    desk.run(1s);
    CHECK(desk.driver.health(desk.now).trouble ==
          "geometry mismatch: the settings say 256x32, the board is 128x32");
    CHECK(desk.screen() == link::Screen::picture);
    CHECK(desk.driver.wanted().contents.front().bytes.starts_with("geometry mismatch"));
    auto settings = wall(ReadyMade::one_queue);
    settings.board = "interstate75";
    desk::Desk other{settings, 256, 32};
    other.show(desk::busy_floor(1));
    other.run(1s);
    CHECK(other.driver.health(other.now).trouble ==
          "unknown board: the settings want interstate75, this is desk");
}

TEST_CASE("watches: an alarm comes after its patience and goes after some calm", "[wallboard]") {
    Watch w;
    w.name = "floor-two";
    w.value = find_value("waiting");
    w.scope = 1;
    w.bound = {.at = 2};
    w.after = 3s;
    Watches watches{{w}};
    Figures f;
    f.scopes.resize(2);
    std::string seen;
    const auto look = [&](std::uint32_t waiting, int second) {
        f.at = Instant{std::chrono::seconds{second}};
        f.scopes[1].waiting = waiting;
        for (const auto& change : watches.look(f))
            seen += (change.raised ? "+" : "-") + std::to_string(second) + " ";
    };
    look(2, 0), look(1, 2), look(2, 3), look(2, 5);  // too short, then again
    CHECK(seen.empty());
    look(2, 6);
    CHECK(seen == "+6 ");
    look(0, 7), look(3, 11), look(0, 12), look(0, 16);
    CHECK(seen == "+6 ");
    look(0, 17);
    CHECK(seen == "+6 -17 ");
    // Without patience it comes in the same look.
    w.after = 0s;
    watches = Watches{{w}};
    look(2, 20);
    CHECK(seen == "+6 -17 +20 ");
}
