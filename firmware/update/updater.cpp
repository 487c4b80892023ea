#include "firmware/update/updater.hpp"

#include <algorithm>

namespace holdfast::firmware {

using link::Bytes;
using link::Refusal;

Verdict Updater::begin(const link::FwBegin& begin) {
    const Wanted wanted = wanted_in(flash_, idle_slot(), identity_, read_notes(flash_));
    if (begin.header.size() < header_octets) return {Refusal::malformed, 0};
    const Refusal refusal = judge_header(begin.header, wanted);
    const auto header = read_header(begin.header);
    if (refusal != Refusal::done) return {refusal, static_cast<std::uint16_t>(wanted.room / 1024)};
    if (begin.size != header->size + image_header) return {Refusal::malformed, 0};

    const bool same =
        size_ == begin.size && std::ranges::equal(begin.header.first(signed_octets), header_);
    if (same && stage_ == Stage::receiving && filled_ == 0) return {};
    if (same && stage_ == Stage::failed) {
        stage_ = Stage::idle;
        return {Refusal::flash_failed, 0};
    }
    size_ = begin.size;
    std::ranges::copy(begin.header.first(signed_octets), header_.begin());
    stage_ = Stage::to_erase;
    return {Refusal::busy, 0};
}

void Updater::step() {
    if (stage_ == Stage::to_erase) {
        filled_ = 0;
        stage_ = flash_.erase(idle_area()) ? Stage::receiving : Stage::failed;
    }
    if (stage_ == Stage::to_check) {
        checked_ = check();
        stage_ = Stage::checked;
    }
}

Verdict Updater::data(const link::FwData& data) {
    if (stage_ != Stage::receiving) return {Refusal::no_update, 0};
    const std::size_t size = data.bytes.size();
    const bool last = data.offset + size == size_;
    if (size == 0 || data.offset % 4 != 0 || (size % 4 != 0 && !last) || data.offset > size_ ||
        size > size_ - data.offset)
        return {Refusal::malformed, 0};
    const auto block = static_cast<std::uint16_t>(data.offset / 4);
    if (data.offset < filled_) {  // it came before, and its answer was lost
        const Bytes there = flash_.content(idle_area()).subspan(data.offset, size);
        return std::ranges::equal(there, data.bytes) ? Verdict{} : Verdict{Refusal::damaged, block};
    }
    if (data.offset > filled_)
        return {Refusal::incomplete, static_cast<std::uint16_t>(filled_ / 4)};
    std::array<std::uint8_t, link::most_fw_block + 4> padded{};
    if (size > link::most_fw_block) return {Refusal::malformed, 0};
    padded.fill(0xff);
    std::ranges::copy(data.bytes, padded.begin());
    const std::size_t whole = (size + 3) / 4 * 4;
    if (!flash_.program(idle_area(), data.offset, Bytes{padded}.first(whole)))
        return {Refusal::flash_failed, block};
    filled_ = static_cast<std::uint32_t>(data.offset + size);
    return {};
}

Verdict Updater::end() {
    if (stage_ == Stage::checked) return checked_;
    if (stage_ == Stage::to_check) return {Refusal::busy, 0};
    if (stage_ != Stage::receiving) return {Refusal::no_update, 0};
    if (filled_ != size_) return {Refusal::incomplete, static_cast<std::uint16_t>(filled_ / 4)};
    stage_ = Stage::to_check;
    return {Refusal::busy, 0};
}

/// Whether the image may run; notes it as a trial.
Verdict Updater::check() {
    Notes notes = read_notes(flash_);
    const Refusal refusal =
        judge_image(flash_.content(idle_area()), wanted_in(flash_, idle_slot(), identity_, notes));
    if (refusal != Refusal::done) return {refusal, 0};
    notes.trial = idle_slot();
    notes.tries = most_tries;
    return {write_notes(flash_, notes) ? Refusal::done : Refusal::flash_failed, 0};
}

Verdict Updater::confirm() {
    Notes notes = read_notes(flash_);
    const auto header = read_header(flash_.content(slots[running_]));
    const Notes wanted{
        .least_security = std::max(notes.least_security, header ? header->security : 0),
        .active = running_,
        .trial = notes.trial == running_ ? no_slot : notes.trial,
        .tries = notes.tries};
    if (notes == wanted) return {};
    return {write_notes(flash_, wanted) ? Refusal::done : Refusal::flash_failed, 0};
}

}  // namespace holdfast::firmware
