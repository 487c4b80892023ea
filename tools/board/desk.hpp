// tools/board/desk.hpp: a board with our firmware and the daemon's driver, joined by a line that
// loses nothing and takes no time of the clock on the wall.
#pragma once
#include "firmware/app.hpp"
#include "wallboard/panel_driver.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::desk {

class Desk final : public firmware::Hardware {
public:
    /// A board of that size, whatever the settings of the driver say.
    Desk(wallboard::panel::Settings settings, std::uint16_t width, std::uint16_t height)
        : driver{std::move(settings)},
          width_{width},
          height_{height},
          pixels_(std::size_t{width} * height) {
        start(link::ResetCause::power);
        driver.connected(now);
    }

    /// The board begins anew, with another boot id.
    void start(link::ResetCause cause) {
        app_.emplace(firmware::BoardFacts{"desk", width_, height_, 8, 200, "1.0", 1},
                     firmware::Start{++boot_, cause},
                     firmware::Canvas{pixels_, width_, height_},
                     *this);
    }
    void show(const wallboard::Figures& figures) {
        shown = figures;
        driver.show(figures, now);
    }
    /// Lets so much time pass, in steps of the board's loop.
    void run(Micros time) {
        for (const Instant end = now + time; now < end; now += 1ms) {
            for (auto bytes = driver.next(now); !bytes.empty(); bytes = driver.next(now)) {
                sent += bytes.size();
                note_set(bytes);
                for (const char c : bytes)
                    if (hears) app_->take(static_cast<std::uint8_t>(c), now);
                driver.received(answer_, now);
                answer_.clear();
            }
            app_->step(now);
        }
    }

    /// The picture as it was when it was committed: nothing blinks or has moved yet.
    std::uint32_t picture_crc() {
        link::FrameBuffer room;
        for (const auto octet : link::write_request(room, 1, ++asked_, link::Snapshot{0}))
            app_->take(octet, now);
        link::Deframer deframer;
        std::uint32_t crc = 0;
        for (const char c : std::exchange(answer_, {}))
            if (const auto frame = deframer.take(static_cast<std::uint8_t>(c)))
                if (const auto answer = link::read_answer(*frame))
                    if (const auto body = link::read_body<link::SnapshotAnswer>(answer->body))
                        crc = body->crc;
        return crc;
    }
    const firmware::Canvas& canvas() const { return app_->canvas(); }
    const link::Palette& palette() const { return app_->palette(); }
    std::uint8_t brightness() const { return app_->brightness(); }
    link::Screen screen() const { return app_->screen(now); }

    wallboard::panel::PanelDriver driver;
    Instant now{1000s};
    std::size_t sent = 0;         ///< Octets to the board.
    bool hears = true;            ///< Else the line is cut.
    std::size_t longest_set = 0;  ///< Octets of the line.
    std::optional<wallboard::Figures> shown;

private:
    void note_set(const std::string& bytes) {
        link::Deframer deframer;
        for (const char c : bytes)
            if (const auto frame = deframer.take(static_cast<std::uint8_t>(c)))
                if (const auto request = link::read_request(*frame);
                    request && request->kind == static_cast<std::uint8_t>(link::Kind::set))
                    longest_set = std::max(longest_set, bytes.size());
    }
    void write(link::Bytes frame) override { answer_.append(frame.begin(), frame.end()); }
    void show(const firmware::Canvas&, const link::Palette&, std::uint8_t) override {}
    void reboot(link::RebootInto) override {}
    void feed_watchdog() override {}
    std::uint32_t overruns() const override { return 0; }

    std::uint16_t width_, height_;
    std::uint32_t boot_ = 0;
    std::uint8_t asked_ = 0;
    std::vector<std::uint8_t> pixels_;
    std::optional<firmware::App> app_;
    std::string answer_;
};

/// A floor in trouble, for pictures: as many queues as asked for.
inline wallboard::Figures busy_floor(std::size_t queues) {
    using acd::agent::State;
    wallboard::Figures f;
    f.wall = WallInstant{std::chrono::hours{14} + std::chrono::minutes{32}};
    f.scopes.resize(queues + 1);
    for (std::uint32_t i = 0; i <= queues; ++i) {
        auto& s = f.scopes[i];
        s.waiting = 7 - i;
        s.calls = s.waiting + 12;
        s.longest_wait = std::chrono::seconds{161 - 37 * i};
        s.past_two_minutes = s.longest_wait > wallboard::two_minutes ? 1 : 0;
        s.escalations_waiting = s.waiting;
        s.escalations_oldest = s.longest_wait;
        s.held = 3;
        s.held_over_limit = i % 2 == 0 ? 1 : 0;
        s.longest_hold = 205s;
        s.agents[static_cast<std::size_t>(State::ready)] = i % 2;
        s.agents[static_cast<std::size_t>(State::talking)] = 9;
        s.offered = 250;
        s.answered = 200;
        s.answered_in_target = 163 - 20 * i;
        s.abandoned = 6;
        s.recent = 20;
        s.recent_in_target = 11;
    }
    f.message = "Team meeting at 15:00 in the large room";
    f.praise = "Ann: 40 calls, all answered well";
    return f;
}

}  // namespace holdfast::desk
