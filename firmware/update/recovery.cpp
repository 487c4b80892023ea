#include "firmware/update/recovery.hpp"

#include <algorithm>

namespace holdfast::firmware {

using link::Bytes;
using link::Refusal;

namespace {

constexpr std::size_t address_at = 12;

std::uint32_t address_in(Bytes block) {
    link::Reader reader{block.subspan(address_at)};
    std::uint32_t address = 0;
    reader.read(address);
    return address;
}

}  // namespace

std::optional<std::uint8_t> Recovery::take(std::uint8_t octet, Instant now) {
    switch (xmodem_.take(octet, now)) {
        case Xmodem::Event::nothing:
            return std::nullopt;
        case Xmodem::Event::block:
            take_block(xmodem_.data());
            return std::nullopt;
        case Xmodem::Event::end:
            return finish();
    }
    return std::nullopt;
}

/// The first block names the slot by its address. What is there is lost; the other slot is not.
bool Recovery::begin(Bytes block) {
    slot_.reset();
    filled_ = 0;
    for (std::uint8_t slot = 0; slot < std::size(slots); ++slot)
        if (flash_.address(slots[slot]) == address_in(block)) slot_ = slot;
    refusal_ = slot_ ? Refusal::done : Refusal::wrong_board;
    if (!slot_) return false;
    if (flash_.erase(slots[*slot_])) return true;
    refusal_ = Refusal::flash_failed;
    return false;
}

void Recovery::take_block(Bytes block) {
    if (xmodem_.first() && !begin(block)) return xmodem_.cancel();
    if (!slot_) return xmodem_.cancel();
    // Padding beyond the slot's end is not written.
    const std::size_t room = flash_.content(slots[*slot_]).size() - filled_;
    const Bytes kept = block.first(std::min(block.size(), room));
    if (!kept.empty() && !flash_.program(slots[*slot_], filled_, kept)) {
        refusal_ = Refusal::flash_failed;
        filled_ = 0;
        return xmodem_.cancel();
    }
    filled_ += kept.size();
    xmodem_.accept();
}

std::optional<std::uint8_t> Recovery::finish() {
    filled_ = 0;
    if (!slot_) return std::nullopt;
    Notes notes = read_notes(flash_);
    refusal_ =
        judge_image(flash_.content(slots[*slot_]), wanted_in(flash_, *slot_, identity_, notes));
    if (refusal_ != Refusal::done) return std::nullopt;
    notes.active = *slot_;
    notes.trial = no_slot;
    // Where the notes cannot be written, it is booted all the same, and asked for again next time.
    if (!write_notes(flash_, notes)) refusal_ = Refusal::flash_failed;
    return slot_;
}

}  // namespace holdfast::firmware
