#include "host/wallboard/board_ports.hpp"

#include "host/io/clocks.hpp"
#include "wallboard/alpha_driver.hpp"
#include "wallboard/panel_driver.hpp"

#include <asio/post.hpp>
#include <fmt/format.h>

#include <fstream>
#include <utility>

namespace holdfast::host {
namespace {

constexpr Micros patience_at_end = 1s;

std::uint64_t kept_at(const std::string& path) {
    std::ifstream file{path};
    std::uint64_t number = 0;
    return file >> std::hex >> number ? number : 0;
}

std::unique_ptr<wallboard::Driver> driver_for(const wallboard::BoardSettings& board,
                                              std::uint64_t applied) {
    using namespace wallboard;
    switch (board.driver) {
        case DriverKind::holdfast:
            return std::make_unique<panel::PanelDriver>(panel::Settings{board.layout,
                                                                        board.geometry,
                                                                        board.board,
                                                                        board.node,
                                                                        board.line.baud,
                                                                        board.brightness,
                                                                        board.least_priority});
        case DriverKind::alpha:
            break;
    }
    alpha::Settings s;
    s.layout = board.layout;
    s.receiver = board.receiver;
    s.baud = board.line.baud;
    s.least_priority = board.least_priority;
    s.applied = applied;
    return std::make_unique<alpha::AlphaDriver>(std::move(s));
}

}  // namespace

BoardPorts::BoardPorts(asio::io_context& io,
                       const std::vector<wallboard::BoardSettings>& boards,
                       std::string directory,
                       std::function<void(std::size_t, const BoardState&)> changed) {
    for (std::size_t i = 0; i < boards.size(); ++i) {
        auto file = fmt::format("{}/wallboard-{}", directory, boards[i].name);
        const auto kept = kept_at(file);
        // The daemon takes no input from within an effect.
        auto later = [&io, changed, i](const BoardState& state) {
            asio::post(io, [changed, i, state] { changed(i, state); });
        };
        boards_.push_back({std::make_unique<BoardPort>(
                               io, boards[i].line, driver_for(boards[i], kept), std::move(later)),
                           std::move(file),
                           kept});
    }
}

void BoardPorts::show(const wallboard::Figures& figures) {
    for (auto& board : boards_) {
        board.port->show(figures);
        keep(board);
    }
}

void BoardPorts::keep(Board& board) {
    const auto applied = board.port->driver().applied();
    if (applied == board.kept) return;
    board.kept = applied;
    std::ofstream{board.kept_in} << std::hex << applied << '\n';
}

void BoardPorts::farewell() {
    const Instant latest = sample_clocks().now + patience_at_end;
    for (auto& board : boards_)
        board.port->farewell(latest);
}

}  // namespace holdfast::host
