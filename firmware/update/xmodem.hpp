// firmware/update/xmodem.hpp: XMODEM with CRC-16, blocks of 128 or 1,024 octets, the receiving
// side: any terminal program, and `sx`, can send with it.
#pragma once
#include "base/time.hpp"
#include "link/bytes.hpp"

#include <array>
#include <cstdint>

namespace holdfast::firmware {

class Xmodem {
public:
    enum class Event : std::uint8_t {
        nothing,
        block,  ///< `data` is the next block: say `accept` or `cancel`.
        end     ///< All of it came.
    };

    /// What happened at this octet.
    Event take(std::uint8_t octet, Instant now);
    /// Must be called now and then; what is to be sent is in `reply`.
    void step(Instant now);
    void accept();
    /// The sender gives up. The next one may begin.
    void cancel();

    /// The block is the first one of an image.
    bool first() const { return next_ == 1 && !begun_before_; }
    link::Bytes data() const { return link::Bytes{block_}.subspan(header, size_); }
    /// Octets to send; taking them empties it.
    link::Bytes reply();

private:
    static constexpr std::size_t header = 3;
    static constexpr std::size_t most_data = 1024;

    Event finish();
    void say(std::uint8_t octet);

    std::array<std::uint8_t, header + most_data + 2> block_{};
    std::size_t filled_ = 0;
    std::size_t size_ = 128;
    std::uint8_t next_ = 1;
    bool begun_ = false;
    bool begun_before_ = false;  // this block
    Instant quiet_since_{};
    std::array<std::uint8_t, 8> out_{};
    std::size_t to_send_ = 0;
};

}  // namespace holdfast::firmware
