// firmware/update/boot.hpp: which image runs: what the boot loader decides at each start.
#pragma once
#include "firmware/update/image.hpp"
#include "firmware/update/notes.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace holdfast::firmware {

/// What a boot loader knows of its board.
struct Identity {
    std::string_view board;
    PublicKey key{};
};

/// The slot to boot, after the notes were written; none: there is nothing but recovery.
std::optional<std::uint8_t> choose_slot(Flash& flash, const Identity& identity);
/// What a slot must hold to be booted.
Wanted wanted_in(const Flash& flash, std::uint8_t slot, const Identity& identity, const Notes&);

}  // namespace holdfast::firmware
