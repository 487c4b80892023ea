// host/wallboard/board_port.hpp: a line, which comes and goes, and the driver of who hangs at it.
#pragma once
#include "base/time.hpp"
#include "host/io/fd.hpp"
#include "host/io/readiness.hpp"
#include "wallboard/board_settings.hpp"
#include "wallboard/driver.hpp"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::host {

/// What technicians are told of a board.
struct BoardState {
    bool connected = false;
    std::string what, trouble;
    Instant answered_at{};  ///< Zero: never.
    std::uint64_t skipped = 0;
    std::string update{};  ///< How its new firmware goes, or went.
    bool updating = false;
    friend bool operator==(const BoardState&, const BoardState&) = default;
};

/// Nothing here waits: what the line does not take is kept, at most one piece of a driver's, and
/// the driver is asked for more when the line has taken it. So a dead board costs a few kilobytes.
class BoardPort {
public:
    /// `changed` is told which board of the line it is, and its state: whenever it changes, and a
    /// new answer every ten seconds.
    BoardPort(asio::io_context& io,
              wallboard::LineSettings line,
              std::unique_ptr<wallboard::Driver> driver,
              std::function<void(std::size_t board, const BoardState&)> changed);
    BoardPort(const BoardPort&) = delete;
    BoardPort& operator=(const BoardPort&) = delete;
    ~BoardPort() = default;

    void show(const wallboard::Figures& figures);
    /// New firmware for a board of this line.
    void update(std::size_t board, std::vector<wallboard::Image> images);
    /// Tells the board that its figures are old; to be called once, at the end. Waits for the board
    /// to be free, at most until `latest`.
    void farewell(Instant latest);
    const wallboard::Driver& driver() const { return *driver_; }

private:
    void open();
    void opened();
    void lose(std::string why);
    void read();
    void pump();
    bool flush();
    void await_driver();
    void report();
    void report(std::size_t board, const BoardState& state);

    asio::io_context& io_;
    wallboard::LineSettings line_;
    std::unique_ptr<wallboard::Driver> driver_;
    std::function<void(std::size_t, const BoardState&)> changed_;
    asio::steady_timer retry_, wake_;
    Fd descriptor_;
    std::unique_ptr<Readiness> readiness_;
    bool connected_ = false;
    std::string line_trouble_;
    std::string unsent_;
    Instant stalled_since_ = never;
    std::uint64_t skipped_ = 0;
    std::vector<std::optional<BoardState>> told_;  ///< Of each board.
};

}  // namespace holdfast::host
