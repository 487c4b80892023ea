// boards/olimex-h405/flash.hpp: the flash of the chip (RM0090, 3): sector 0 and 1 hold the boot
// loader, 2 and 3 its notes, 5 and 6 the slots.
#pragma once
#include "firmware/update/flash.hpp"

namespace holdfast::h405 {

class ChipFlash final : public firmware::Flash {
public:
    link::Bytes content(firmware::Area area) const override;
    /// The CPU stands still meanwhile: up to 2 s for a slot.
    bool erase(firmware::Area area) override;
    bool program(firmware::Area area, std::size_t offset, link::Bytes octets) override;
    std::uint32_t address(firmware::Area area) const override;
};

}  // namespace holdfast::h405
