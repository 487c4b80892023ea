#include "host/wallboard/board_port.hpp"

#include "host/io/clocks.hpp"
#include "host/wallboard/serial_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace holdfast::host {
namespace {

/// A plug that comes back is found within that time.
constexpr std::chrono::seconds retry_every{2};
/// Then somebody should look at the line.
constexpr Micros stalled_after = 10s;
constexpr Micros answers_told_every = 10s;
constexpr std::uint64_t skipped_told_every = 60;

}  // namespace

BoardPort::BoardPort(asio::io_context& io,
                     wallboard::LineSettings line,
                     std::unique_ptr<wallboard::Driver> driver,
                     std::function<void(std::size_t, const BoardState&)> changed)
    : io_{io},
      line_{std::move(line)},
      driver_{std::move(driver)},
      changed_{std::move(changed)},
      retry_{io},
      wake_{io} {
    open();
}

void BoardPort::open() {
    auto descriptor = open_line(line_);
    if (!descriptor) return lose(descriptor.error());
    descriptor_ = *std::move(descriptor);
    readiness_ = std::make_unique<Readiness>(io_, descriptor_.get());
    if (!line_.device.empty()) return opened();
    readiness_->once_writable([this] {
        if (auto why = connect_fault(descriptor_.get(), line_); !why.empty())
            lose(std::move(why));
        else
            opened();
    });
}

void BoardPort::opened() {
    connected_ = true;
    line_trouble_.clear();
    driver_->connected(sample_clocks().now);
    readiness_->on_readable([this] { read(); });
    pump();
}

void BoardPort::lose(std::string why) {
    connected_ = false;
    driver_->lost();
    line_trouble_ = std::move(why);
    readiness_.reset();
    descriptor_ = {};
    unsent_.clear();
    stalled_since_ = never;
    wake_.cancel();
    retry_.expires_after(retry_every);
    retry_.async_wait([this](const std::error_code& error) {
        if (!error) open();
    });
    report();
}

void BoardPort::read() {
    std::array<char, 4096> bytes;
    const auto size = ::read(descriptor_.get(), bytes.data(), bytes.size());
    if (size > 0) {
        driver_->received({bytes.data(), static_cast<std::size_t>(size)}, sample_clocks().now);
        return pump();
    }
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    lose(size == 0 ? fmt::format("{} was closed at the other end", text_of(line_))
                   : fmt::format(
                         "{} is gone: {}", text_of(line_), std::generic_category().message(errno)));
}

/// Whether everything is with the kernel.
bool BoardPort::flush() {
    while (!unsent_.empty()) {
        const auto size = ::write(descriptor_.get(), unsent_.data(), unsent_.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0 && errno != EAGAIN) {
            lose(fmt::format(
                "{} is gone: {}", text_of(line_), std::generic_category().message(errno)));
            return false;
        }
        if (size <= 0) {
            if (stalled_since_ != never) return false;
            stalled_since_ = sample_clocks().now;
            readiness_->once_writable([this] {
                stalled_since_ = never;
                pump();
            });
            return false;
        }
        unsent_.erase(0, static_cast<std::size_t>(size));
    }
    return true;
}

void BoardPort::pump() {
    if (!connected_) return;
    while (flush()) {
        unsent_ = driver_->next(sample_clocks().now);
        if (unsent_.empty()) break;
    }
    if (connected_) await_driver();
    report();
}

void BoardPort::await_driver() {
    const Instant wake = driver_->wake();
    if (!unsent_.empty() || wake == never) return;
    wake_.expires_after(std::max(wake - sample_clocks().now, Micros{}));
    wake_.async_wait([this](const std::error_code& error) {
        if (!error) pump();
    });
}

void BoardPort::show(const wallboard::Figures& figures) {
    if (!unsent_.empty()) ++skipped_;
    driver_->show(figures, sample_clocks().now);
    if (connected_)
        pump();
    else
        report();
}

void BoardPort::update(std::size_t board, std::vector<wallboard::Image> images) {
    driver_->update(board, std::move(images), sample_clocks().now);
    if (board < told_.size()) told_[board].reset();  // it is told in any case: somebody waits
    pump();
    report();
}

void BoardPort::report() {
    const Instant now = sample_clocks().now;
    const auto healths = driver_->healths(now);
    told_.resize(healths.size());
    for (std::size_t i = 0; i < healths.size(); ++i) {
        const auto& health = healths[i];
        BoardState state{connected_,
                         health.what,
                         connected_ ? health.trouble : line_trouble_,
                         health.answered_at.value_or(Instant{}),
                         skipped_,
                         health.update,
                         health.updating};
        if (stalled_since_ != never && now - stalled_since_ >= stalled_after)
            state.trouble = fmt::format("{} has taken nothing for {} s or more: is the board on?",
                                        text_of(line_),
                                        stalled_after / 1s);
        report(i, state);
    }
}

void BoardPort::report(std::size_t board, const BoardState& state) {
    if (const auto& told = told_[board]) {
        // Not every answer is news, and neither is every picture that a dead line did not get.
        auto same = state;
        if (state.answered_at - told->answered_at < answers_told_every)
            same.answered_at = told->answered_at;
        if (state.skipped - told->skipped < skipped_told_every) same.skipped = told->skipped;
        if (same == *told) return;
    }
    told_[board] = state;
    changed_(board, state);
}

void BoardPort::farewell(Instant latest) {
    if (!connected_ || !unsent_.empty()) return;
    const auto pause = std::min(driver_->free_at(), latest) - sample_clocks().now;
    if (pause > Micros{}) std::this_thread::sleep_for(pause);
    unsent_ = driver_->farewell();
    static_cast<void>(flush());
}

}  // namespace holdfast::host
