// link/frame.hpp: RFC 1662 frames on an asynchronous line: flag, address, control, payload, FCS-32,
// flag, with octet stuffing. The FCS goes least significant octet first (RFC 1662 C.3).
#pragma once
#include "link/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace holdfast::link {

inline constexpr std::uint8_t flag = 0x7e;
inline constexpr std::uint8_t escape = 0x7d;
inline constexpr std::uint8_t escape_bit = 0x20;
inline constexpr std::uint8_t xon = 0x11, xoff = 0x13;
inline constexpr std::uint8_t unnumbered_information = 0x03;  // the only control there is

/// Boards are 1 to 254. The daemon has no address of its own: only answers go to it.
inline constexpr std::uint8_t broadcast = 0;
inline constexpr std::uint8_t last_node = 254;

/// A payload is what a board's receive buffer holds: a third of a layout, or 256 octets of an
/// image.
inline constexpr std::size_t most_payload = 512;
/// Address, control, payload, FCS.
inline constexpr std::size_t most_between_flags = 2 + most_payload + 4;
/// Every octet escaped, and two flags.
inline constexpr std::size_t most_frame = 2 * most_between_flags + 2;

using FrameBuffer = std::array<std::uint8_t, most_frame>;

/// Takes two octets of the line. XON and XOFF do, as modems and terminal servers may swallow them.
constexpr bool is_escaped(std::uint8_t octet) {
    return octet == flag || octet == escape || octet == xon || octet == xoff;
}

/// The frame as it goes over the line, within `room`; empty where the payload is too long.
Bytes write_frame(FrameBuffer& room, std::uint8_t address, Bytes payload);

struct Frame {
    std::uint8_t address = 0;
    Bytes payload{};  ///< Valid until the next octet is taken.
};

/// What came that was no frame. Nothing else about it is kept.
struct LineCounters {
    std::uint32_t frames = 0;    ///< Good ones, to whomever.
    std::uint32_t checksum = 0;  ///< FCS wrong: octets lost or damaged.
    std::uint32_t too_short = 0;
    std::uint32_t too_long = 0;
    std::uint32_t aborted = 0;  ///< An escape right before a flag (RFC 1662, 4.3).
    std::uint32_t control = 0;  ///< FCS right, control not 03.
};

/// Finds frames in octets. Whatever comes before it, a good frame between two flags is found.
class Deframer {
public:
    /// Takes one octet; the frame, if it completed one.
    std::optional<Frame> take(std::uint8_t octet);
    const LineCounters& counters() const { return counters_; }

private:
    std::optional<Frame> finish();

    std::array<std::uint8_t, most_between_flags> held_{};
    std::size_t size_ = 0;
    bool escaped_ = false;
    bool overlong_ = false;
    LineCounters counters_;
};

}  // namespace holdfast::link
