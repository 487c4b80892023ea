// wallboard/firmware_update.hpp: new firmware for one board over the link, request by request. What
// runs keeps running until the new image has started and is confirmed; wherever it is interrupted,
// the board starts what it had.
#pragma once
#include "base/time.hpp"
#include "link/messages.hpp"
#include "wallboard/driver.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace holdfast::wallboard::panel {

inline constexpr std::size_t most_image_bytes = std::size_t{64} * 1024;
inline constexpr std::size_t image_header_bytes = 192;  ///< Of them, what FW_BEGIN tells.

class FirmwareUpdate {
public:
    /// What is to be asked; nothing while something is awaited, or when it is over.
    using Request = std::variant<std::monostate,
                                 link::FwBegin,
                                 link::FwData,
                                 link::FwEnd,
                                 link::Reboot,
                                 link::FwConfirm>;

    /// Images for one slot or the other: the board takes the one that fits. `board` is how it
    /// greeted before.
    FirmwareUpdate(std::vector<Image> images, const link::HelloAnswer& board, Instant now);

    Request next(Instant now);
    /// Of the request that `next` gave.
    void answered(const link::Answer& answer, Instant now);
    /// The board has greeted: perhaps it has started anew.
    void greeted(const link::HelloAnswer& hello, Instant now);
    /// Nobody answered. A board that erases, checks or starts is silent for a while.
    void unanswered(Instant now);
    /// The line is gone, or was.
    void line_lost();
    /// To be called now and then: nothing is waited for without an end.
    void time_passed(Instant now);

    /// Waits for the board to start; the next HELLO tells.
    bool restarting() const { return phase_ == Phase::restarting; }
    bool over() const { return phase_ == Phase::done || phase_ == Phase::failed; }
    bool failed() const { return phase_ == Phase::failed; }
    /// "12 of 54 KiB sent", "runs 0.2 from slot B", or why not: for a person.
    const std::string& state() const { return state_; }
    /// When `next` may have something, if nothing else happens before.
    Instant wake() const { return wake_; }

private:
    enum class Phase : std::uint8_t { begin, data, end, reboot, restarting, confirm, done, failed };

    const Image& image() const { return images_[image_]; }
    void fail(std::string why);
    void restart(Instant now);
    void refused(link::Refusal refusal, Instant now);

    std::vector<Image> images_;
    std::size_t image_ = 0;  ///< The one that is tried.
    std::size_t sent_ = 0;
    std::uint32_t boot_;
    std::uint8_t slot_;
    Phase phase_ = Phase::begin;
    Instant give_up_;  ///< Of what takes long: to erase, to check, to start, to be confirmed.
    Instant wake_{};
    std::string state_ = "begins";
};

}  // namespace holdfast::wallboard::panel
