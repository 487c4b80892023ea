// host/wallboard/board_ports.hpp: all wallboards of the settings, each at its line, which it may
// share.
#pragma once
#include "host/wallboard/board_port.hpp"

#include <asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
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
    /// A piece of new firmware for a board (from 0), in order; with the last one it begins.
    void update(std::size_t board,
                std::size_t image,
                std::size_t offset,
                std::string_view bytes,
                bool last);
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
    struct Place {
        std::size_t line = 0, board = 0;  ///< Which of the line's.
    };
    std::vector<Place> places_;                          ///< By board.
    std::vector<std::vector<wallboard::Image>> images_;  ///< That came so far, by board.
};

}  // namespace holdfast::host
