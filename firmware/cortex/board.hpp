// firmware/cortex/board.hpp: display, line and watchdog of a board as the firmware's hardware, and
// its loop.
#pragma once
#include "firmware/app.hpp"
#include "firmware/cortex/refresh.hpp"
#include "firmware/cortex/start.hpp"
#include "firmware/update/image.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace holdfast::cortex {

constexpr firmware::BoardFacts facts_of(const Panels& panels,
                                        std::string_view name,
                                        std::uint8_t node) {
    return {.name = name,
            .width = static_cast<std::uint16_t>(panels.width),
            .height = static_cast<std::uint16_t>(panels.height),
            .colour_bits = static_cast<std::uint8_t>(panels.colour_bits),
            .refresh_hz = static_cast<std::uint16_t>(panels.refresh_hz()),
            .version = HOLDFAST_VERSION,
            .node = node};
}

/// Where the image that asks is.
inline std::uint8_t slot_that_runs(const firmware::Flash& flash) {
    const std::uint32_t image = vectors_address() - firmware::image_header;
    return image == flash.address(firmware::Area::slot_b) ? 1 : 0;
}

template <class Display, class Line>
class Board : public firmware::Hardware {
public:
    Board(Display& display, Line& line) : display_{display}, line_{line} {}

    void write(link::Bytes frame) final { line_.write(frame); }
    void show(const firmware::Canvas& canvas,
              const link::Palette& palette,
              std::uint8_t brightness) final {
        display_.show(canvas, palette, brightness);
    }
    /// Only while the display goes on: both halves of the firmware must live.
    void feed_watchdog() final {
        if (display_.slots() == fed_at_) return;
        fed_at_ = display_.slots();
        feed();
    }
    std::uint32_t overruns() const final { return line_.overruns(); }

    [[noreturn]] void run(firmware::App& app) {
        for (;;) {
            const Instant now = display_.now();
            while (const auto octet = line_.take())
                app.take(*octet, now);
            app.step(display_.now());
            asm volatile("wfi");
        }
    }

protected:
    ~Board() = default;
    virtual void feed() = 0;

private:
    Display& display_;
    Line& line_;
    std::uint32_t fed_at_ = 0;
};

}  // namespace holdfast::cortex
