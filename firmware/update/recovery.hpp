// firmware/update/recovery.hpp: an image by XMODEM into a slot, when there is none that runs, or
// when a technician asked for it.
#pragma once
#include "firmware/update/boot.hpp"
#include "firmware/update/xmodem.hpp"

#include <cstdint>
#include <optional>

namespace holdfast::firmware {

class Recovery {
public:
    Recovery(Flash& flash, const Identity& identity) : flash_{flash}, identity_{identity} {}

    /// The slot of an image that came whole, may run, and is noted as the active one.
    std::optional<std::uint8_t> take(std::uint8_t octet, Instant now);
    void step(Instant now) { xmodem_.step(now); }
    link::Bytes reply() { return xmodem_.reply(); }
    /// Why the last image was not taken.
    link::Refusal refusal() const { return refusal_; }

private:
    void take_block(link::Bytes block);
    bool begin(link::Bytes block);
    std::optional<std::uint8_t> finish();

    Flash& flash_;
    Identity identity_;
    Xmodem xmodem_;
    std::optional<std::uint8_t> slot_{};
    std::size_t filled_ = 0;
    link::Refusal refusal_{};
};

}  // namespace holdfast::firmware
