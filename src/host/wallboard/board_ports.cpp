#include "host/wallboard/board_ports.hpp"

#include "host/io/clocks.hpp"
#include "wallboard/alpha_driver.hpp"
#include "wallboard/shared_line.hpp"

#include <asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
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

wallboard::panel::Settings panel_settings(const wallboard::BoardSettings& board) {
    return {.layout = board.layout,
            .geometry = board.geometry,
            .board = board.board,
            .node = board.node,
            .baud = board.line.baud,
            .brightness = board.brightness,
            .least_priority = board.least_priority};
}

wallboard::alpha::Settings alpha_settings(const wallboard::BoardSettings& board,
                                          std::uint64_t applied) {
    wallboard::alpha::Settings s;
    s.layout = board.layout;
    s.receiver = board.receiver;
    s.baud = board.line.baud;
    s.least_priority = board.least_priority;
    s.applied = applied;
    return s;
}

/// Boards of the settings that hang at the same line, by their places there.
using Sharers = std::vector<std::size_t>;

std::vector<Sharers> lines_of(const std::vector<wallboard::BoardSettings>& boards) {
    std::vector<Sharers> lines;
    for (std::size_t i = 0; i < boards.size(); ++i) {
        const auto same = [&](const Sharers& line) {
            return text_of(boards[line.front()].line) == text_of(boards[i].line);
        };
        if (const auto it = std::ranges::find_if(lines, same); it != lines.end())
            it->push_back(i);
        else
            lines.push_back({i});
    }
    return lines;
}

std::unique_ptr<wallboard::Driver> driver_for(const std::vector<wallboard::BoardSettings>& boards,
                                              const Sharers& line,
                                              std::uint64_t applied) {
    using namespace wallboard;
    const auto& first = boards[line.front()];
    if (first.driver == DriverKind::alpha)
        return std::make_unique<alpha::AlphaDriver>(alpha_settings(first, applied));
    if (line.size() == 1) return std::make_unique<panel::PanelDriver>(panel_settings(first));
    std::vector<panel::Settings> all;
    for (const std::size_t board : line)
        all.push_back(panel_settings(boards[board]));
    return std::make_unique<panel::SharedLine>(std::move(all));
}

}  // namespace

BoardPorts::BoardPorts(asio::io_context& io,
                       const std::vector<wallboard::BoardSettings>& boards,
                       std::string directory,
                       std::function<void(std::size_t, const BoardState&)> changed) {
    places_.resize(boards.size());
    images_.resize(boards.size());
    for (const auto& line : lines_of(boards)) {
        for (std::size_t i = 0; i < line.size(); ++i)
            places_[line[i]] = {lines_.size(), i};
        const auto& first = boards[line.front()];
        auto file = fmt::format("{}/wallboard-{}", directory, first.name);
        const auto kept = kept_at(file);
        // The daemon takes no input from within an effect.
        auto later = [&io, changed, line](std::size_t board, const BoardState& state) {
            asio::post(io, [changed, board = line[board], state] { changed(board, state); });
        };
        lines_.push_back({std::make_unique<BoardPort>(
                              io, first.line, driver_for(boards, line, kept), std::move(later)),
                          std::move(file),
                          kept});
    }
}

void BoardPorts::show(const wallboard::Figures& figures) {
    for (auto& line : lines_) {
        line.port->show(figures);
        keep(line);
    }
}

void BoardPorts::update(
    std::size_t board, std::size_t image, std::size_t offset, std::string_view bytes, bool last) {
    if (board >= places_.size()) return;
    auto& images = images_[board];
    if (image == 0 && offset == 0) images.clear();
    images.resize(std::max(images.size(), image + 1));
    images[image].resize(offset);
    images[image].insert(images[image].end(), bytes.begin(), bytes.end());
    if (!last) return;
    const auto [line, place] = places_[board];
    lines_[line].port->update(place, std::exchange(images, {}));
}

void BoardPorts::keep(Line& line) {
    const auto applied = line.port->driver().applied();
    if (applied == line.kept) return;
    line.kept = applied;
    std::ofstream{line.kept_in} << std::hex << applied << '\n';
}

void BoardPorts::farewell() {
    const Instant latest = sample_clocks().now + patience_at_end;
    for (auto& line : lines_)
        line.port->farewell(latest);
}

}  // namespace holdfast::host
