// Any octets to a boot loader that waits for an image by XMODEM: nothing that is not signed is ever
// chosen, nothing is written past its slot, and a sender may always begin again.
#include "firmware/update/recovery.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/small_flash.hpp"

using namespace holdfast;
using namespace holdfast::firmware;

namespace {

/// A block as a sender makes it: a checksum is not to be guessed.
void put_block(Recovery& recovery, std::uint8_t number, link::Bytes data, Instant now) {
    std::array<std::uint8_t, 3 + 128 + 2> block{1, number, static_cast<std::uint8_t>(~number)};
    std::ranges::copy(data, block.begin() + 3);
    unsigned crc = 0;
    for (std::size_t i = 3; i < block.size() - 2; ++i) {
        crc ^= static_cast<unsigned>(block[i]) << 8;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
        crc &= 0xffff;
    }
    block[131] = static_cast<std::uint8_t>(crc >> 8);
    block[132] = static_cast<std::uint8_t>(crc & 0xff);
    for (const std::uint8_t octet : block)
        ensure(!recovery.take(octet, now), "a slot before the end");
}

}  // namespace

/// Steps of an octet that says what comes: a block of up to 128 octets, the end, or bare octets.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::SmallFlash flash;
    Recovery recovery{flash, {"fuzz", {}}};
    Instant now{1s};
    std::uint8_t number = 1;
    for (link::Bytes rest{data, size}; !rest.empty();) {
        const std::uint8_t how = rest[0];
        const auto piece = rest.subspan(1, std::min<std::size_t>(how & 127, rest.size() - 1));
        rest = rest.subspan(1 + piece.size());
        if (how == 0)
            ensure(!recovery.take(4, now), "an image that nobody signed");
        else if ((how & 128) != 0)
            put_block(recovery, number++, piece, now);
        else
            for (const std::uint8_t octet : piece)
                ensure(!recovery.take(octet, now), "an image that nobody signed");
        now += how == 1 ? 2s : 1ms;
        recovery.step(now);
        ensure(recovery.reply().size() <= 8, "more said than there is room for");
        if (how == 2) number = 1;
    }
    return 0;
}
