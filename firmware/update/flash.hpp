// firmware/update/flash.hpp: what a board keeps when it has no power.
#pragma once
#include "link/bytes.hpp"

#include <cstddef>
#include <cstdint>

namespace holdfast::firmware {

enum class Area : std::uint8_t {
    slot_a,
    slot_b,
    notes_a,  ///< The boot loader's notes, in two areas, so that one is whole while one is erased.
    notes_b
};
inline constexpr Area slots[] = {Area::slot_a, Area::slot_b};

/// Erased octets are FF. Power may go between any two of its octets.
class Flash {
public:
    /// All of an area, as it is now.
    virtual link::Bytes content(Area area) const = 0;
    /// False where it did not become FF.
    virtual bool erase(Area area) = 0;
    /// Into erased octets, from the first to the last; offset and size are multiples of 4. False
    /// where they do not read back.
    virtual bool program(Area area, std::size_t offset, link::Bytes octets) = 0;
    /// Where the area is when its image runs.
    virtual std::uint32_t address(Area area) const = 0;

protected:
    ~Flash() = default;
};

}  // namespace holdfast::firmware
