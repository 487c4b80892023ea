// boards/interstate75/xip.hpp: the flash as memory ("execute in place", RP2040 datasheet, 4.10).
#pragma once
#include "boards/interstate75/registers.hpp"

namespace holdfast::i75 {

/// Lets the flash be read as memory, by its oldest command (03h, read data), which every chip has.
/// Inlined into what runs from RAM: without it there is no code in flash.
[[gnu::always_inline]] inline void start_xip() {
    constexpr std::uint32_t mhz_125_by_4 = 4;
    constexpr std::uint32_t words_by_eeprom_read = 0x001f'0300;
    constexpr std::uint32_t command_03_address_24_bits = 0x0300'0218;
    at(ssi::enable) = 0;  // while it is set up
    at(ssi::baud) = mhz_125_by_4;
    at(ssi::ctrl0) = words_by_eeprom_read;
    at(ssi::spi_ctrl0) = command_03_address_24_bits;
    at(ssi::ctrl1) = 0;  // one word at a time
    at(ssi::enable) = 1;
}

}  // namespace holdfast::i75
