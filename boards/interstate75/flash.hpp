// boards/interstate75/flash.hpp: the flash beside the chip, 2 MiB that are read as memory:
//
//   10000000 boot loader, 32 KiB   10008000 its notes, twice 4 KiB   10010000 slot A, 64 KiB
//   10020000 slot B, 64 KiB
//
// It is written by the functions of the boot ROM (RP2040 datasheet, 2.8.3.1.3). Meanwhile it cannot
// be read, so that nothing may run but what is in RAM: this, and the interrupts of the display and
// of the line, which go on.
#pragma once
#include "firmware/update/flash.hpp"

namespace holdfast::i75 {

class QspiFlash final : public firmware::Flash {
public:
    link::Bytes content(firmware::Area area) const override;
    /// A slot takes 150 ms, 2 s at most.
    bool erase(firmware::Area area) override;
    bool program(firmware::Area area, std::size_t offset, link::Bytes octets) override;
    std::uint32_t address(firmware::Area area) const override;
};

}  // namespace holdfast::i75
