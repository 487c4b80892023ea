#include "boards/native/machine.hpp"

#include "boards/native/board.hpp"
#include "boards/native/png.hpp"
#include "boards/native/terminal.hpp"
#include "firmware/update/recovery.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <random>
#include <utility>

namespace holdfast::native {
namespace {

constexpr Micros png_interval = 100ms;  // pictures move 60 times a second, files need not
constexpr int wait_ms = 5;              // a third of a frame

Instant monotonic_now() {
    timespec now{};
    static_cast<void>(::clock_gettime(CLOCK_BOOTTIME, &now));
    return Instant{std::chrono::seconds{now.tv_sec} +
                   std::chrono::duration_cast<Micros>(std::chrono::nanoseconds{now.tv_nsec})};
}

std::uint8_t dimmed(std::uint8_t value, std::uint8_t brightness) {
    return static_cast<std::uint8_t>(value * brightness / 255);
}

}  // namespace

Machine::Machine(Options options, Line line, std::optional<FileFlash> flash, const PublicKey& key)
    : options_{std::move(options)},
      line_{std::move(line)},
      flash_{std::move(flash)},
      identity_{name, key},
      canvas_(std::size_t{options_.width} * options_.height),
      panel_(canvas_.size()),
      boot_{std::random_device{}()} {}

void Machine::show(const firmware::Canvas& canvas,
                   const link::Palette& palette,
                   std::uint8_t brightness) {
    std::ranges::copy(canvas.pixels(), panel_.begin());
    for (std::size_t i = 0; i < palette.size(); ++i)
        lit_[i] = {dimmed(palette[i].red, brightness),
                   dimmed(palette[i].green, brightness),
                   dimmed(palette[i].blue, brightness)};
    changed_ = true;
}

void Machine::reboot(link::RebootInto into) {
    restarting_ = true;
    recovery_asked_ = into == link::RebootInto::recovery && flash_.has_value();
    cause_ = link::ResetCause::software;
}

void Machine::feed_watchdog() {
    if (watchdog_.feed(monotonic_now())) return;
    restarting_ = true;
    cause_ = link::ResetCause::watchdog;
}

void Machine::run(const std::atomic<bool>& stop) {
    while (!stop && !line_.ended()) {
        if (const auto booted = boot(stop)) run_once(stop, *booted);
        ++boot_;
    }
    put_out(monotonic_now(), true);
}

std::optional<Machine::Booted> Machine::boot(const std::atomic<bool>& stop) {
    if (!flash_) return Booted{0, HOLDFAST_VERSION};
    const bool asked = std::exchange(recovery_asked_, false);
    const auto slot = asked ? std::nullopt : firmware::choose_slot(*flash_, identity_);
    if (!slot) {
        recover(*flash_, stop);
        cause_ = link::ResetCause::software;
        return std::nullopt;
    }
    const auto header = firmware::read_header(flash_->content(firmware::slots[*slot]));
    return Booted{*slot, std::string{header ? header->version : std::string_view{}}};
}

/// An image by XMODEM. What it holds does not run here, but its header is who we are then.
void Machine::recover(firmware::Flash& flash, const std::atomic<bool>& stop) {
    firmware::Recovery recovery{flash, identity_};
    std::array<std::uint8_t, 512> room{};
    bool done = false;
    while (!stop && !done && !line_.ended()) {
        for (const std::uint8_t octet : line_.read(room, wait_ms)) {
            done = recovery.take(octet, monotonic_now()).has_value() || done;
            line_.write(recovery.reply());
        }
        recovery.step(monotonic_now());
        line_.write(recovery.reply());
    }
}

void Machine::run_once(const std::atomic<bool>& stop, const Booted& booted) {
    restarting_ = false;
    watchdog_ = {};
    const Instant began = monotonic_now();
    std::optional<firmware::Updater> updater;
    if (flash_) updater.emplace(*flash_, identity_, booted.slot);
    firmware::App app{{.name = name,
                       .width = options_.width,
                       .height = options_.height,
                       .colour_bits = colour_bits,
                       .refresh_hz = refresh_hz,
                       .version = booted.version,
                       .node = options_.node},
                      {.boot = boot_,
                       .cause = cause_,
                       .slot = booted.slot,
                       .confirmed = !updater || updater->confirmed()},
                      firmware::Canvas{canvas_, options_.width, options_.height},
                      *this,
                      updater ? &*updater : nullptr};
    std::array<std::uint8_t, 512> room{};
    while (!stop && !restarting_ && !line_.ended()) {
        const auto octets = line_.read(room, wait_ms);
        const Instant now{monotonic_now() - began};
        for (const std::uint8_t octet : octets)
            app.take(octet, now);
        app.step(now);
        put_out(now, false);
    }
}

void Machine::put_out(Instant now, bool last) {
    if (options_.show && changed_) {
        const int lines = lines_drawn(panel(), options_.columns);
        const auto place = options_.row > 0 ? fmt::format("\x1b[{};1H", options_.row)
                           : drawn_         ? fmt::format("\x1b[{}A", lines)
                                            : std::string{};
        const auto text = place + drawn(panel(), lit_, options_.columns);
        static_cast<void>(std::fwrite(text.data(), 1, text.size(), stdout));
        static_cast<void>(std::fflush(stdout));
        drawn_ = true;
    }
    const bool due = changed_ && now - png_at_ >= png_interval;
    if (!options_.png.empty() && (due || last)) {
        png_at_ = now;
        const auto written = write_png(options_.png, panel(), lit_, options_.png_scale);
        if (!written) fmt::print(stderr, "board-native: {}\n", written.error());
    }
    changed_ = changed_ && !options_.png.empty() && !due;
}

}  // namespace holdfast::native
