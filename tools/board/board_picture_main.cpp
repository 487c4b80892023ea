// Draws what the wallboards of a settings file show, into PNG files: each page of each board, and
// an alarm, with the figures of a busy floor.
// usage: board-picture SETTINGS [--out FOLDER] [--scale N]
#include "board/desk.hpp"
#include "boards/native/png.hpp"
#include "settings/settings.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace {

using namespace holdfast;

bool draw(const wallboard::BoardSettings& board,
          const wallboard::Page& page,
          wallboard::Figures figures,
          const std::string& file,
          unsigned scale) {
    const auto width = static_cast<std::uint16_t>(board.geometry.width);
    const auto height = static_cast<std::uint16_t>(board.geometry.height);
    desk::Desk desk{{.layout = {"page", {page}}, .geometry = board.geometry}, width, height};
    desk.show(figures);
    desk.run(100ms);
    const auto written = native::write_png(file, desk.canvas(), desk.palette(), scale);
    fmt::print("{}\n", written ? file : written.error());
    return written.has_value();
}

bool draw_all(const wallboard::BoardSettings& board,
              std::size_t queues,
              const std::string& folder,
              unsigned scale) {
    if (board.driver != wallboard::DriverKind::holdfast) {
        fmt::print("{} is a sign of characters: it has no picture\n", board.name);
        return true;
    }
    auto figures = desk::busy_floor(queues);
    bool all = true;
    for (std::size_t i = 0; i < board.layout.pages.size(); ++i)
        all = draw(board,
                   board.layout.pages[i],
                   figures,
                   fmt::format("{}/{}-{}.png", folder, board.name, i + 1),
                   scale) &&
              all;
    figures.alarms = {{"A CALLER WAITS FOR FIVE MINUTES", 7}};
    return draw(board,
                board.layout.pages.front(),
                figures,
                fmt::format("{}/{}-alarm.png", folder, board.name),
                scale) &&
           all;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App cli{"Draws what the wallboards of a settings file show"};
    std::string file;
    std::string folder = ".";
    unsigned scale = 4;
    cli.add_option("SETTINGS", file, "the settings file")->required();
    cli.add_option("--out", folder, "where the PNG files go");
    cli.add_option("--scale", scale, "pixels a diode; 4")->check(CLI::Range(1, 16));
    CLI11_PARSE(cli, argc, argv);
    std::ifstream in{file, std::ios::binary};
    const auto read = settings::read(std::string{std::istreambuf_iterator<char>{in}, {}});
    if (!read) {
        fmt::print(stderr, "{}", settings::text_of(read.error(), file));
        return 78;
    }
    if (read->host.boards.empty()) fmt::print("{} has no [[wallboard]]\n", file);
    bool all = true;
    for (const auto& board : read->host.boards)
        all = draw_all(board, read->engine.floor.queues.size(), folder, scale) && all;
    return all ? 0 : 1;
}
