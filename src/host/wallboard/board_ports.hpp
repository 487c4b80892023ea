// host/wallboard/board_ports.hpp: all wallboards of the settings, each at its line, which it may
// share.
#pragma once
#include "host/wallboard/board_port.hpp"

#include <asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace holdfast::host {

class BoardPorts {
public:
    /// `changed` is told which board (from 0) and its state, never from within show(). What boards
    /// were configured with is kept in `directory`, which should be in memory.
    BoardPorts(asio::io_context& io,
               const std::vector<wallboard::BoardSettings>& boards,
               std::string directory,
               std::function<void(std::size_t board, const BoardState&)> changed);

    void show(const wallboard::Figures& figures);
    /// Tells all boards that their figures are old: takes a second at most.
    void farewell();

private:
    struct Line {
        std::unique_ptr<BoardPort> port;
        std::string kept_in;  ///< The file with what the board was configured with.
        std::uint64_t kept = 0;
    };
    static void keep(Line& line);

    std::vector<Line> lines_;
};

}  // namespace holdfast::host
