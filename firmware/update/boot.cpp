#include "firmware/update/boot.hpp"

namespace holdfast::firmware {
namespace {

bool runs(const Flash& flash, std::uint8_t slot, const Identity& identity, const Notes& notes) {
    if (slot >= std::size(slots)) return false;
    return judge_image(flash.content(slots[slot]), wanted_in(flash, slot, identity, notes)) ==
           link::Refusal::done;
}

}  // namespace

Wanted wanted_in(const Flash& flash,
                 std::uint8_t slot,
                 const Identity& identity,
                 const Notes& notes) {
    return {.board = identity.board,
            .key = identity.key,
            .address = flash.address(slots[slot]),
            .least_security = notes.least_security,
            .room = flash.content(slots[slot]).size()};
}

std::optional<std::uint8_t> choose_slot(Flash& flash, const Identity& identity) {
    Notes notes = read_notes(flash);
    if (notes.trial != no_slot) {
        const std::uint8_t trial = notes.trial;
        const bool tried = notes.tries > 0 && runs(flash, trial, identity, notes);
        if (tried)
            --notes.tries;
        else
            notes.trial = no_slot;  // it had its starts, or is none: back to the one before
        // A try that cannot be noted would never end, so it is none.
        if (write_notes(flash, notes) && tried) return trial;
    }
    const auto other = static_cast<std::uint8_t>(1 - notes.active % 2);
    for (const std::uint8_t slot : {notes.active, other})
        if (runs(flash, slot, identity, notes)) return slot;
    return std::nullopt;
}

}  // namespace holdfast::firmware
