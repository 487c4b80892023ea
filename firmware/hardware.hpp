// firmware/hardware.hpp: what a board does for the firmware. Each board of boards/ has one.
#pragma once
#include "firmware/canvas.hpp"
#include "link/messages.hpp"

#include <cstdint>
#include <string_view>

namespace holdfast::firmware {

/// What does not change until the board is built again.
struct BoardFacts {
    std::string_view name;  ///< Of its folder below boards/.
    std::uint16_t width = 0;
    std::uint16_t height = 0;
    std::uint8_t colour_bits = 0;  ///< Of each of red, green and blue.
    std::uint16_t refresh_hz = 0;
    std::string_view version;
    std::uint8_t node = 1;  ///< Its address on the line.
};

/// What is known of this start.
struct Start {
    std::uint32_t boot = 0;  ///< Another one at each start.
    link::ResetCause cause{};
    std::uint8_t slot = 0;
    bool confirmed = true;
};

class Hardware {
public:
    /// Sends an answer. Called at most once for each frame received.
    virtual void write(link::Bytes frame) = 0;
    /// Shows the picture from the next refresh on, whole: never half of one and half of another.
    virtual void show(const Canvas& canvas,
                      const link::Palette& palette,
                      std::uint8_t brightness) = 0;
    virtual void reboot(link::RebootInto into) = 0;
    /// Called in each round of the loop. A board that is not fed for 4 s restarts.
    virtual void feed_watchdog() = 0;
    /// Octets that came and were lost before `App::take` saw them.
    virtual std::uint32_t overruns() const = 0;

protected:
    ~Hardware() = default;
};

}  // namespace holdfast::firmware
