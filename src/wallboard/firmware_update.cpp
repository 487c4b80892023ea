#include "wallboard/firmware_update.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace holdfast::wallboard::panel {
namespace {

// To erase a slot takes a board up to 2 s, to check an image half a second; it is silent then.
constexpr Micros silence_patience = 20s;
constexpr Micros start_patience = 20s;
constexpr Micros asks_busy_again = 100ms;

}  // namespace

FirmwareUpdate::FirmwareUpdate(std::vector<Image> images,
                               const link::HelloAnswer& board,
                               Instant now)
    : images_{std::move(images)},
      boot_{board.boot},
      slot_{board.slot},
      give_up_{now + silence_patience} {
    if (images_.empty()) fail("there is no image");
    for (const auto& one : images_)
        if (one.size() <= image_header_bytes || one.size() > most_image_bytes)
            fail(fmt::format("an image of {} bytes is none", one.size()));
}

void FirmwareUpdate::fail(std::string why) {
    // Until the board is to start it, the new firmware cannot run.
    const bool tried = phase_ == Phase::restarting || phase_ == Phase::confirm;
    state_ =
        std::move(why) + (tried ? "; it goes back to what ran before, after three starts at most"
                                : "; what ran before runs on");
    phase_ = Phase::failed;
    wake_ = never;
}

void FirmwareUpdate::restart(Instant now) {
    phase_ = Phase::restarting;
    give_up_ = now + start_patience;
    wake_ = give_up_;
}

FirmwareUpdate::Request FirmwareUpdate::next(Instant now) {
    if (now < wake_) return {};
    switch (phase_) {
        case Phase::begin:
            return link::FwBegin{static_cast<std::uint32_t>(image().size()),
                                 link::Bytes{image()}.first(image_header_bytes)};
        case Phase::data: {
            const auto size = std::min(link::most_fw_block, image().size() - sent_);
            return link::FwData{static_cast<std::uint32_t>(sent_),
                                link::Bytes{image()}.subspan(sent_, size)};
        }
        case Phase::end:
            return link::FwEnd{};
        case Phase::reboot:
            return link::Reboot{};
        case Phase::confirm:
            return link::FwConfirm{};
        case Phase::restarting:
        case Phase::done:
        case Phase::failed:
            break;
    }
    return {};
}

void FirmwareUpdate::answered(const link::Answer& answer, Instant now) {
    if (over()) return;
    if (answer.refusal != link::Refusal::done) return refused(answer.refusal, now);
    switch (phase_) {
        case Phase::begin:
            phase_ = Phase::data;
            break;
        case Phase::data:
            sent_ += std::min(link::most_fw_block, image().size() - sent_);
            if (sent_ == image().size()) {
                phase_ = Phase::end;
                give_up_ = now + silence_patience;
            }
            state_ = fmt::format("{} of {} KiB sent", sent_ / 1024, image().size() / 1024);
            break;
        case Phase::end:
            phase_ = Phase::reboot;
            state_ = "starts the new firmware";
            break;
        case Phase::reboot:
            restart(now);
            break;
        case Phase::confirm:
            phase_ = Phase::done;
            wake_ = never;
            state_.insert(0, "done: ");
            break;
        case Phase::restarting:
        case Phase::done:
        case Phase::failed:
            break;
    }
}

void FirmwareUpdate::refused(link::Refusal refusal, Instant now) {
    const bool works_alone = phase_ == Phase::begin || phase_ == Phase::end;
    if (works_alone && refusal == link::Refusal::busy && now < give_up_) {
        wake_ = now + asks_busy_again;
        return;
    }
    // For its other slot, or for another board.
    if (phase_ == Phase::begin && refusal == link::Refusal::wrong_board &&
        image_ + 1 < images_.size()) {
        ++image_;
        return;
    }
    fail(fmt::format("the board refused it: {}", link::sentence(refusal)));
}

void FirmwareUpdate::greeted(const link::HelloAnswer& hello, Instant now) {
    if (over() || hello.boot == boot_) return;
    if (phase_ != Phase::reboot && phase_ != Phase::restarting && phase_ != Phase::confirm)
        return fail("the board started anew in the middle of it");
    if (hello.slot == slot_)
        return fail(phase_ == Phase::confirm ? "the board gave the new firmware up"
                                             : "the board does not start the new firmware");
    boot_ = hello.boot;
    state_ = fmt::format("runs {} from slot {}", hello.version, "AB"[hello.slot % 2]);
    phase_ = Phase::confirm;
    give_up_ = now + start_patience;
    wake_ = now;
}

void FirmwareUpdate::unanswered(Instant now) {
    if (phase_ == Phase::data) fail("the board does not answer any more");
    if (phase_ == Phase::reboot) restart(now);  // it may have done it, and its answer is lost
    time_passed(now);
}

void FirmwareUpdate::line_lost() {
    if (phase_ == Phase::data) fail("the line was lost in the middle of it");
}

void FirmwareUpdate::time_passed(Instant now) {
    if (over() || phase_ == Phase::data || phase_ == Phase::reboot || now < give_up_) return;
    fail(phase_ == Phase::restarting ? "the board did not come back"
                                     : "the board does not answer any more");
}

}  // namespace holdfast::wallboard::panel
