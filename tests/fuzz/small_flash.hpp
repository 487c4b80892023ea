// tests/fuzz/small_flash.hpp: a flash in memory that holds its users to the rules.
#pragma once
#include "base/ensure.hpp"
#include "firmware/update/flash.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace holdfast::fuzz {

class SmallFlash final : public firmware::Flash {
public:
    static constexpr std::size_t slot_size = 2048;

    link::Bytes content(firmware::Area area) const override { return part(area); }
    bool erase(firmware::Area area) override {
        std::ranges::fill(part(area), std::uint8_t{0xff});
        return true;
    }
    bool program(firmware::Area area, std::size_t offset, link::Bytes octets) override {
        auto& into = part(area);
        ensure(offset % 4 == 0 && octets.size() % 4 == 0, "flash is written in words");
        ensure(offset + octets.size() <= into.size(), "written past the slot");
        std::ranges::copy(octets, into.begin() + static_cast<std::ptrdiff_t>(offset));
        return true;
    }
    std::uint32_t address(firmware::Area area) const override {
        return static_cast<std::uint32_t>(area);
    }

private:
    std::vector<std::uint8_t>& part(firmware::Area area) const {
        return areas_[static_cast<std::size_t>(area)];
    }
    mutable std::array<std::vector<std::uint8_t>, 4> areas_{std::vector<std::uint8_t>(slot_size),
                                                            std::vector<std::uint8_t>(slot_size),
                                                            std::vector<std::uint8_t>(256),
                                                            std::vector<std::uint8_t>(256)};
};

}  // namespace holdfast::fuzz
