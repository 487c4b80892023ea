// firmware/app.hpp: the firmware without its board: octets of the line and time in, answers and
// pictures out. It opens nothing, allocates nothing and reads no clock.
#pragma once
#include "base/time.hpp"
#include "firmware/canvas.hpp"
#include "firmware/hardware.hpp"
#include "firmware/pictures.hpp"
#include "firmware/renderer.hpp"
#include "firmware/updates.hpp"
#include "link/messages.hpp"
#include "link/receiver.hpp"

#include <cstdint>
#include <optional>

namespace holdfast::firmware {

/// What is shown without a COMMIT for so long is not known to be true any more.
inline constexpr Micros stale_after = 5s;
inline constexpr Micros frame_time = 16'667us;  // 60 frames a second
/// From the answer to a REBOOT until it is done: the answer must have left the line.
inline constexpr Micros reboot_delay = 50ms;

class App {
public:
    /// `updates` may be null, on boards that have no slots. All must outlive the App.
    App(const BoardFacts& facts,
        const Start& start,
        Canvas canvas,
        Hardware& hardware,
        Updates* updates = nullptr);

    /// Takes one octet of the line; answers within the call.
    void take(std::uint8_t octet, Instant now);
    /// One round of the loop: draws when a frame is due and something has changed.
    void step(Instant now);

    link::Screen screen(Instant now) const;
    const Canvas& canvas() const { return canvas_; }
    std::uint8_t brightness() const { return brightness_; }
    const link::Palette& palette() const { return pictures_.shown().palette; }

private:
    struct Handler;  // one row for each kind

    void carry_out(const link::Request& request, Instant now);
    void answer(const link::Request& request, Verdict verdict);
    template <class T>
    void answer_with(const link::Request& request, const T& body);

    void hello(const link::Request& request, Instant now);
    void status(const link::Request& request, Instant now);
    void commit(const link::Request& request, Instant now);
    void snapshot(const link::Request& request, Instant now);
    Verdict perform(const link::Layout& layout, Instant now);
    Verdict perform(const link::Set& set, Instant now);
    Verdict perform(const link::SetPalette& palette, Instant now);
    Verdict perform(const link::Brightness& brightness, Instant now);
    Verdict perform(const link::Time& time, Instant now);
    Verdict perform(const link::Bitmap& bitmap, Instant now);
    Verdict perform(const link::ShowScreen& show, Instant now);
    Verdict perform(const link::Reboot& reboot, Instant now);
    Verdict perform(const link::FwBegin& begin, Instant now);
    Verdict perform(const link::FwData& data, Instant now);
    Verdict perform(const link::FwEnd& end, Instant now);
    Verdict perform(const link::FwConfirm& confirm, Instant now);
    template <class T>
    static void performed(App& app, const link::Request& request, Instant now);

    Micros age(Instant now) const { return now - committed_at_.value_or(started_at_); }
    std::optional<std::uint32_t> clock_s(Instant now) const;
    void draw(const Moment& moment);
    void show(Instant now);
    /// What the picture depends on beside what was said: it is drawn anew when this differs.
    std::uint32_t face(Instant now) const;

    BoardFacts facts_;
    Start start_;
    Canvas canvas_;
    Hardware& hardware_;
    Updates* updates_;
    link::Receiver receiver_;
    link::FrameBuffer out_{};
    Pictures pictures_;

    Instant started_at_{};
    std::optional<Instant> committed_at_{};
    std::uint32_t commits_ = 0;
    std::uint32_t refused_ = 0;
    std::uint8_t brightness_ = 255;
    std::optional<std::uint8_t> foreign_version_{};
    link::Screen asked_for_ = link::Screen::picture;
    struct Clock {
        Instant at{};
        std::uint32_t local_s = 0;
    };
    std::optional<Clock> clock_{};
    std::optional<Instant> reboot_at_{};
    link::RebootInto reboot_into_{};

    bool stepped_ = false;
    bool changed_ = true;
    Instant next_frame_{};
    std::uint32_t shown_face_ = 0;
};

}  // namespace holdfast::firmware
