// firmware/update/notes.hpp: what boot loader and firmware leave for each other in flash: which
// slot is good, which one is tried, how often. Each note is written behind the last; the newest
// counts.
#pragma once
#include "firmware/update/flash.hpp"

#include <cstdint>

namespace holdfast::firmware {

inline constexpr std::uint8_t no_slot = 0xff;
/// Starts of an image that does not confirm itself, until it is given up.
inline constexpr std::uint8_t most_tries = 3;

struct Notes {
    std::uint32_t least_security = 0;  ///< Of the images that have been confirmed, the highest.
    std::uint8_t active = 0;           ///< The slot that is booted.
    std::uint8_t trial = no_slot;      ///< The slot that is tried before.
    std::uint8_t tries = 0;            ///< Left for it.
    friend bool operator==(const Notes&, const Notes&) = default;
};

/// The newest note; what a new board has where there is none.
Notes read_notes(const Flash& flash);
/// Whatever happens meanwhile, `read_notes` gives these or those before. False: the flash failed.
bool write_notes(Flash& flash, const Notes& notes);

}  // namespace holdfast::firmware
