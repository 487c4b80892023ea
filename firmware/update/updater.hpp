// firmware/update/updater.hpp: takes an image over the link into the slot that does not run.
#pragma once
#include "firmware/update/boot.hpp"
#include "firmware/updates.hpp"

#include <cstdint>
#include <optional>

namespace holdfast::firmware {

class Updater final : public Updates {
public:
    /// `running`: the slot that the boot loader chose.
    Updater(Flash& flash, const Identity& identity, std::uint8_t running)
        : flash_{flash}, identity_{identity}, running_{running} {}

    /// The first one says `busy`, and the slot is erased in the next round, which may take 2 s. So
    /// does the first END, and the image is checked, which takes the smallest board half a second.
    Verdict begin(const link::FwBegin& begin) override;
    Verdict data(const link::FwData& data) override;
    Verdict end() override;
    Verdict confirm() override;
    void step() override;

    /// Whether the image that runs is one that is booted without a trial.
    bool confirmed() const { return read_notes(flash_).active == running_ && !on_trial(); }

private:
    enum class Stage : std::uint8_t { idle, to_erase, failed, receiving, to_check, checked };

    Verdict check();
    bool on_trial() const { return read_notes(flash_).trial == running_; }
    std::uint8_t idle_slot() const { return static_cast<std::uint8_t>(1 - running_); }
    Area idle_area() const { return slots[idle_slot()]; }

    Flash& flash_;
    Identity identity_;
    std::uint8_t running_;
    Stage stage_ = Stage::idle;
    std::uint32_t size_ = 0;
    std::uint32_t filled_ = 0;
    Verdict checked_{};
    std::array<std::uint8_t, signed_octets> header_{};
};

}  // namespace holdfast::firmware
