// firmware/cortex/board.hpp: display, line and watchdog of a board as the firmware's hardware, and
// its loop.
#pragma once
#include "firmware/app.hpp"

#include <cstdint>

namespace holdfast::cortex {

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
