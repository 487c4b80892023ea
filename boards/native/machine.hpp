// boards/native/machine.hpp: what stands around the firmware where the board is a program: line,
// panel, watchdog, restarts.
#pragma once
#include "boards/native/file_flash.hpp"
#include "boards/native/line.hpp"
#include "firmware/app.hpp"
#include "firmware/update/updater.hpp"

#include <atomic>
#include <string>
#include <vector>

namespace holdfast::native {

struct Options {
    std::uint16_t width = 0;
    std::uint16_t height = 0;
    std::uint8_t node = 1;
    std::string png;  ///< Empty: none.
    unsigned png_scale = 4;
    bool show = false;  ///< In the terminal, at standard output.
    int columns = 0;    ///< Of the terminal; 0: as many as the panel has.
    int row = 0;  ///< Of the terminal, from 1, where the picture stands; 0: where the cursor is.
};

/// A watchdog that a stopped process does not feed, as the hardware's runs on when the CPU is lost.
class FakeWatchdog {
public:
    static constexpr Micros patience = 4s;
    /// False where the last time was too long ago: then the board has been reset meanwhile.
    bool feed(Instant now) {
        const bool in_time = !fed_ || now - *fed_ < patience;
        fed_ = now;
        return in_time;
    }

private:
    std::optional<Instant> fed_;
};

using firmware::PublicKey;

class Machine final : public firmware::Hardware {
public:
    /// With a flash, the boot loader's half of the firmware chooses a slot at each start.
    Machine(Options options, Line line, std::optional<FileFlash> flash, const PublicKey& key);

    /// Boots the firmware, and again whenever it restarts, until `stop` or the line's end.
    void run(const std::atomic<bool>& stop);

    void write(link::Bytes frame) override { line_.write(frame); }
    void show(const firmware::Canvas& canvas,
              const link::Palette& palette,
              std::uint8_t brightness) override;
    void reboot(link::RebootInto into) override;
    void feed_watchdog() override;
    std::uint32_t overruns() const override { return 0; }

private:
    /// What the boot loader found: a slot, and the version of its image.
    struct Booted {
        std::uint8_t slot = 0;
        std::string version;
    };
    std::optional<Booted> boot(const std::atomic<bool>& stop);
    void recover(firmware::Flash& flash, const std::atomic<bool>& stop);
    void run_once(const std::atomic<bool>& stop, const Booted& booted);
    void put_out(Instant now, bool last);
    firmware::Canvas panel() { return {panel_, options_.width, options_.height}; }

    Options options_;
    Line line_;
    std::optional<FileFlash> flash_;
    firmware::Identity identity_;
    bool recovery_asked_ = false;
    std::vector<std::uint8_t> canvas_;  // the firmware draws here
    std::vector<std::uint8_t> panel_;   // and this is lit
    link::Palette lit_{};
    bool changed_ = false;
    bool drawn_ = false;
    Instant png_at_{};

    std::uint32_t boot_ = 0;
    link::ResetCause cause_ = link::ResetCause::power;
    bool restarting_ = false;
    FakeWatchdog watchdog_;
};

}  // namespace holdfast::native
