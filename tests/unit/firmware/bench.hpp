// tests/unit/firmware/bench.hpp: the firmware on a table: a fake board, and requests by hand.
#pragma once
#include "firmware/app.hpp"
#include "link/sender.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace holdfast::firmware::test {

struct FakeBoard final : Hardware {
    std::vector<std::vector<std::uint8_t>> written;
    std::vector<std::uint8_t> panel;
    int shows = 0;
    int fed = 0;
    std::optional<link::RebootInto> rebooted;

    void write(link::Bytes frame) override { written.emplace_back(frame.begin(), frame.end()); }
    void show(const Canvas& canvas, const link::Palette&, std::uint8_t) override {
        panel.assign(canvas.pixels().begin(), canvas.pixels().end());
        ++shows;
    }
    void reboot(link::RebootInto into) override { rebooted = into; }
    void feed_watchdog() override { ++fed; }
    std::uint32_t overruns() const override { return 0; }
};

/// An app of 64x32 with somebody who asks it.
class Bench {
public:
    static constexpr int width = 64;
    static constexpr int height = 32;

    FakeBoard board;
    Instant now{1s};

    explicit Bench(Updates* updates = nullptr)
        : app_{std::make_unique<App>(BoardFacts{.name = "bench",
                                                .width = width,
                                                .height = height,
                                                .colour_bits = 4,
                                                .refresh_hz = 200,
                                                .version = "0.1.0",
                                                .node = 5},
                                     Start{.boot = 99, .cause = link::ResetCause::power},
                                     Canvas{pixels_, width, height},
                                     board,
                                     updates)} {
        app_->step(now);
    }

    App& app() { return *app_; }
    void octets(link::Bytes all) {
        for (const std::uint8_t octet : all)
            app_->take(octet, now);
    }
    /// Its answer; the frame is kept until the next request.
    template <class T>
    link::Answer ask(const T& body) {
        board.written.clear();
        octets(sender_.ask(5, body, now));
        REQUIRE(board.written.size() == 1);
        std::optional<link::Answer> answer;
        for (const std::uint8_t octet : board.written[0])
            if (const auto heard = sender_.take(octet)) answer = heard;
        REQUIRE(answer);
        return *answer;
    }
    template <class Body, class T>
    Body told(const T& body) {
        const auto answer = ask(body);
        REQUIRE(answer.refusal == link::Refusal::done);
        const auto read = link::read_body<Body>(answer.body);
        REQUIRE(read);
        return *read;
    }
    template <class T>
    link::Refusal refusal(const T& body) {
        return ask(body).refusal;
    }
    void pass(Micros time) {
        const Instant until = now + time;
        while (now < until) {
            now = std::min(until, now + 1ms);
            app_->step(now);
        }
    }
    std::uint32_t crc(std::uint32_t at_ms) {
        return told<link::SnapshotAnswer>(link::Snapshot{at_ms}).crc;
    }

    link::Layout layout(std::uint32_t id, std::initializer_list<link::Cell> cells) {
        link::Layout made{.layout = id, .part = 0, .parts = 1, .cells = {}};
        for (const auto& cell : cells)
            REQUIRE(made.cells.push_back(cell));
        return made;
    }
    link::Set set(std::uint32_t id, std::initializer_list<link::Value> values) {
        link::Set made{.layout = id, .values = {}};
        for (const auto& value : values)
            REQUIRE(made.values.push_back(value));
        return made;
    }
    void show(std::initializer_list<link::Cell> cells, std::initializer_list<link::Value> values) {
        REQUIRE(refusal(layout(7, cells)) == link::Refusal::done);
        REQUIRE(refusal(set(7, values)) == link::Refusal::done);
        REQUIRE(refusal(link::Commit{7}) == link::Refusal::done);
    }
    /// The canvas with a letter a pixel: "." for black, else the first of the colour's name.
    std::vector<std::string> seen(Box box, std::uint32_t at_ms = 0) {
        static_cast<void>(crc(at_ms));
        std::vector<std::string> rows;
        for (int y = box.y; y < box.y + box.height; ++y) {
            auto& row = rows.emplace_back();
            for (int x = box.x; x < box.x + box.width; ++x) {
                const auto colour = app_->canvas().at(x, y);
                row += colour == link::Colour::black ? '.' : text(colour)[0];
            }
        }
        return rows;
    }

private:
    std::vector<std::uint8_t> pixels_ = std::vector<std::uint8_t>(width * height);
    std::unique_ptr<App> app_;
    link::Sender sender_;
};

inline link::Cell cell(std::uint8_t id,
                       link::CellKind kind,
                       Box box,
                       link::Font font = link::Font::small_4x6,
                       link::Align align = link::Align::left) {
    return {id,
            kind,
            static_cast<std::uint16_t>(box.x),
            static_cast<std::uint16_t>(box.y),
            static_cast<std::uint16_t>(box.width),
            static_cast<std::uint16_t>(box.height),
            font,
            align,
            {}};
}

}  // namespace holdfast::firmware::test
